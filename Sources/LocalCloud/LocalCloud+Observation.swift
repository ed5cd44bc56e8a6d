public import ClusterModel

extension LocalCloud {
    public func observe(_ cluster: ClusterIdentity) async throws -> CloudObservation {
        try await at(Address(.cluster, cluster.name), doing: "looking for what the cluster has on this host") {
            let names = try LocalNames(uid: cluster.uid)
            guard let network = try records.network(cluster.uid) else { return CloudObservation() }
            let cgroups = try Cgroups.current()
            let machines = try records.allMachines(cluster.uid).map { machine in
                machine.record(Self.status(names.machine(machine.name), in: cgroups))
            }
            let works = try NetworkWorks(network)
            let isUp = try await works.isUp()
            return CloudObservation(
                network: CloudObservation.Network(record: try network.record(), isUp: isUp, tags: network.tags), machines: machines,
                routes: isUp ? try await currentRoutes(works, machines) : network.routes.mapValues(\.machine))
        }
    }

    public func clusters() async throws -> [ClusterFootprint] {
        try records.networks().map { network in
            ClusterFootprint(
                identity: network.identity, store: network.tags[Tag.store],
                machines: try records.allMachines(network.identity.uid).map(\.name))
        }
    }

    public func consoleTail(_ cluster: ClusterIdentity, name: String, lines: Int) async throws -> [String] {
        try Console.tail("\(records.machine(cluster.uid, name))/console.log", lines: lines)
    }

    private static func status(_ cgroup: String, in cgroups: Cgroups) -> MachineRecord.Status {
        do {
            return try cgroups.leader(cgroup) == nil ? .stopped : .running
        } catch {
            return .unknown
        }
    }

    /// What the router really does. A route to an address that no machine has is not one of the cluster's.
    private func currentRoutes(_ works: NetworkWorks, _ machines: [MachineRecord]) async throws -> [String: String] {
        try await works.routes().reduce(into: [:]) { routes, route in
            if let machine = machines.first(where: { $0.address == route.value }) { routes[route.key.description] = machine.name }
        }
    }
}
