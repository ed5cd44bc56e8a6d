import AWSAPI
import AWSRequests
import ClusterModel

extension AWSCloud {
    /// Says of a refusal that only spot instances meet what it means, and what can be done: AWS' own words presume that one knows.
    func spot<Value>(_ request: MachineRequest, _ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as AWSError where request.market == .spot {
            throw error.spotRefusal(type: request.instanceType, zone: request.zone) ?? error
        }
    }

    /// What the user should know of pools whose machines AWS can take back.
    func spotRemarks(_ spec: ClusterSpec) -> [String] {
        let pools = spec.pools.filter { $0.spot && $0.count > 0 }
        guard !pools.isEmpty else { return [] }
        let names = pools.map { "'\($0.name)'" }.joined(separator: ", ")
        let workers = spec.pools.filter { $0.count > 0 }
        let all = pools.count == workers.count ? ", which is every worker," : ""
        return [
            "the machines of \(names)\(all) are spot instances: AWS may end each with two minutes' notice"
        ]
    }
}

extension AWSError {
    /// Nil for errors that have nothing to do with a machine being a spot instance.
    func spotRefusal(type: String, zone: String) -> SlipwayError? {
        let doing = "asking for a spot instance"
        switch code {
        case "InsufficientInstanceCapacity", "UnfulfillableCapacity", "SpotMaxPriceTooLow", "CapacityNotAvailable":
            return SlipwayError(
                .failed, doing: doing, cause: "AWS has no \(type) to spare in \(zone) now: \(self)",
                hint: "try again later, or give the pool another instanceType, other zones, or spot: false",
                retry: isTransient ? .transient : .permanent)
        case "MaxSpotInstanceCountExceeded", "MaxSpotFleetRequestCountExceeded":
            return SlipwayError(
                .failed, doing: doing, cause: "the account may not have more spot instances of the family of \(type): \(self)",
                hint: "ask for more in Service Quotas (EC2, All ... Spot Instance Requests), or give the pool spot: false")
        case _ where code.contains("ServiceLinkedRole"):
            return SlipwayError(
                .failed, doing: doing,
                cause: "the account has no role for spot instances yet, and these credentials may not make it: \(self)",
                hint: "once for the account: aws iam create-service-linked-role --aws-service-name spot.amazonaws.com")
        default: return nil
        }
    }
}

extension EC2.InstanceMarketOptionsRequest {
    /// One-time: another machine, under another name, follows one that was taken back.
    init(_ market: MachineMarket) {
        switch market {
        case .spot:
            self.init(
                marketType: "spot",
                spotOptions: EC2.SpotMarketOptions(instanceInterruptionBehavior: "terminate", spotInstanceType: "one-time"))
        }
    }
}

extension EC2.Instance {
    var market: MachineMarket? { instanceLifecycle == "spot" ? .spot : nil }
}
