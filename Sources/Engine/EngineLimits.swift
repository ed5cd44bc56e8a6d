public import ClusterModel

/// How many steps of a kind run at once.
public struct EngineLimits: Sendable, Equatable {
    public var byKind: [Action.Kind: Int]

    public init(byKind: [Action.Kind: Int]) { self.byKind = byKind }

    /// `parallelism` bounds the kinds that work on machines of their own; etcd and record take turns always.
    public init(parallelism: Int) {
        byKind = [.cloud: parallelism, .machine: parallelism, .cluster: parallelism, .etcd: 1, .record: 1]
    }

    public static let standard = EngineLimits(parallelism: standardParallelism)
    public static let standardParallelism = 16
    /// The most that a plan alone may ask for.
    private static let mostParallelism = 256

    /// - Parameter parallelism: nil for the standard one, or as many as the pools of the plan may have in work at once.
    public init(parallelism: Int?, plan: Plan) {
        let wanted = plan.tokens.map(\.count).reduce(0, +)
        self.init(parallelism: parallelism ?? min(max(wanted, Self.standardParallelism), Self.mostParallelism))
    }

    /// At least 1.
    public func limit(of kind: Action.Kind) -> Int { max(1, byKind[kind] ?? 1) }
}
