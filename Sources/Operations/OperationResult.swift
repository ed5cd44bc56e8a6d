public import ClusterModel
public import Engine

/// What an operation planned and, when it was told to, did.
public struct OperationResult: Sendable {
    public var plan: Plan
    /// Nil when nothing was carried out.
    public var report: RunReport?

    public init(plan: Plan, report: RunReport?) {
        self.plan = plan
        self.report = report
    }
}
