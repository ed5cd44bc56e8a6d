import ClusterModel
import Foundation
import Synchronization

/// One request to a service, before it is signed.
struct AWSRequest: Sendable {
    var method: String
    /// Absolute and not encoded.
    var path: String
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// For one try.
    var timeout: Duration
}

/// Signs requests to one endpoint of one service, sends them, and tries again what may go better.
final class AWSClient: Sendable {
    /// `https://HOST` or `https://HOST:PORT`, without a path.
    let server: String
    private let host: String
    /// Comes before every path.
    private let basePath: String
    private let region: String
    private let service: String
    private let pathStyle: CanonicalRequest.PathStyle
    private let sendsDigest: Bool
    /// Nil: requests are not signed.
    private let chain: CredentialChain?
    private let transport: any AWSTransport
    private let retry: StandardRetry
    private let attempts: Int
    private let context: RunContext
    /// In the adaptive mode only.
    private let rate: AdaptiveRate?
    /// Seconds that the service's clock is before this machine's.
    private let skew = Mutex<TimeInterval>(0)

    init(
        endpoint: URL, region: String, service: String, pathStyle: CanonicalRequest.PathStyle, sendsDigest: Bool, chain: CredentialChain?,
        transport: any AWSTransport, retry: StandardRetry = StandardRetry(), attempts: Int, mode: RetryMode = .standard, context: RunContext
    ) {
        let name = endpoint.host ?? ""
        let bracketed = name.contains(":") && !name.hasPrefix("[") ? "[\(name)]" : name
        // The usual port is not part of the host that is signed.
        let isUsual = endpoint.port == nil || endpoint.port == (endpoint.scheme == "https" ? 443 : 80)
        host = isUsual ? bracketed : "\(bracketed):\(endpoint.port ?? 0)"
        server = "\(endpoint.scheme ?? "https")://\(host)"
        basePath = endpoint.path.hasSuffix("/") ? String(endpoint.path.dropLast()) : endpoint.path
        self.region = region
        self.service = service
        self.pathStyle = pathStyle
        self.sendsDigest = sendsDigest
        self.chain = chain
        self.transport = transport
        self.retry = retry
        self.attempts = attempts
        self.context = context
        rate = mode == .adaptive ? AdaptiveRate(at: context.now()) : nil
    }

    /// The answer, if its status is one of success. A request that was tried more than once may have taken effect more than
    /// once, or before the answer that says no.
    /// - Throws: `AWSError` for a no; `TransportFailure` when no answer came; `SlipwayError` without credentials.
    func send(_ request: AWSRequest) async throws -> HTTPAnswer { try await send(request, willTry: {}, reading: { $0 }) }

    /// The same, read.
    /// - Parameters:
    ///   - once: try again only after an answer that says that the request was not taken up.
    ///   - willTry: is told before every try.
    ///   - reading: throws `TransportFailure` for an answer that is none, as one that was cut off; then it is tried again.
    func send<Value>(
        _ request: AWSRequest, once: Bool = false, willTry: () -> Void, reading: (HTTPAnswer) throws -> Value
    ) async throws -> Value {
        var attempt = 1
        var paid: Int?
        var mended = Mended()
        while true {
            let asked: Duration?
            let timedOut: Bool
            let failure: any Error
            let credentials = try await chain?.credentials()
            try await rate?.acquire(context)
            let time = context.now().addingTimeInterval(skew.withLock { $0 })
            willTry()
            do {
                let answer = try await transport.send(signed(request, by: credentials, at: time), within: request.timeout)
                if (200..<300).contains(answer.status) {
                    let value = try reading(answer)
                    retry.giveBack(paid)
                    rate?.record(throttled: false, at: context.now())
                    return value
                }
                let error = AWSError(answer)
                rate?.record(throttled: RetryTable.isThrottling(error), at: context.now())
                if await mend(error, answer, signed: time, by: credentials, &mended) { continue }
                guard RetryTable.isTransient(error), !once || RetryTable.isThrottling(error) else { throw error }
                (asked, timedOut, failure) = (Self.retryAfter(answer), false, error)
            } catch let error as TransportFailure {
                rate?.record(throttled: false, at: context.now())
                if once { throw error }
                (asked, timedOut, failure) = (nil, error.isTimeout, error)
            }
            guard attempt < attempts, let price = retry.pay(timedOut: timedOut) else { throw failure }
            paid = price
            try await context.sleep(retry.pause(after: attempt, asked: asked))
            attempt += 1
        }
    }

    /// What was mended for one request; each can be once.
    private struct Mended {
        var clock = false
        var credentials = false
    }

    /// True when what was wrong with the signature is mended, so that the same can be asked at once.
    private func mend(
        _ error: AWSError, _ answer: HTTPAnswer, signed time: Date, by credentials: AWSCredentials?, _ mended: inout Mended
    ) async -> Bool {
        if !mended.clock, let correction = ClockSkew.correction(error, answer, signed: time, now: context.now()) {
            mended.clock = true
            skew.withLock { $0 = correction }
            return true
        }
        guard RetryTable.isExpired(error), let chain, let credentials else { return false }
        await chain.forget(credentials)
        defer { mended.credentials = true }
        return !mended.credentials
    }

    private func signed(_ request: AWSRequest, by credentials: AWSCredentials?, at time: Date) -> HTTPMessage {
        let query = CanonicalRequest.canonicalQuery(request.query)
        let path = PercentEncoding.encode(basePath + request.path, keepingSlashes: true)
        let url = server + path + (query.isEmpty ? "" : "?\(query)")
        guard let credentials else {
            return HTTPMessage(method: request.method, url: url, headers: request.headers, body: request.body)
        }
        let signature = SignatureV4(
            credentials: credentials, region: region, service: service, pathStyle: pathStyle, sendsDigest: sendsDigest)
        let signed = signature.sign(
            method: request.method, path: path, query: request.query, headers: request.headers + [("host", host)], body: request.body,
            at: time)
        return HTTPMessage(method: request.method, url: url, headers: request.headers + signed.headers, body: request.body)
    }

    private static func retryAfter(_ answer: HTTPAnswer) -> Duration? {
        answer.header("retry-after").flatMap { Int($0) }.flatMap { $0 > 0 ? .seconds($0) : nil }
    }
}
