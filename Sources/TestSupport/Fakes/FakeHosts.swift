public import ClusterModel
import Synchronization

/// Machines that answer the scripts which their test expects, known by a fragment, and fail all others.
public final class FakeHosts: HostAccess {
    public struct Call: Sendable {
        public var endpoint: HostEndpoint
        public var script: String
        public var input: [UInt8]
        public var timeout: Duration

        public var machine: String { endpoint.machine }
    }

    public struct Upload: Sendable {
        public var machine: String
        public var path: String
        public var mode: UInt16
        public var content: HostFileContent
    }

    public typealias Answer = @Sendable (Call) async throws -> HostResult

    private struct Rule {
        var fragment: String
        /// Nil: as often as it is asked.
        var left: Int?
        var uses = 0
        var answer: Answer
    }

    private struct Contents {
        var rules: [Rule] = []
        var calls: [Call] = []
        var uploads: [Upload] = []
        var takesUploads = false
    }

    public let log: CallLog
    private let contents = Mutex(Contents())

    public init(log: CallLog = CallLog()) { self.log = log }

    /// Answers scripts that hold the fragment. Of several rules the first one counts that is not used up.
    public func on(_ fragment: String, times: Int? = nil, _ answer: @escaping Answer) {
        contents.withLock { $0.rules.append(Rule(fragment: fragment, left: times, answer: answer)) }
    }

    /// The same with a fixed answer.
    public func on(_ fragment: String, times: Int? = nil, status: Int32 = 0, says text: String = "", error: String = "") {
        on(fragment, times: times) { _ in HostResult(exitStatus: status, output: Array(text.utf8), errorOutput: Array(error.utf8)) }
    }

    public func allowUploads() { contents.withLock { $0.takesUploads = true } }

    public var calls: [Call] { contents.withLock { $0.calls } }
    public var uploads: [Upload] { contents.withLock { $0.uploads } }
    /// Fragments that were expected and never came.
    public var unused: [String] { contents.withLock { $0.rules.filter { $0.uses == 0 }.map(\.fragment) } }

    public func run(_ script: String, on host: HostEndpoint, input: [UInt8], timeout: Duration) async throws -> HostResult {
        let call = Call(endpoint: host, script: script, input: input, timeout: timeout)
        let rule = contents.withLock { contents -> Rule? in
            contents.calls.append(call)
            guard let index = contents.rules.firstIndex(where: { script.contains($0.fragment) && $0.left != 0 }) else { return nil }
            contents.rules[index].uses += 1
            if let left = contents.rules[index].left { contents.rules[index].left = left - 1 }
            return contents.rules[index]
        }
        log.add("\(host.machine): \(rule?.fragment ?? script)")
        guard let rule else { throw UnexpectedCall("\(host.machine): \(script)") }
        return try await rule.answer(call)
    }

    public func upload(_ content: HostFileContent, to path: String, mode: UInt16, on host: HostEndpoint, timeout: Duration) async throws {
        log.add("\(host.machine): upload \(path)")
        let taken = contents.withLock { contents in
            if contents.takesUploads {
                contents.uploads.append(Upload(machine: host.machine, path: path, mode: mode, content: content))
            }
            return contents.takesUploads
        }
        guard taken else { throw UnexpectedCall("\(host.machine): upload \(path)") }
    }

    public func close() async { log.add("hosts.close") }
}
