/// What differs between the parts that a network should have and those that it has.
public enum NetworkDifference {
    /// By name. Of what is there and should not be rules count, as they let somebody in, and records, as people use them. A subnet that is not used any more
    /// does no harm, and machines may still be in it.
    public static func reasons(desired: [String: String], observed: [String: String]) -> [Reason] {
        Set(desired.keys).union(observed.keys).sorted().compactMap { name in
            let goes = AWSNetworkPart.isRule(name) || AWSNetworkPart.isRecord(name)
            guard desired[name] != observed[name], desired[name] != nil || goes else { return nil }
            return Reason(name, old: observed[name] ?? "missing", new: desired[name] ?? "removed")
        }
    }

    /// All of them in one, for a step.
    public static func summary(_ reasons: [Reason]) -> Reason? {
        guard let first = reasons.first else { return nil }
        guard reasons.count > 1 else { return first }
        let names = reasons.prefix(3).map(\.field) + (reasons.count > 3 ? ["\(reasons.count - 3) more"] : [])
        return Reason("network", old: "differs: \(names.joined(separator: ", "))", new: "as the spec says")
    }
}

extension ClusterSpec {
    /// What the cluster's network is going to be, in a few words; nil on clouds whose network is one thing.
    /// - Throws: `.bug` for a spec that was not checked.
    public func networkSummary() throws -> String? {
        cloud.provider == .aws ? try AWSNetworkDesign(self).summary : nil
    }

    /// The parts that the cluster's network should have; nil on clouds whose network is one thing.
    /// - Throws: `.bug` for a spec that was not checked.
    public func networkParts() throws -> [String: String]? {
        cloud.provider == .aws ? try AWSNetworkDesign(self).parts : nil
    }
}
