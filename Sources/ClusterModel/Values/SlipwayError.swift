/// What every failure says: where, while doing what, why, and what to try next.
public struct SlipwayError: Error, Sendable {
    /// What kind of failure it is; decides the exit code (one table, `ExitCode`).
    public enum Code: String, Codable, Sendable, CaseIterable {
        /// The work failed.
        case failed
        /// The answer is no: not healthy, or there is something to do.
        case no
        /// The command line is wrong.
        case usage
        /// The spec is invalid.
        case invalidSpec
        /// No such cluster or file.
        case notFound
        /// A cloud, host, asset source or API cannot be reached.
        case unreachable
        /// A bug in Slipway.
        case bug
        /// It exists already.
        case exists
        /// Locked or interrupted: run it again.
        case tryAgain
        /// Refused for safety: quorum, a budget, a foreign resource, protection.
        case refused
    }

    /// Whether trying the same again can help.
    public enum Retry: String, Codable, Sendable {
        case transient, permanent
    }

    public var code: Code
    /// The thing it happened on, nil when it concerns no single thing.
    public var address: Address?
    /// What was being done, as "starting etcd".
    public var doing: String
    /// Why it failed. Never holds a secret.
    public var cause: String
    /// What to try next.
    public var hint: String?
    /// Last lines of a log that explain the cause.
    public var log: [String]
    public var retry: Retry

    public init(
        _ code: Code, at address: Address? = nil, doing: String, cause: String, hint: String? = nil, log: [String] = [],
        retry: Retry = .permanent
    ) {
        self.code = code
        self.address = address
        self.doing = doing
        self.cause = cause
        self.hint = hint
        self.log = log
        self.retry = retry
    }

    /// The same error, with the address filled in when it had none.
    public func at(_ address: Address) -> SlipwayError {
        var copy = self
        copy.address = copy.address ?? address
        return copy
    }
}

extension SlipwayError: CustomStringConvertible {
    public var description: String {
        let place = address.map { "\($0): " } ?? ""
        return "\(place)\(doing): \(cause)"
    }
}
