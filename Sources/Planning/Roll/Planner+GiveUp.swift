public import ClusterModel

extension Planner {
    /// The plan after a roll that failed: nodes take pods as before, and the machines named in `made`, which never served, go.
    public static func giveUp(_ input: PlanningInput, made: [String]) -> Plan {
        var builder = PlanBuilder()
        let going = Set(made).intersection(input.state.machines.keys)
        for node in input.observation.cluster.nodes.sorted(by: { $0.name < $1.name })
        where node.isMarkedByRoll && !going.contains(node.name) {
            builder.add(Address(.node, node.name), .uncordonNode, reason: Reason("spec.unschedulable", old: "set", new: "taken back"))
        }
        for name in going.sorted() {
            guard let entry = input.state.machines[name] else { continue }
            let reason = Reason("new machine", old: "it never served")
            let isRunning = input.observation.cloud.machines.first { $0.name == name }?.status == .running
            // A member that only stops would count against the majority.
            let left =
                entry.role == .controlPlane
                ? builder.add(
                    Address(.etcd, name), .leaveEtcd, tokens: [.etcdMembership], guards: [.etcdQuorum], reason: reason) : nil
            let stopped = isRunning ? builder.add(Address(.machine, name), .stopMachine, after: [left], reason: reason) : nil
            let unlisted = builder.add(Address(.node, name), .deleteNode, after: [left, stopped], reason: reason)
            let routeless = builder.add(
                Address(.route, name), .deleteRoute(podCIDR: entry.podCIDR), after: [unlisted], reason: reason)
            builder.add(Address(.machine, name), .deleteMachine, after: [routeless], guards: [.ownership], reason: reason)
        }
        return Plan(
            intent: .repair, cluster: input.state.identity, steps: builder.steps, tokens: [TokenGrant(.etcdMembership, count: 1)])
    }
}
