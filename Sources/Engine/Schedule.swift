public import ClusterModel

/// Which step may start when: a pure state machine over a plan. Events go in (`finish`, `interrupt`), steps to start come
/// out (`next`). Order is `after`; caution is tokens, granted as they come free, and a limit per kind of action.
public struct Schedule: Sendable {
    public enum Result: Sendable, Equatable {
        case done, failed
    }

    public enum Status: Sendable, Equatable {
        case waiting, running, done, failed
        /// Never started: something before it failed, or the run was interrupted.
        case skipped
    }

    private let steps: [Step]
    private let limits: EngineLimits
    private let indexByID: [String: Int]
    private let dependents: [[Int]]
    private var openDependencies: [Int]
    private var statuses: [Status]
    /// Steps whose dependencies are done, by kind: of a kind that is at its limit none has to be looked at.
    private var ready: [Action.Kind: LowestFirst] = [:]
    /// Steps whose dependencies are done and that wait for a token, each under one that was not free. A roll has as many of
    /// them as the pool has machines, so they are looked at only when their token comes free.
    private var parked: [Token: LowestFirst] = [:]
    private var runningByKind: [Action.Kind: Int] = [:]
    private var freeTokens: [Token: Int]
    private var interrupted = false

    /// - Throws: `SlipwayError(.bug)` when the plan has a duplicate id, an unknown dependency, a token that is never
    ///   granted, or a cycle.
    public init(_ plan: Plan, limits: EngineLimits) throws {
        func bug(_ cause: String) -> SlipwayError { SlipwayError(.bug, doing: "scheduling the plan", cause: cause) }
        steps = plan.steps
        self.limits = limits
        var indexByID: [String: Int] = [:]
        for (index, step) in steps.enumerated() {
            guard indexByID.updateValue(index, forKey: step.id) == nil else { throw bug("two steps are called \(step.id)") }
        }
        let granted = Dictionary(plan.tokens.map { ($0.token, $0.count) }, uniquingKeysWith: +)
        let given = Set(steps.flatMap { $0.gives ?? [] })
        var dependents = [[Int]](repeating: [], count: steps.count)
        for (index, step) in steps.enumerated() {
            for id in step.after {
                guard let before = indexByID[id] else { throw bug("\(step.id) comes after \(id), which is not in the plan") }
                // The plan's own order respects `after`, which also rules out cycles.
                guard before < index else { throw bug("\(step.id) stands before \(id), which it comes after") }
                dependents[before].append(index)
            }
            for token in step.tokens + (step.takes ?? []) where (granted[token] ?? 0) < 1 && !given.contains(token) {
                throw bug("\(step.id) needs a token that nobody grants: \(token)")
            }
        }
        self.indexByID = indexByID
        self.dependents = dependents
        openDependencies = steps.map(\.after.count)
        statuses = Array(repeating: .waiting, count: steps.count)
        freeTokens = granted
        for (index, step) in steps.enumerated() where step.after.isEmpty { ready[step.action.kind, default: LowestFirst()].insert(index) }
    }

    public var isFinished: Bool { statuses.allSatisfy { $0 != .waiting && $0 != .running } }
    public var runningCount: Int { runningByKind.values.reduce(0, +) }
    public func steps(_ status: Status) -> [Step] { steps.indices.filter { statuses[$0] == status }.map { steps[$0] } }

    /// The steps to start now; they count as running from here on.
    public mutating func next() -> [Step] {
        guard !interrupted else { return [] }
        var started: [Int] = []
        while true {
            guard let index = nextReady() else {
                if wake() { continue }
                break
            }
            let step = steps[index]
            let tokens = step.tokens + (step.takes ?? [])
            if let missing = tokens.first(where: { (freeTokens[$0] ?? 0) < 1 }) {
                parked[missing, default: LowestFirst()].insert(index)
                continue
            }
            for token in tokens { freeTokens[token, default: 0] -= 1 }
            runningByKind[step.action.kind, default: 0] += 1
            statuses[index] = .running
            started.append(index)
        }
        return started.sorted().map { steps[$0] }
    }

    private mutating func makeReady(_ index: Int) {
        guard statuses[index] == .waiting else { return }
        ready[steps[index].action.kind, default: LowestFirst()].insert(index)
    }

    /// Takes out the first in plan order of those whose kind is below its limit. What was left out meanwhile is passed over.
    private mutating func nextReady() -> Int? {
        while true {
            let open = ready.filter { kind, queue in
                queue.first != nil && (runningByKind[kind] ?? 0) < limits.limit(of: kind)
            }
            guard let kind = open.min(by: { ($0.value.first ?? .max) < ($1.value.first ?? .max) })?.key,
                let index = ready[kind]?.popFirst()
            else { return nil }
            if statuses[index] == .waiting { return index }
        }
    }

    /// Makes ready, of the steps that wait for a token that is free now, as many as it is free for. False when there are none.
    private mutating func wake() -> Bool {
        var woken = false
        for (token, free) in freeTokens where free > 0 {
            for _ in 0..<free {
                guard let index = parked[token]?.popFirst() else { break }
                makeReady(index)
                woken = true
            }
        }
        return woken
    }

    /// A running step has ended. Returns the steps that can never start because of it.
    @discardableResult
    public mutating func finish(_ id: String, _ result: Result) -> [Step] {
        guard let index = indexByID[id], statuses[index] == .running else { return [] }
        let step = steps[index]
        for token in step.tokens { freeTokens[token, default: 0] += 1 }
        runningByKind[step.action.kind, default: 1] -= 1
        statuses[index] = result == .done ? .done : .failed
        guard result == .done else { return fail(index) }
        for token in step.gives ?? [] { freeTokens[token, default: 0] += 1 }
        for dependent in dependents[index] {
            openDependencies[dependent] -= 1
            if openDependencies[dependent] == 0 { makeReady(dependent) }
        }
        return []
    }

    /// A running step that did nothing yet is not to be done.
    public mutating func withdraw(_ id: String) {
        guard let index = indexByID[id], statuses[index] == .running else { return }
        for token in steps[index].tokens + (steps[index].takes ?? []) { freeTokens[token, default: 0] += 1 }
        runningByKind[steps[index].action.kind, default: 1] -= 1
        statuses[index] = .skipped
    }

    /// Starts nothing from now on. Returns the steps that will not be started.
    @discardableResult
    public mutating func interrupt() -> [Step] {
        interrupted = true
        ready = [:]
        parked = [:]
        let waiting = steps.indices.filter { statuses[$0] == .waiting }
        for index in waiting { statuses[index] = .skipped }
        return waiting.map { steps[$0] }
    }

    /// Leaves out what depends on the step, and begins nothing that only a later step would end, as the replacement of a machine.
    private mutating func fail(_ index: Int) -> [Step] {
        var skipped = skipDependents(of: index)
        for beginning in steps.indices where steps[beginning].takes != nil && statuses[beginning] == .waiting {
            statuses[beginning] = .skipped
            skipped.append(steps[beginning])
            skipped += skipDependents(of: beginning)
        }
        return skipped
    }

    private mutating func skipDependents(of index: Int) -> [Step] {
        var skipped: [Step] = []
        var queue = dependents[index]
        while let next = queue.popLast() {
            guard statuses[next] == .waiting else { continue }
            statuses[next] = .skipped
            skipped.append(steps[next])
            queue += dependents[next]
        }
        return skipped
    }
}
