public import ClusterModel

/// The Kubernetes API as one identity: one connection pool, one client certificate.
///
/// Every call gives up after `Limits.call` and throws `SlipwayError`, or `CancellationError` when its task is cancelled.
/// All calls are idempotent, so each is tried again a few times, within the same limit, while the failure is transient:
/// no connection, a connection that broke, 429 and 5xx.
///
/// Works with Kubernetes 1.20 and later.
public final class KubernetesClient: ClusterAccess {
    /// The name under which Slipway owns fields of objects.
    public static let fieldManager = "slipway"

    let transport: APITransport
    let discovery: Discovery
    let limits: Limits
    let context: RunContext

    /// Connects to nothing yet. Throws when the endpoint's URL, certificates or key cannot be used.
    public init(endpoint: APIEndpoint, limits: Limits = Limits(), context: RunContext = .live) throws {
        do {
            transport = try APITransport(endpoint: endpoint, limits: limits)
        } catch let error as KubernetesAPIError {
            throw error.report(doing: "preparing to reach the Kubernetes API", at: nil, server: endpoint.url)
        }
        discovery = Discovery()
        self.limits = limits
        self.context = context
    }

    /// Closes the connections; calls under way fail, and so does every later one. A second time does nothing.
    public func close() async { await transport.close() }
}

extension KubernetesClient {
    /// How long, how often and how much.
    public struct Limits: Sendable {
        /// For one connection, TLS handshake included.
        public var connect: Duration
        /// For one call of the API (one page of a list), further attempts included.
        public var call: Duration
        /// Attempts in all, at least 1.
        public var attempts: Int
        /// Bytes of one answer.
        public var answerSize: Int

        public init(
            connect: Duration = .seconds(5), call: Duration = .seconds(10), attempts: Int = 3, answerSize: Int = 64 << 20
        ) {
            self.connect = connect
            self.call = call
            self.attempts = attempts
            self.answerSize = answerSize
        }
    }
}
