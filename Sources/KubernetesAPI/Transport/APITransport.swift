import AsyncHTTPClient
import ClusterModel
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// One request, one answer, in bounded time and size. Knows HTTP and TLS, but nothing of Kubernetes.
final class APITransport: Sendable {
    /// `https://ADDRESS:PORT`
    let server: String
    private let http: HTTPClient
    private let limits: KubernetesClient.Limits
    private let isClosed = Mutex(false)

    init(endpoint: APIEndpoint, limits: KubernetesClient.Limits) throws {
        let server = endpoint.url.hasSuffix("/") ? String(endpoint.url.dropLast()) : endpoint.url
        guard let url = URL(string: server), url.scheme == "https", let host = url.host, !host.isEmpty, url.path.isEmpty else {
            throw KubernetesAPIError.impossible("'\(endpoint.url)' is not of the form https://ADDRESS:PORT")
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: try TLSConfiguration.identity(of: endpoint))
        // With HTTP/2 all calls share one connection, and one that died silently (a machine gone, an address moved)
        // holds them all up. With HTTP/1.1 a call that times out takes its connection with it.
        configuration.httpVersion = .http1Only
        // The identity goes to the endpoint and nowhere else.
        configuration.redirectConfiguration = .disallow
        configuration.proxy = nil
        configuration.timeout.connect = TimeAmount(limits.connect)
        // The name in the URL stays what the certificate is checked for.
        if let address = endpoint.connectsTo { configuration.dnsOverride = [host: address.description] }
        // Further attempts are the client's to make: here "connection refused" has to come out at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.idleTimeout = .seconds(30)
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.server = server
        self.limits = limits
    }

    deinit {
        // The library stops the program when a client is dropped while open; whoever forgot to close us loses nothing.
        guard !isClosed.withLock({ $0 }) else { return }
        http.shutdown { _ in }
    }

    func close() async {
        let wasClosed = isClosed.withLock { closed in
            defer { closed = true }
            return closed
        }
        // It throws only for a client that was closed already.
        if !wasClosed { try? await http.shutdown() }
    }

    /// Sends a request and reads the whole answer, whatever its status. Throws `KubernetesAPIError`, or
    /// `CancellationError`.
    func exchange(_ request: APIRequest, within time: Duration) async throws -> APIAnswer {
        guard !isClosed.withLock({ $0 }) else { throw KubernetesAPIError.closed }
        guard time > .zero else { throw KubernetesAPIError.timedOut(limits.call) }
        do {
            // The library's deadline ends with the answer's head; ours has to hold for the body, too.
            let answer = try await race(against: time) { try await self.exchange(request, by: .now() + TimeAmount(time)) }
            guard let answer else { throw KubernetesAPIError.timedOut(limits.call) }
            return answer
        } catch let error as KubernetesAPIError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw KubernetesAPIError(transport: error, limits: limits)
        }
    }

    private func exchange(_ request: APIRequest, by deadline: NIODeadline) async throws -> APIAnswer {
        var message = HTTPClientRequest(url: server + request.target)
        message.method = HTTPMethod(rawValue: request.method.rawValue)
        message.headers.add(name: "Accept", value: "application/json")
        message.headers.add(name: "User-Agent", value: "slipway")
        if let body = request.body {
            message.headers.add(name: "Content-Type", value: body.type)
            message.body = .bytes(ByteBuffer(bytes: body.bytes))
        }
        let response = try await http.execute(message, deadline: deadline)
        let body = try await response.body.collect(upTo: limits.answerSize)
        return APIAnswer(
            status: Int(response.status.code), retryAfter: response.headers.first(name: "Retry-After"), body: Data(body.readableBytesView))
    }
}

/// The result of `work`, or nil when `time` is over first; `work` is then cancelled and has ended.
private func race<Value: Sendable>(
    against time: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: time)
            return nil
        }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
    }
}
