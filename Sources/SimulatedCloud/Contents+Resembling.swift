import Bootstrap
public import ClusterModel

extension SimulatedWorld.Contents {
    /// A world that looks as a cluster was seen. A machine that is off or did not answer is taken to be as it should be, and
    /// to answer once it is started.
    public init(resembling observation: Observation, state: ClusterState) {
        self.init()
        let cluster = state.identity
        if let seen = observation.cloud.network {
            var network = SimulatedWorld.Network(cluster: cluster, record: seen.record, isUp: seen.isUp, tags: seen.tags)
            network.routes = observation.cloud.routes
            network.endpointMachines = observation.cloud.endpointMachines
            network.parts = seen.parts
            network.nodes = observation.cluster.nodes
            networks[cluster.uid] = network
        }
        for record in observation.cloud.machines {
            var machine = SimulatedWorld.Machine(cluster: cluster, record: record)
            if let facts = observation.hosts[record.name]?.facts {
                if let binaries = facts.binaries { machine.files[NodePaths.binariesVersion] = SimulatedFile("\(binaries)\n") }
                machine.services = facts.services
                machine.enabled = Set(facts.services.filter { $0.value == "active" }.keys)
                machine.hasEtcdData = facts.hasEtcdData
                machine.damagedFiles = Set(facts.damagedFiles)
                machine.specDigest = facts.specDigest
                machine.certificatesUntil = facts.certificatesUntil
                machine.recoveryDigest = facts.recoveryKit
                machine.hasPauseImage = facts.services[.kubelet] == "active"
            } else if case .initialised = state.etcd {
                let services = record.role == .controlPlane ? NodeService.allCases : NodeService.node
                machine.services = Dictionary(
                    uniqueKeysWithValues: services.map { ($0, record.status == .running ? "active" : "inactive") })
                machine.enabled = Set(services)
                machine.hasPauseImage = true
                machine.hasEtcdData = record.role == .controlPlane
                if let version = state.desired.spec.kubernetesVersion {
                    machine.files[NodePaths.binariesVersion] = SimulatedFile("\(version)\n")
                }
            }
            machines[record.name] = machine
            made.append(record.name)
        }
        made.sort()
        // Every master with data is a member with a vote.
        for name in made where machines[name]?.hasEtcdData == true {
            guard let address = machines[name]?.record.address else { continue }
            machines[name]?.etcdID = networks[cluster.uid]?.etcd.adopt(name, url: EtcdFormation.peerURL("\(address)"))
        }
    }
}
