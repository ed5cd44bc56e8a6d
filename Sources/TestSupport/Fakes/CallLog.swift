import Synchronization

/// What was asked of the fakes of one test, in order over all of them.
public final class CallLog: Sendable {
    private let entries = Mutex<[String]>([])

    public init() {}

    public func add(_ entry: String) { entries.withLock { $0.append(entry) } }
    public func clear() { entries.withLock { $0 = [] } }
    public var all: [String] { entries.withLock { $0 } }

    /// The entries that begin so.
    public func all(_ prefix: String) -> [String] { all.filter { $0.hasPrefix(prefix) } }
}

/// What a fake throws when its test did not opt in to a call.
public struct UnexpectedCall: Error, CustomStringConvertible {
    public var description: String

    public init(_ what: String) { description = "the test expects no call of \(what)" }
}
