public import ClusterModel

/// How a plan went on the simulated cloud. Times are seconds since its begin.
public struct Rehearsal: Codable, Sendable, Equatable {
    public struct Step: Codable, Sendable, Equatable {
        public var id: String
        public var address: Address
        public var action: Action.Name
        public var start: Double
        public var end: Double
        /// Whether everything would have been over sooner had it been faster.
        public var isCritical: Bool

        public var duration: Double { end - start }
    }

    public var cluster: String
    public var intent: Plan.Intent
    public var seed: UInt64
    /// How long all of it took.
    public var duration: Double
    /// In the order of their starts.
    public var steps: [Step]
    /// Ids of the steps that the end waited for, one after the other.
    public var criticalPath: [String]
    /// The most steps that ran at once, by kind of action.
    public var concurrency: [String: Int]
    /// The most steps that ran at once.
    public var mostAtOnce: Int

    init(_ plan: Plan, seed: UInt64, events: [RunEvent]) {
        cluster = plan.cluster.name
        intent = plan.intent
        self.seed = seed
        var begun: [String: Double] = [:]
        var steps: [Step] = []
        for event in events {
            guard let address = event.address, let action = event.action else { continue }
            let id = ClusterModel.Step.id(address, action)
            switch event.kind {
            case .stepStarted: begun[id] = event.elapsed
            case .stepDone:
                steps.append(
                    Step(id: id, address: address, action: action, start: begun[id] ?? event.elapsed, end: event.elapsed, isCritical: false)
                )
            default: break
            }
        }
        duration = steps.map(\.end).max() ?? 0
        let path = Rehearsal.criticalPath(plan, steps)
        criticalPath = path
        let critical = Set(path)
        for index in steps.indices { steps[index].isCritical = critical.contains(steps[index].id) }
        let order = Dictionary(plan.steps.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
        self.steps = steps.sorted { ($0.start, order[$0.id] ?? 0) < ($1.start, order[$1.id] ?? 0) }
        let kinds = Dictionary(plan.steps.map { ($0.id, $0.action.kind.rawValue) }, uniquingKeysWith: { first, _ in first })
        concurrency = Dictionary(grouping: steps, by: { kinds[$0.id] ?? "" }).mapValues(Rehearsal.most)
        mostAtOnce = Rehearsal.most(steps)
    }

    /// Back from the step that ended last: each time to the one whose end let it start, which is the last to end of those that
    /// it comes after, or one that made room for it.
    private static func criticalPath(_ plan: Plan, _ steps: [Step]) -> [String] {
        let byID = Dictionary(steps.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(plan.steps.map { ($0.id, $0.after) }, uniquingKeysWith: { first, _ in first })
        func later(_ left: Step, _ right: Step) -> Bool { (left.end, left.id) < (right.end, right.id) }
        let byEnd = steps.sorted { later($0, $1) }
        var path: [String] = []
        var seen: Set<String> = []
        var current = byEnd.last
        while let step = current, seen.insert(step.id).inserted {
            path.append(step.id)
            let before = (after[step.id] ?? []).compactMap { byID[$0] }.max(by: later)
            let room = byEnd[..<byEnd.partitionIndex { $0.end > step.start }].last { !seen.contains($0.id) }
            // A step that waited for its turn only was ready before it started.
            current = before.map { $0.end + 0.001 >= step.start ? $0 : room ?? $0 } ?? (step.start > 0.001 ? room : nil)
        }
        return path.reversed()
    }

    private static func most(_ steps: [Step]) -> Int {
        // Ends come before starts of the same moment.
        let changes = steps.flatMap { [($0.start, 1), ($0.end, -1)] }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        var (running, most) = (0, 0)
        for (_, change) in changes {
            running += change
            most = max(most, running)
        }
        return max(most, steps.isEmpty ? 0 : 1)
    }
}

extension Array {
    /// Of elements that come in order, the place of the first for which the condition holds, and holds for all after it.
    fileprivate func partitionIndex(where isBeyond: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
