import ClusterModel
import SimulatedCloud

/// What is there in the end, without what differs between two clusters anyway.
struct Picture: Equatable {
    var lines: [String]

    init(_ world: SimulatedWorld.Contents, _ state: ClusterState?) {
        var lines: [String] = []
        for machine in world.machines.values.sorted(by: { $0.record.name < $1.record.name }) {
            let name = machine.record.name
            lines.append("\(name) \(machine.record.status) \(machine.record.address) etcd \(machine.hasEtcdData)")
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
            lines.append("network \(network.isUp) \(network.record.cidr) routes \(network.routes.sorted { $0.key < $1.key })")
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
    }

    /// What is wrong by itself, whatever was wished for.
    static func wrongs(_ world: SimulatedWorld.Contents, _ state: ClusterState?) -> [String] {
        var wrongs: [String] = []
        if Set(world.made).count != world.made.count { wrongs.append("a machine was made twice: \(world.made.sorted())") }
        let known = Set(state?.machines.keys.map { $0 } ?? [])
        let there = Set(world.machines.keys)
        if known != there { wrongs.append("the state knows \(known.sorted()), the cloud has \(there.sorted())") }
        for network in world.networks.values {
            if network.cluster.uid != state?.uid { wrongs.append("a network of nobody: \(network.cluster)") }
            let nodes = Set(network.nodes.map(\.name))
            if nodes != there { wrongs.append("nodes \(nodes.sorted()) of machines \(there.sorted())") }
            if Set(network.routes.values) != there || network.routes.count != there.count {
                wrongs.append("routes \(network.routes) of machines \(there.sorted())")
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
