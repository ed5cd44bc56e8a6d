public import ClusterModel
import Foundation
import Synchronization

/// AWS as one set of credentials sees it from one region: sends requests to whatever service they are for, each signed,
/// tried again where that may help, and counted.
public final class AWSAccount: Sendable {
    public let region: String
    private let settings: AWSSettings
    private let transport: any AWSTransport
    private let context: RunContext
    private let chain: CredentialChain
    /// For one try of one request.
    private let timeout: Duration
    private let counter = CallCounter()
    /// By a service's name. Each has a purse of its own for its retries.
    private let clients = Mutex<[String: AWSClient]>([:])

    private let mode: RetryMode
    private let attempts: Int
    private let waiting: Waiting?

    /// For one try of one request, unless told otherwise.
    public static let timeout = Duration.seconds(60)
    private static let firstPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(10)

    /// Is told of a refusal that is waited for to pass, and for how long before the next try.
    public typealias Waiting = @Sendable (AWSError, Duration) -> Void

    /// - Parameters:
    ///   - region: nil takes that of the settings.
    ///   - transport: nil is the network.
    /// - Throws: `.usage` without a region, or for settings that are no use.
    public init(
        settings: AWSSettings, region: String? = nil, transport: (any AWSTransport)? = nil, context: RunContext = .live,
        timeout: Duration = AWSAccount.timeout, waiting: Waiting? = nil
    ) throws {
        guard let region = region ?? settings.region else {
            throw SlipwayError(
                .usage, doing: "talking to AWS", cause: "no region is set", hint: "set $AWS_REGION, or region in the profile")
        }
        self.region = region
        self.settings = settings
        self.context = context
        self.timeout = timeout
        self.waiting = waiting
        mode = try settings.retryMode()
        attempts = try settings.attempts()
        let transport = transport ?? HTTPTransport(authorities: settings.authorities)
        self.transport = transport
        chain = CredentialChain(settings, transport: transport, context: context)
    }

    /// How often each operation was called, as `EC2.RunInstances`.
    public var calls: [String: Int] { counter.calls }
    /// How many requests that took, tries again included.
    public var tries: [String: Int] { counter.tries }

    /// Where the requests of a service go, for people.
    public func address(of service: AWSService) throws -> String { try client(of: service).server }

    private func client(of service: AWSService) throws -> AWSClient {
        try clients.withLock { clients in
            if let known = clients[service.name] { return known }
            let endpoint = try AWSEndpoint(service, region: region, settings: settings)
            let client = AWSClient(
                endpoint: endpoint.url, region: endpoint.signingRegion, service: service.signingName, pathStyle: .normalised,
                sendsDigest: false, chain: chain, transport: transport, attempts: attempts, mode: mode, context: context)
            clients[service.name] = client
            return client
        }
    }

    /// The answer to one request.
    /// - Parameter patience: how long to wait at most for a refusal to pass that passes by itself (`TransientRefusal`); nil:
    ///   as long as that kind may last, up to five minutes.
    /// - Throws: `AWSError` for the service's no; `SlipwayError` when there are no credentials, or no answer that can be read.
    ///   Then it is not known whether the request took effect.
    public func send<Operation: AWSOperation>(_ request: Operation, patience: Duration? = nil) async throws -> Operation.Output {
        try await send(request, once: false, patience: patience)
    }

    /// The same, for what must not be done twice: tried again only after an answer that says that it was not done.
    public func once<Operation: AWSOperation>(_ request: Operation, patience: Duration? = nil) async throws -> Operation.Output {
        try await send(request, once: true, patience: patience)
    }

    private func send<Operation: AWSOperation>(
        _ request: Operation, once: Bool, patience: Duration?
    ) async throws -> Operation.Output {
        let service = Operation.service
        let client = try client(of: service)
        // The same for all tries, so that they are one to the service.
        let token = "slipway-\(context.randomHex(32))"
        let message = try service.request(request, token: token, timeout: timeout)
        counter.called(Operation.fullName)
        var waited = Duration.zero
        var pause = Self.firstPause
        while true {
            do {
                return try await client.send(
                    message, once: once, willTry: { self.counter.tried(Operation.fullName) },
                    reading: { Operation.decode(try service.node(of: $0, operation: Operation.name)) })
            } catch var error as AWSError {
                error.operation = Operation.fullName
                error.permission = "\(service.signingName):\(Operation.name)"
                guard let refusal = TransientRefusal.of(error) else { throw error }
                let limit = min(refusal.patience, patience ?? refusal.patience)
                guard waited < limit else {
                    if waited > .zero { error.waited = waited }
                    throw error
                }
                let time = min(pause, limit - waited)
                waiting?(error, time)
                try await context.sleep(time)
                waited += time
                pause = min(pause * 2, Self.longestPause)
            } catch let failure as TransportFailure {
                throw SlipwayError(
                    .unreachable, doing: "asking for \(Operation.fullName)", cause: "\(client.server): \(failure)",
                    hint: "is the endpoint right, and the network there?", retry: .transient)
            }
        }
    }

    /// All pages of an answer.
    /// - Throws: as `send`; `.failed` when a page is followed by itself.
    public func pages<Operation: AWSPagedOperation>(_ request: Operation) async throws -> [Operation.Output] {
        var pages: [Operation.Output] = []
        var request = request
        while true {
            let page = try await send(request)
            pages.append(page)
            guard let next = request.next(after: page) else { return pages }
            guard next != request else {
                throw SlipwayError(
                    .failed, doing: "asking for \(Operation.fullName)", cause: "page \(pages.count) is followed by itself",
                    hint: "does the endpoint speak as AWS does?")
            }
            request = next
        }
    }
}
