/// Rules for pools of machines that their cloud can take back.
extension SpecRules {
    mutating func checkSpot(of pool: PoolSpec, at path: FieldPath) {
        guard pool.spot else { return }
        let cloud = spec.cloud.provider
        guard cloud == .aws else {
            error(
                path.field("spot"), "the cloud is \(cloud.rawValue): there are no spot instances", "spot: false, or provider: aws",
                related: [.provider])
            return
        }
        if pool.update.strategy == .inPlace {
            let strategy = path.field("update").field("strategy")
            error(
                isWritten(strategy) ? strategy : path.field("spot"),
                "spot instances cannot be stopped, and what is not stopped is not changed in place", "strategy: replace",
                related: [path.field("spot"), strategy])
        }
    }
}
