/// A PodDisruptionBudget, as far as it decides about evictions.
public struct DisruptionBudget: Codable, Sendable, Equatable {
    public var namespace: String
    public var name: String
    public var selector: LabelSelector
    /// How many of its pods may be evicted right now.
    public var disruptionsAllowed: Int

    public init(namespace: String, name: String, selector: LabelSelector, disruptionsAllowed: Int) {
        self.namespace = namespace
        self.name = name
        self.selector = selector
        self.disruptionsAllowed = disruptionsAllowed
    }

    public func covers(_ pod: PodObservation) -> Bool { pod.namespace == namespace && selector.matches(pod.labels) }
}

/// Which labels an object must have.
public struct LabelSelector: Codable, Sendable, Equatable {
    public struct Requirement: Codable, Sendable, Equatable {
        public enum Operator: String, Codable, Sendable {
            case among = "In"
            case notAmong = "NotIn"
            case exists = "Exists"
            case doesNotExist = "DoesNotExist"
        }

        public var key: String
        public var `operator`: Operator
        public var values: [String]?

        public init(key: String, operator: Operator, values: [String]? = nil) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }
    }

    public var matchLabels: [String: String]?
    public var matchExpressions: [Requirement]?

    public init(matchLabels: [String: String]? = nil, matchExpressions: [Requirement]? = nil) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }

    public func matches(_ labels: [String: String]) -> Bool {
        (matchLabels ?? [:]).allSatisfy { labels[$0.key] == $0.value }
            && (matchExpressions ?? []).allSatisfy { requirement in
                let value = labels[requirement.key]
                let values = requirement.values ?? []
                return switch requirement.operator {
                case .among: value.map(values.contains) ?? false
                case .notAmong: value.map { !values.contains($0) } ?? true
                case .exists: value != nil
                case .doesNotExist: value == nil
                }
            }
    }
}
