import ClusterModel

extension Converge {
    /// Adds what removes machines, and what replaces them, around the steps that bring the new ones.
    mutating func planRosters() throws {
        for roster in rosters {
            let settled = (roster.kept + roster.added).compactMap { lastStep(of: $0.name) }
            planLeaving(roster, after: settled)
            planSwaps(roster, after: settled + mastersChanged)
            try planResizes(roster, after: settled + mastersChanged)
            let takers = Set(builder.steps.flatMap { $0.takes ?? [] })
            let surge = roster.budget.map { max(0, $0.surge - tooMany(roster).count) } ?? 1
            for (token, count) in [
                (Token.surge(pool: roster.pool), surge), (.unavailable(pool: roster.pool), roster.budget?.unavailable ?? 0),
            ] where takers.contains(token) {
                grants.append(TokenGrant(token, count: count))
            }
        }
        planUncordons()
    }

    func lastStep(of machine: String) -> String? {
        let id = Step.id(Address(.node, machine), .admitNode)
        return builder.contains(id) ? id : nil
    }

    // MARK: Without a replacement

    /// Machines that serve and are more than the pool should have. A roll counts each as one of its surge from the start.
    private func tooMany(_ roster: PoolRoster) -> [Retirement] { roster.leaving.filter { $0.condition != .dead } }

    private mutating func planLeaving(_ roster: PoolRoster, after settled: [String]) {
        let token = Token.surge(pool: roster.pool)
        // Nothing runs there: nobody loses anything by its going at once.
        for machine in roster.leaving where machine.condition == .dead { retire(machine, roster: roster) }
        for (index, machine) in tooMany(roster).enumerated() {
            guard let budget = roster.budget else {
                // One after the other.
                retire(machine, roster: roster, after: settled, takes: [token], gives: [token])
                continue
            }
            retire(machine, roster: roster, after: settled, gives: index < budget.surge ? [token] : [])
        }
    }

    // MARK: Replacements

    private mutating func planSwaps(_ roster: PoolRoster, after settled: [String]) {
        guard let budget = roster.budget else { return }
        // Machines that are too many use the surge up; where there is none, they go before.
        let before =
            budget.surge == 0
            ? settled + tooMany(roster).map { Step.id(Address(.machine, $0.entry.name), .deleteMachine) }
            : settled
        var released = before
        for (index, swap) in roster.swaps.enumerated() {
            let isCanary = index == 0 && roster.needsCanary
            let create = Step.id(Address(.machine, swap.new.name), .createMachine)
            let admit = Step.id(Address(.node, swap.new.name), .admitNode)
            var proven = [admit]
            if isCanary {
                proven = [
                    builder.add(
                        Address(.node, swap.new.name), .validateNode, after: [admit],
                        reason: Reason("first of pool \(roster.pool)", new: "healthy before the others follow"))
                ]
            }
            switch swap.style {
            case .surge:
                builder.amend(create) { step in
                    step.after += released
                    step.takes = [.surge(pool: roster.pool)]
                }
                retire(swap.old, roster: roster, isTainted: true, after: proven, tainted: released, gives: [.surge(pool: roster.pool)])
            case .unavailable:
                let gone = retire(
                    swap.old, roster: roster, isTainted: true, after: released, tainted: released,
                    takes: [.unavailable(pool: roster.pool)])
                builder.amend(create) { $0.after.append(gone) }
                builder.amend(proven[0]) { $0.gives = [.unavailable(pool: roster.pool)] }
            }
            if isCanary { released = before + proven }
        }
    }

    // MARK: One machine

    /// A route goes only after its Node is gone, a Node only after its kubelet is stopped.
    @discardableResult
    private mutating func retire(
        _ machine: Retirement, roster: PoolRoster, isTainted: Bool = false, after: [String] = [], tainted: [String] = [],
        takes: [Token] = [], gives: [Token] = []
    ) -> String {
        let name = machine.entry.name
        let node = Address(.node, name)
        var takes = takes
        var before = after + apiReady
        func taken() -> [Token] {
            defer { takes = [] }
            return takes
        }
        switch machine.condition {
        case .alive:
            if isTainted {
                before.append(builder.add(node, .taintNode, after: tainted, reason: machine.reason))
            }
            let pool = input.desired.spec.pools.first { $0.name == roster.pool }
            let cordoned = builder.add(
                node, .cordonNode, after: before, takes: taken(),
                guards: pool == nil ? [] : [.poolAvailable(pool: roster.pool, least: roster.least)], reason: machine.reason)
            let drained = builder.add(
                node, .drainNode(options: input.drain.options(pool)), after: [cordoned], reason: machine.reason)
            before = [
                builder.add(
                    Address(.service, "\(name)/node"), .stopServices(services: [.kubelet]), after: [drained],
                    reason: Reason("services", old: "active", new: "its node is removed"))
            ]
        case .hung:
            before = [builder.add(Address(.machine, name), .stopMachine, after: before, takes: taken(), reason: machine.reason)]
        case .dead: break
        }
        let unlisted = builder.add(node, .deleteNode, after: before + apiReady, takes: taken(), reason: machine.reason)
        let routeless = builder.add(
            Address(.route, name), .deleteRoute(podCIDR: machine.entry.podCIDR), after: [unlisted], reason: machine.reason)
        return builder.add(
            Address(.machine, name), .deleteMachine, after: [routeless], gives: gives, guards: [.ownership], reason: machine.reason)
    }

    // MARK: What an earlier run left

    /// Nodes that stay and still carry what a run put there that did not reach its end.
    private mutating func planUncordons() {
        let leaving = Set(
            rosters.flatMap { $0.leaving.map(\.entry.name) + $0.swaps.map(\.old.entry.name) } + control.leaving.map(\.entry.name)
                + control.swaps.map(\.old.entry.name)
        ).union(changedInPlace)
        for node in input.observation.cluster.nodes.sorted(by: { $0.name < $1.name })
        where node.isMarkedByRoll && !leaving.contains(node.name) && input.state.machines[node.name] != nil {
            builder.add(
                Address(.node, node.name), .uncordonNode, after: [lastStep(of: node.name)],
                reason: Reason("spec.unschedulable", old: "set by a run that did not reach its end", new: "taken back"))
        }
    }
}

extension NodeObservation {
    /// It carries a taint or a cordon that a roll put there.
    var isMarkedByRoll: Bool { annotations[NodeDesign.cordonAnnotation] != nil || taints.contains(NodeDesign.leavingTaint) }
}
