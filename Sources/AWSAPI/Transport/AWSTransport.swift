import AsyncHTTPClient
import ClusterModel
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One HTTP request, whole.
public struct HTTPMessage: Sendable {
    public var method: String
    public var url: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// One HTTP answer, whole.
public struct HTTPAnswer: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
}

/// No answer came. Whether the request took effect is not known.
public struct TransportFailure: Error, Sendable, CustomStringConvertible {
    public var cause: String
    public var isTimeout: Bool

    public init(_ cause: String, isTimeout: Bool = false) {
        self.cause = cause
        self.isTimeout = isTimeout
    }

    public var description: String { cause }
}

/// What carries requests.
public protocol AWSTransport: Sendable {
    /// Throws `TransportFailure` when no answer came, or `CancellationError`.
    func send(_ message: HTTPMessage, within time: Duration) async throws -> HTTPAnswer
}

/// Requests over the network.
final class HTTPTransport: AWSTransport {
    private let client: HTTPClient

    /// The largest answer that is read.
    private static let answerSize = 1 << 30

    /// - Parameter authorities: a file of certificate authorities in place of the system's.
    init(authorities: String? = nil) {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let authorities { tls.trustRoots = .file(authorities) }
        // A signature is for one address, so redirects are errors.
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5)))
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.idleTimeout = .seconds(15)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit { client.shutdown { _ in } }

    func send(_ message: HTTPMessage, within time: Duration) async throws -> HTTPAnswer {
        let deadline = NIODeadline.now() + TimeAmount(time)
        do {
            return try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                group.addTask { [self] in try await exchange(message, by: deadline) }
                // The library's own deadline ends with the answer's head.
                group.addTask {
                    try await Task.sleep(for: time)
                    throw HTTPClientError.deadlineExceeded
                }
                defer { group.cancelAll() }
                guard let answer = try await group.next() else { throw CancellationError() }
                return answer
            }
        } catch {
            try Task.checkCancellation()
            throw Self.failure(error, time)
        }
    }

    private func exchange(_ message: HTTPMessage, by deadline: NIODeadline) async throws -> HTTPAnswer {
        var request = HTTPClientRequest(url: message.url)
        request.method = HTTPMethod(rawValue: message.method)
        request.headers = HTTPHeaders(message.headers.map { ($0.name, $0.value) })
        request.headers.replaceOrAdd(name: "user-agent", value: "slipway/\(SlipwayVersion.text)")
        if !message.body.isEmpty || message.method == "PUT" || message.method == "POST" {
            request.body = .bytes(ByteBuffer(bytes: message.body))
        }
        let response = try await client.execute(request, deadline: deadline)
        let body = try await response.body.collect(upTo: Self.answerSize)
        return HTTPAnswer(
            status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) }, body: Array(body.readableBytesView))
    }

    private static func failure(_ error: any Error, _ time: Duration) -> TransportFailure {
        switch error {
        case let error as HTTPClientError:
            let timeouts: [HTTPClientError] = [
                .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .getConnectionFromPoolTimeout,
            ]
            return timeouts.contains(error)
                ? TransportFailure("no answer within \(time)", isTimeout: true) : TransportFailure(error.shortDescription)
        case let error as IOError: return TransportFailure(String(cString: strerror(error.errnoCode)))
        case let error as NIOConnectionError:
            guard let first = error.connectionErrors.first?.error else {
                return TransportFailure("the name \(error.host) cannot be resolved")
            }
            return TransportFailure("\(error.host):\(error.port): \(failure(first, time))")
        default: return TransportFailure("\(error)")
        }
    }
}
