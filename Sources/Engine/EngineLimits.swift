public import ClusterModel

/// How many steps of a kind run at once.
public struct EngineLimits: Sendable, Equatable {
    public var byKind: [Action.Kind: Int]

    public init(byKind: [Action.Kind: Int]) { self.byKind = byKind }

    /// `parallelism` bounds the kinds that work on machines of their own; etcd and record take turns always.
    public init(parallelism: Int) {
        byKind = [.cloud: parallelism, .machine: parallelism, .cluster: parallelism, .etcd: 1, .record: 1]
    }

    public static let standard = EngineLimits(parallelism: 16)

    /// At least 1.
    public func limit(of kind: Action.Kind) -> Int { max(1, byKind[kind] ?? 1) }
}
