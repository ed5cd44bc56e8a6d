public import ClusterModel

/// A Kubernetes API that notes every call and fails those that its test has no answer for.
public final class FakeClusterAccess: ClusterAccess {
    public struct Answers: Sendable {
        public var health: (@Sendable () async -> APIHealth)?
        public var version: (@Sendable () async throws -> String)?
        public var nodes: (@Sendable () async throws -> [NodeObservation])?
        public var pods: (@Sendable (String?) async throws -> [PodObservation])?
        public var podsOnNode: (@Sendable (String) async throws -> [PodObservation])?
        public var disruptionBudgets: (@Sendable () async throws -> [DisruptionBudget])?
        public var evict: (@Sendable (PodObservation) async throws -> EvictionAnswer)?
        public var deletePod: (@Sendable (PodObservation) async throws -> Void)?
        public var patchNode: (@Sendable (String, JSONValue) async throws -> NodeObservation?)?
        public var deleteNode: (@Sendable (String) async throws -> Void)?
        public var apply: (@Sendable (JSONValue) async throws -> Void)?
        public var get: (@Sendable (String) async throws -> JSONValue?)?
        public var events: (@Sendable (String, String) async throws -> [String])?
    }

    public let log: CallLog
    private let answers: Answers

    public init(log: CallLog = CallLog(), _ prepare: (inout Answers) -> Void = { _ in }) {
        var answers = Answers()
        prepare(&answers)
        self.answers = answers
        self.log = log
    }

    private func noted<Answer>(_ entry: String, _ answer: Answer?) throws -> Answer {
        log.add("api.\(entry)")
        guard let answer else { throw UnexpectedCall("api.\(entry)") }
        return answer
    }

    /// Without an answer: unreachable, saying so.
    public func health() async -> APIHealth {
        do {
            return await (try noted("health", answers.health))()
        } catch {
            return APIHealth(status: .unreachable, details: ["\(error)"])
        }
    }

    public func version() async throws -> String { try await noted("version", answers.version)() }
    public func nodes() async throws -> [NodeObservation] { try await noted("nodes", answers.nodes)() }
    public func pods(namespace: String?) async throws -> [PodObservation] { try await noted("pods", answers.pods)(namespace) }

    public func pods(onNode node: String) async throws -> [PodObservation] { try await noted("pods on \(node)", answers.podsOnNode)(node) }
    public func disruptionBudgets() async throws -> [DisruptionBudget] {
        try await noted("disruptionBudgets", answers.disruptionBudgets)()
    }
    public func evict(_ pod: PodObservation) async throws -> EvictionAnswer { try await noted("evict \(pod.name)", answers.evict)(pod) }
    public func deletePod(_ pod: PodObservation) async throws { try await noted("deletePod \(pod.name)", answers.deletePod)(pod) }

    @discardableResult
    public func patchNode(_ name: String, _ patch: JSONValue) async throws -> NodeObservation? {
        try await noted("patchNode \(name)", answers.patchNode)(name, patch)
    }

    public func deleteNode(_ name: String) async throws { try await noted("deleteNode \(name)", answers.deleteNode)(name) }

    public func apply(_ object: JSONValue) async throws {
        let name = "\(object["kind"]?.text ?? "?")/\(object["metadata"]?["name"]?.text ?? "?")"
        try await noted("apply \(name)", answers.apply)(object)
    }

    public func get(path: String) async throws -> JSONValue? { try await noted("get \(path)", answers.get)(path) }

    public func events(kind: String, name: String) async throws -> [String] {
        try await noted("events \(kind)/\(name)", answers.events)(kind, name)
    }

    public func close() async { log.add("api.close") }
}
