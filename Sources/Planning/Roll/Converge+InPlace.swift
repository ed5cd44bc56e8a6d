import ClusterModel

/// Machines that are changed where they are: drained, stopped, given another size, started and admitted again.
extension Converge {
    /// Whatever else these need is brought to them after their start.
    static func changedInPlace(_ fleet: Fleet) -> Set<String> {
        Set((fleet.controlPlaneRoster.resizes + fleet.rosters.flatMap(\.resizes)).map(\.machine.entry.name))
    }

    /// One after the other, each leaving its leadership and the API's address to the others first.
    mutating func planMasterResizes() throws {
        for resize in control.resizes {
            var before = mastersSettled
            if control.kept.count > 1 {
                before = [
                    builder.add(
                        Address(.etcd, resize.machine.entry.name), .handOverEtcd, after: before, tokens: [.etcdMembership],
                        guards: [.etcdQuorum], reason: resize.machine.reason)
                ]
            }
            let services: [NodeService] = [.apiAddress, .apiserver, .controllerManager, .scheduler, .kubelet]
            mastersChanged = [try change(resize, pool: nil, stopping: services, after: before)]
        }
    }

    mutating func planResizes(_ roster: PoolRoster, after settled: [String]) throws {
        let pool = input.desired.spec.pools.first { $0.name == roster.pool }
        let token = Token.unavailable(pool: roster.pool)
        var released = settled
        for (index, resize) in roster.resizes.enumerated() {
            let validated = try change(
                resize, pool: pool, stopping: [.kubelet], after: released, takes: [token],
                guards: [.poolAvailable(pool: roster.pool, least: roster.least)])
            builder.amend(validated) { $0.gives = [token] }
            if index == 0, roster.needsCanary { released = settled + [validated] }
        }
    }

    private mutating func change(
        _ resize: Resize, pool: PoolSpec?, stopping services: [NodeService], after: [String], takes: [Token] = [], guards: [Guard] = []
    ) throws -> String {
        let design = resize.design
        let name = design.name
        let node = Address(.node, name)
        let machine = Address(.machine, name)
        let reason = resize.machine.reason
        var before = after
        switch resize.machine.condition {
        case .alive:
            before = [builder.add(node, .cordonNode, after: before, takes: takes, guards: guards, reason: reason)]
            before = [builder.add(node, .drainNode(options: input.drain.options(pool)), after: before, reason: reason)]
            before = [
                builder.add(
                    Address(.service, "\(name)/stop"), .stopServices(services: services), after: before,
                    reason: Reason("services", old: "active", new: "inactive"))
            ]
            before = [builder.add(machine, .stopMachine, after: before, reason: reason)]
        case .hung, .dead: before = [builder.add(machine, .stopMachine, after: before, takes: takes, reason: reason)]
        }
        let resized = builder.add(machine, .resizeMachine(instanceType: resize.instanceType), after: before, reason: reason)
        // The route comes first: kubelet starts at boot and must find its pods reachable.
        let started = builder.add(
            machine, .startMachine, after: [resized] + [routes[name]].compactMap { $0 },
            reason: Reason("status", old: "stopped", new: "running"))
        let situation = situations[name] ?? MachineSituation(design, input: input)
        let delivered =
            try deliver(situation, after: [started])
            ?? [builder.add(Address(.host, name), .connect, after: [started], reason: Reason("login", new: "verified"))]
        let all = (design.role == .controlPlane ? NodeService.controlPlane : []) + NodeService.node
        let active = builder.add(
            Address(.service, "\(name)/start"), .startServices(services: all), after: delivered,
            reason: Reason("services", old: "inactive", new: "active"))
        let admitted = builder.add(
            node, .admitNode(design: input.content.node(design)), after: [active], reason: Reason("node", new: "verified again"))
        let open = builder.add(
            node, .uncordonNode, after: [admitted], reason: Reason("spec.unschedulable", old: "set", new: "taken back"))
        return builder.add(node, .validateNode, after: [open], reason: Reason("node", new: "healthy before others follow"))
    }
}
