import AsyncHTTPClient
import ClusterModel
import NIOCore

/// Why a request brought nothing, before it is known what it was for.
struct RequestFailure: Error {
    var url: String
    var cause: String
    var retry: SlipwayError.Retry
    /// The status of the answer; nil when there was none.
    var status: Int?
    /// How long the server wants to be left alone.
    var pause: Duration?

    init(_ url: String, _ cause: String, _ retry: SlipwayError.Retry, status: Int? = nil, pause: Duration? = nil) {
        self.url = url
        self.cause = cause
        self.retry = retry
        self.status = status
        self.pause = pause
    }

    var isMissing: Bool { status == 404 || status == 410 }

    /// As an error about what was being done.
    func error(doing: String, hint: String) -> SlipwayError {
        SlipwayError(.unreachable, doing: doing, cause: "\(url): \(cause)", hint: hint, retry: retry)
    }

    /// The failure that an error of a request is. Errors of the disk and a cancellation are none: they are thrown on.
    static func of(_ error: any Error, url: String) throws -> RequestFailure {
        try Task.checkCancellation()
        switch error {
        case let failure as RequestFailure: return failure
        case is SystemError, is SlipwayError, is CancellationError: throw error
        case is NIOTooManyBytesError: return RequestFailure(url, "the answer is too long for what was asked for", .permanent)
        case let error as HTTPClientError: return RequestFailure(url, error.shortDescription, .transient)
        default: return RequestFailure(url, "\(error)", .transient)
        }
    }
}

/// How often and when something is tried again.
struct Tries {
    /// In a row without getting further.
    private static let limit = 4
    /// Doubles from one try to the next.
    private static let firstWait = Duration.milliseconds(500)
    /// A server that wants to be left alone for longer is waited for no longer.
    private static let longestPause = Duration.seconds(120)

    private var failed = 0

    /// It got further: what failed before does not count any more.
    mutating func reset() { failed = 0 }

    /// Waits until the next try is due. Throws the failure when there is none.
    mutating func wait(after failure: RequestFailure, _ context: RunContext) async throws {
        failed += 1
        guard failure.retry == .transient, failed < Self.limit else { throw failure }
        let wait = Self.firstWait * (1 << (failed - 1))
        try await context.sleep(max(wait, min(failure.pause ?? .zero, Self.longestPause)))
    }
}
