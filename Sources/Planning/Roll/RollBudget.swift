import ClusterModel

/// How many machines of a pool may be beyond its count, and how many may be missing, while it is rolled.
struct RollBudget: Equatable {
    var surge: Int
    /// What `maxUnavailable` comes to.
    var allowed: Int
    /// What of it is left when the unhealthy ones are counted.
    var unavailable: Int

    /// Never zero progress: when both come to nothing, one machine may be missing.
    /// - Parameters:
    ///   - unhealthy: machines that are not replaced and do not serve anyway; they count as missing already.
    /// - Throws: `.refused` when they use up all that may be missing and nothing may be made beyond the count. Not for what is
    ///   changed in place: one that a change left half done is mended first, and each is only taken out while enough serve.
    init(_ update: UpdateSpec, count: Int, unhealthy: Int, pool: String, cluster: String) throws {
        // Nothing is made beside what is changed in place.
        surge = update.strategy == .inPlace ? 0 : min(update.maxSurge.count(of: count, roundingUp: true), max(count, 1))
        allowed = min(update.maxUnavailable.count(of: count, roundingUp: false), count)
        if surge == 0, allowed == 0 { allowed = 1 }
        unavailable = max(update.strategy == .inPlace ? 1 : 0, allowed - unhealthy)
        guard surge == 0, unavailable == 0 else { return }
        throw SlipwayError(
            .refused, at: Address(.cluster, cluster), doing: "planning to roll pool '\(pool)'",
            cause: "\(unhealthy) of its machines are not healthy, and no more than \(allowed) may be missing (maxUnavailable)",
            hint: "mend them first: slipway validate cluster \(cluster); or allow a surge: spec.pools[\(pool)].update.maxSurge")
    }

    /// Whether the n-th machine that is rolled goes before or after its replacement comes: both kinds in the budget's proportion.
    func style(_ index: Int) -> Swap.Style { index % (surge + unavailable) < surge ? .surge : .unavailable }
}
