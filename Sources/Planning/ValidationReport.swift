/// A cluster's health as a list of named conditions.
public struct ValidationReport: Codable, Sendable, Equatable {
    public struct Condition: Codable, Sendable, Equatable {
        /// What was looked at, as `etcd` or `nodes-ready`.
        public var name: String
        public var passed: Bool
        /// One sentence for a condition that holds.
        public var summary: String
        /// What is wrong, each with its address, cause and remedy.
        public var problems: [Problem]
    }

    public struct Problem: Codable, Sendable, Equatable {
        public var address: String
        public var cause: String
        public var remedy: String
    }

    public var cluster: String
    public var isHealthy: Bool
    public var conditions: [Condition]
}
