import ClusterModel
import SimulatedCloud

/// What is there in the end, without what differs between two clusters anyway.
struct Picture: Equatable {
    var lines: [String]

    /// - Parameter namesRanges: whether a pod range and an address are called after their machine: what a machine gave up may be
    ///   given to another one by the next run and could not be by the same.
    init(_ world: SimulatedWorld.Contents, _ state: ClusterState?, namesRanges: Bool = false) {
        var lines: [String] = []
        for machine in world.machines.values.sorted(by: { $0.record.name < $1.record.name }) {
            let name = machine.record.name
            lines.append("\(name) \(machine.record.status) \(machine.record.address) etcd \(machine.hasEtcdData)")
            lines.append("\(name) has a host key of its own: \(machine.ownHostKey != nil), one ready: \(machine.stagedHostKey != nil)")
            lines.append(
                "\(name) services \(machine.services.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key) \($0.value)" })")
            lines.append("\(name) files \(machine.files.keys.sorted()) damaged \(machine.damagedFiles.sorted())")
            lines.append(
                "\(name) tags \(machine.record.tags.keys.sorted()) whole \(machine.specDigest != nil) pause \(machine.hasPauseImage)")
        }
        for network in world.networks.values {
            for node in network.nodes.sorted(by: { $0.name < $1.name }) {
                lines.append("node \(node.name) \(node.podCIDR ?? "") \(node.labels.sorted { $0.key < $1.key }) \(node.taints)")
            }
            lines.append("network \(network.isUp) \(network.record.cidr) routes \(network.routes.sorted { $0.value < $1.value })")
            lines.append("endpoint \(network.endpointMachines.map { "\($0)" } ?? "none")")
            let tags = network.tags.filter { $0.key != Tag.store && $0.key != Tag.clusterUID }
            let members = network.etcd.members.sorted { $0.name < $1.name }
            lines.append("etcd \(members.map { "\($0.name) \($0.url) \($0.isLearner ? "learns" : "votes")" })")
            lines.append("objects \(network.objects.keys.sorted()) tags \(tags.sorted { $0.key < $1.key })")
        }
        lines.append("made \(world.made.sorted())")
        if let state {
            lines.append("state \(state.machines.keys.sorted()) \(state.highWater.sorted { $0.key < $1.key }) \(state.etcd)")
            lines.append(
                "known \(state.machines.values.count { $0.address != nil }) deleting \(state.deleting) \(state.desired.spec.pools)")
        }
        self.lines = lines.map { line in state.map { line.replacing($0.uid, with: "UID") } ?? line }
        guard namesRanges else { return }
        for machine in world.machines.values {
            let own = [(machine.record.tags[Tag.podCIDR], "RANGE"), ("\(machine.record.address)", "ADDRESS")]
            for case (let text?, let word) in own {
                self.lines = self.lines.map { $0.replacing(text, with: "\(word)-OF-\(machine.record.name)") }
            }
        }
    }

    /// What is wrong by itself, whatever was wished for.
    static func wrongs(_ world: SimulatedWorld.Contents, _ state: ClusterState?) -> [String] {
        var wrongs: [String] = []
        if Set(world.made).count != world.made.count { wrongs.append("a machine was made twice: \(world.made.sorted())") }
        let known = Set(state?.machines.keys.map { $0 } ?? [])
        let there = Set(world.machines.keys)
        if known != there { wrongs.append("the state knows \(known.sorted()), the cloud has \(there.sorted())") }
        for machine in world.machines.values {
            let name = machine.record.name
            if let served = machine.servedHostKey,
                served != machine.record.tags[Tag.hostKey] || served != state?.machines[name]?.hostKeyFingerprint
            {
                wrongs.append("\(name) serves \(served), its tag and the state say otherwise")
            }
            if machine.record.accessAddress != state?.machines[name]?.accessAddress { wrongs.append("\(name) is elsewhere") }
        }
        for network in world.networks.values {
            if network.cluster.uid != state?.uid { wrongs.append("a network of nobody: \(network.cluster)") }
            let nodes = Set(network.nodes.map(\.name))
            let wanted = Set(world.machines.values.filter { $0.record.role.isOfNodes }.map(\.record.name))
            if nodes != wanted { wrongs.append("nodes \(nodes.sorted()) of machines \(wanted.sorted())") }
            if Set(network.routes.values) != wanted || network.routes.count != wanted.count {
                wrongs.append("routes \(network.routes) of machines \(wanted.sorted())")
            }
        }
        let addresses = world.machines.values.map { "\($0.record.address)" }
        if Set(addresses).count != addresses.count { wrongs.append("an address was given out twice: \(addresses.sorted())") }
        let ranges = state?.machines.values.map { "\($0.podCIDR)" } ?? []
        if Set(ranges).count != ranges.count { wrongs.append("a pod range was given out twice: \(ranges.sorted())") }
        return wrongs
    }

    func differences(from other: Picture) -> [String] {
        let change = lines.difference(from: other.lines)
        return change.map { element in
            switch element {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }
    }
}
