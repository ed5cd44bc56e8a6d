public import ClusterModel

/// What will come of machines that leave, in words: which pods move, what holds them up, what would be lost, how long it may take.
struct RollForecast {
    private(set) var warnings: [String] = []
    private(set) var notes: [String] = []

    private static let namedPods = 5
    private static let downtime = "the API does not answer while the only control plane node is stopped and started again"

    init(_ fleet: Fleet, input: PlanningInput) {
        describeControlPlane(fleet.controlPlaneRoster, input: input)
        for roster in fleet.rosters {
            let spec = input.desired.spec.pools.first { $0.name == roster.pool }
            describeRoll(roster, spec, cluster: input.state.name)
            let leaving = (roster.leaving + roster.swaps.map(\.old) + roster.resizes.map(\.machine)).filter { $0.condition == .alive }
            for machine in leaving {
                describePods(machine.entry.name, options: input.drain.options(spec), input: input)
            }
        }
    }

    private mutating func describeRoll(_ roster: PoolRoster, _ spec: PoolSpec?, cluster: String) {
        if let budget = roster.budget, !roster.resizes.isEmpty {
            let first = roster.resizes[0].machine
            notes.append(
                "pool \(roster.pool): \(roster.resizes.count) of \(roster.count) machines changed in place; \(first.reason); "
                    + "at most \(budget.unavailable) at a time"
                    + (roster.needsCanary && roster.resizes.count > 1 ? "; \(first.entry.name) first and alone until it is healthy" : ""))
            notes.append("order: " + roster.resizes.map(\.machine.entry.name).joined(separator: ", "))
        }
        if let budget = roster.budget, let spec, !roster.swaps.isEmpty {
            let number = roster.swaps.count
            var parts = ["pool \(roster.pool): \(number) of \(roster.count) machines replaced"]
            for swap in roster.swaps.prefix(1) { parts.append("\(swap.old.reason)") }
            parts.append("at most \(budget.surge) more and \(budget.unavailable) fewer at a time")
            if roster.needsCanary, number > 1 { parts.append("\(roster.swaps[0].new.name) first and alone until it is healthy") }
            notes.append(parts.joined(separator: "; "))
            notes.append(
                "order: "
                    + roster.swaps.map {
                        "\($0.old.entry.name) -> \($0.new.name)\($0.style == .unavailable ? " (old one goes first)" : "")"
                    }
                    .joined(separator: ", "))
            let turns = (number + budget.surge + budget.unavailable - 1) / (budget.surge + budget.unavailable)
            let longest = Seconds(turns * spec.update.drainTimeout.value)
            notes.append("time: \(turns) turns of a machine's start and a drain; drains alone may take up to \(longest)")
        }
        describeOutdated(roster.outdated, strategy: spec?.update.strategy ?? .replace, cluster: cluster)
    }

    /// - Parameter isOnly: whether it is the only machine of the control plane.
    private mutating func describeOutdated(
        _ outdated: [Outdated], strategy: UpdateStrategy, isOnly: Bool = false, cluster: String
    ) {
        let how =
            switch strategy {
            case .replace: "which takes new machines, without downtime"
            case .inPlace: isOnly ? "which is changed in place; \(Self.downtime)" : "which is changed in place, machine by machine"
            }

        let reasons = Dictionary(grouping: outdated, by: { "\($0.reason)" })
        for (reason, machines) in reasons.sorted(by: { $0.key < $1.key }) {
            warnings.append(
                "\(machines.map(\.name).joined(separator: ", ")): \(reason), \(how): slipway rolling-update cluster \(cluster)")
        }
    }

    private mutating func describeControlPlane(_ roster: ControlPlaneRoster, input: PlanningInput) {
        let spec = input.desired.spec.controlPlane
        describeOutdated(roster.outdated, strategy: spec.strategy, isOnly: roster.kept.count == 1, cluster: input.state.name)
        if let first = roster.swaps.first {
            notes.append(
                "control plane: \(roster.swaps.count) of \(roster.kept.count) machines replaced, one after the other; \(first.old.reason); "
                    + "the new one is a healthy member before the old one goes")
            notes.append("order: " + roster.swaps.map { "\($0.old.entry.name) -> \($0.new.name)" }.joined(separator: ", "))
        }
        if let first = roster.resizes.first {
            let names = roster.resizes.map(\.machine.entry.name).joined(separator: ", ")
            if roster.kept.count == 1 {
                warnings.append("\(names): \(first.machine.reason), changed in place; \(Self.downtime)")
            } else {
                notes.append("control plane: \(names) changed in place, one after the other; \(first.machine.reason)")
            }
        }
        for machine in roster.leaving + roster.swaps.map(\.old) + roster.resizes.map(\.machine) where machine.condition == .alive {
            describePods(machine.entry.name, options: input.drain.options(nil), input: input)
        }
    }

    private mutating func describePods(_ node: String, options: DrainOptions, input: PlanningInput) {
        guard let workload = input.observation.cluster.workload else { return }
        let pods = (input.seen.pods[node] ?? []).sorted { $0.title < $1.title }
        var moving: [PodObservation] = []
        for pod in pods {
            switch DrainVerdict(pod, options: options) {
            case .leave: break
            case .evict: moving.append(pod)
            case .refuse(let why, let flag): warnings.append("pod \(pod.title) on \(node): \(why); the drain needs \(flag)")
            }
        }
        if !moving.isEmpty {
            let names = moving.prefix(Self.namedPods).map(\.title).joined(separator: ", ")
            let more = moving.count > Self.namedPods ? " and \(moving.count - Self.namedPods) more" : ""
            notes.append("\(node): \(moving.count) pods move: \(names)\(more)")
        }
        for budget in workload.budgets where budget.disruptionsAllowed == 0 {
            let held = moving.filter { !$0.isFinished && budget.covers($0) }
            guard !held.isEmpty else { continue }
            warnings.append(
                "PodDisruptionBudget \(budget.namespace)/\(budget.name) allows no eviction right now: "
                    + "\(held.map(\.name).joined(separator: ", ")) on \(node) would wait for it, up to \(options.timeout)")
        }
    }
}

extension Planner {
    /// Pods that the drains of a plan would lose and that nobody has given up.
    public static func refusedPods(_ plan: Plan, workload: ClusterObservation.Workload?) -> [Drain.Refused] {
        let pods = Dictionary(grouping: workload?.pods ?? [], by: { $0.node ?? "" })
        return plan.steps.flatMap { step -> [Drain.Refused] in
            guard case .drainNode(let options) = step.action else { return [] }
            return (pods[step.address.name] ?? []).compactMap { pod in
                guard case .refuse(let why, let flag) = DrainVerdict(pod, options: options) else { return nil }
                return Drain.Refused(pod: pod, why: why, flag: flag)
            }
        }
    }
}
