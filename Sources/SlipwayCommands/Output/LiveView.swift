import ClusterModel

/// A run as a tree of pools and machines: events go in, a frame of lines comes out. Pure; draws nothing.
struct LiveView: Sendable {
    enum Stage: Int, Comparable, Sendable {
        case failed, retrying, running, waiting, leftOut, done

        static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
    }

    struct StepView: Sendable {
        let step: Step
        var stage = Stage.waiting
        /// Since the run began.
        var began = 0.0
        var ended = 0.0
        var retries = 0
        /// What it said last.
        var message = ""
    }

    /// The steps of one machine, or of the cluster as a whole.
    struct Branch: Sendable {
        /// A machine's name; nil for the cluster's own steps.
        let machine: String?
        var steps: [StepView] = []

        /// The gravest stage of a step that is not waiting; a machine between two of its steps waits.
        var stage: Stage {
            let stages = steps.map(\.stage)
            if let active = stages.filter({ $0 < .waiting }).min() { return active }
            if stages.contains(.leftOut) { return .leftOut }
            return stages.allSatisfy { $0 == .done } ? .done : .waiting
        }

        /// The step to speak of: the one at work, else the one that comes next.
        var current: StepView? {
            let stage = stage
            return steps.first { $0.stage == stage && stage != .done } ?? steps.last
        }

        var finished: Int { steps.count { $0.stage == .done } }
    }

    struct Group: Sendable {
        let name: String
        var branches: [Branch] = []
    }

    let plan: Plan
    private(set) var groups: [Group] = []
    private(set) var done = 0
    /// Seconds that a roll will still take, as it was judged last, and when.
    private var remaining: (seconds: Double, at: Double)?
    private var places: [String: (group: Int, branch: Int, step: Int)] = [:]

    init(plan: Plan) {
        self.plan = plan
        let machines = Set(plan.steps.compactMap { LiveView.namedMachine($0.address) })
        for step in plan.steps {
            let machine = LiveView.machine(step.address).flatMap { machines.contains($0) ? $0 : nil }
            let name = machine.map { LiveView.pool(of: $0, cluster: plan.cluster.name) } ?? "cluster"
            let group = groups.firstIndex { $0.name == name } ?? groups.endIndex
            if group == groups.endIndex { groups.append(Group(name: name)) }
            let branch = groups[group].branches.firstIndex { $0.machine == machine } ?? groups[group].branches.endIndex
            if branch == groups[group].branches.endIndex { groups[group].branches.append(Branch(machine: machine)) }
            groups[group].branches[branch].steps.append(StepView(step: step))
        }
        order()
    }

    /// The cluster's own steps, the control plane, then the pools; machines as people count them, `a-2` before `a-10`.
    private mutating func order() {
        let first = ["cluster", MachineRole.controlPlanePool]
        groups.sort { left, right in
            let ranks = [left, right].map { first.firstIndex(of: $0.name) ?? first.count }
            return (ranks[0], left.name) < (ranks[1], right.name)
        }
        for group in groups.indices {
            groups[group].branches.sort { left, right in
                let (left, right) = (left.machine ?? "", right.machine ?? "")
                return (left.count, left) < (right.count, right)
            }
            for (branch, machine) in groups[group].branches.enumerated() {
                for (step, view) in machine.steps.enumerated() { places[view.step.id] = (group, branch, step) }
            }
        }
    }

    mutating func apply(_ event: RunEvent) {
        if let seconds = event.remaining { remaining = (seconds, event.elapsed) }
        if event.kind == .interrupted { return leaveOutWhatWaits() }
        guard let address = event.address, let action = event.action, let place = places[Step.id(address, action)] else { return }
        var step = groups[place.group].branches[place.branch].steps[place.step]
        switch event.kind {
        case .stepStarted:
            step.stage = .running
            step.began = event.elapsed
            step.message = ""
        case .stepProgress:
            // A step that speaks again is at work again.
            step.stage = .running
            step.message = event.message
        case .stepRetry:
            step.stage = .retrying
            step.retries += 1
            step.message = event.message
        case .stepDone:
            step.stage = .done
            step.ended = event.elapsed
            done += 1
        case .stepFailed:
            step.stage = .failed
            step.ended = event.elapsed
            step.message = event.message
        case .stepSkipped: step.stage = .leftOut
        case .runStarted, .runFinished, .interrupted, .message: return
        }
        groups[place.group].branches[place.branch].steps[place.step] = step
    }

    /// Seconds that are still to come, `elapsed` after the run began.
    func remaining(_ elapsed: Double) -> Double? { remaining.map { max(0, $0.seconds - (elapsed - $0.at)) } }

    /// After an interruption nothing new is started.
    private mutating func leaveOutWhatWaits() {
        for group in groups.indices {
            for branch in groups[group].branches.indices {
                for step in groups[group].branches[branch].steps.indices
                where groups[group].branches[branch].steps[step].stage == .waiting {
                    groups[group].branches[branch].steps[step].stage = .leftOut
                }
            }
        }
    }

    // MARK: Names

    /// The machine of addresses that always are of one.
    private static func namedMachine(_ address: Address) -> String? {
        switch address.kind {
        case .machine, .host, .node: address.name
        default: nil
        }
    }

    private static func machine(_ address: Address) -> String? { address.name.split(separator: "/").first.map(String.init) }

    /// `demo-nodes-a-3` is of pool `nodes`: cluster, pool, zone, ordinal.
    static func pool(of machine: String, cluster: String) -> String {
        let rest = machine.hasPrefix("\(cluster)-") ? machine.dropFirst(cluster.count + 1) : machine[...]
        let parts = rest.split(separator: "-")
        return parts.count > 2 ? parts.dropLast(2).joined(separator: "-") : String(rest)
    }
}
