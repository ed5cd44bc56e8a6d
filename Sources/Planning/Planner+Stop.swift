public import ClusterModel

extension Planner {
    /// The plan that stops every machine that runs: workers first, then what the masters run on top of etcd, then the masters,
    /// so that etcd ends last. Disks, network, state and addresses stay.
    /// - Throws: `.refused` when a delete was begun; `.unreachable` when the cloud cannot say whether a machine runs.
    public static func stop(_ state: ClusterState, observation: Observation) throws -> Plan {
        try refuseDeleting(state)
        let machines = observation.cloud.machines.sorted { $0.name < $1.name }
        if let unknown = machines.first(where: { $0.status == .unknown }) {
            throw SlipwayError(
                .unreachable, at: Address(.machine, unknown.name), doing: "observing", cause: "its cloud cannot say whether it runs",
                hint: "nothing is done to a cluster with a machine in an unknown state; try again")
        }
        let running = machines.filter { $0.status == .running }
        try refuseStopping(running.filter { $0.market == .spot }, of: state.name)
        let masters = running.filter { $0.role == .controlPlane }
        let reason = Reason("status", old: "running", new: "stopped")
        var builder = PlanBuilder()
        func stop(_ machine: MachineRecord, after: [String]) -> String {
            builder.add(Address(.machine, machine.name), .stopMachine, after: after, guards: [.ownership], reason: reason)
        }
        let workers = running.filter { $0.role == .worker }.map { stop($0, after: []) }
        var quiet = workers
        for master in masters {
            // One that does not answer ends all at once.
            let services = activeAboveEtcd(on: master.name, observation)
            guard !services.isEmpty else { continue }
            quiet.append(
                builder.add(
                    Address(.service, "\(master.name)/control-plane"), .stopServices(services: services), after: workers,
                    reason: Reason("services", old: "active", new: "inactive")))
        }
        let ended = masters.map { stop($0, after: quiet) }
        // Last: what is done on the others leads through it.
        for bastion in running where bastion.role == .bastion { _ = stop(bastion, after: workers + ended) }
        return Plan(intent: .stop, cluster: state.identity, steps: builder.steps)
    }

    /// A spot instance is only ever ended, and who stops a cluster wants it back.
    private static func refuseStopping(_ machines: [MachineRecord], of cluster: String) throws {
        guard let first = machines.first else { return }
        let what = machines.count == 1 ? "is a spot instance, which" : "and \(machines.count - 1) more are spot instances, which"
        throw SlipwayError(
            .refused, at: Address(.machine, first.name), doing: "planning the stop", cause: "\(first.name) \(what) cannot be stopped",
            hint: "take them away first: count 0 for their pool, and slipway update cluster \(cluster) --yes")
    }

    private static func activeAboveEtcd(on machine: String, _ observation: Observation) -> [NodeService] {
        let facts = observation.hosts[machine]?.facts
        return [.apiAddress, .apiserver, .controllerManager, .scheduler].filter { facts?.services[$0] == "active" }
    }

    static func refuseDeleting(_ state: ClusterState) throws {
        guard state.deleting else { return }
        throw SlipwayError(
            .refused, at: Address(.cluster, state.name), doing: "planning", cause: "a delete of this cluster was begun",
            hint: "finish it with: slipway delete cluster \(state.name) --yes")
    }
}
