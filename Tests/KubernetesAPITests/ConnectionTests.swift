import ClusterModel
import Foundation
import KubernetesAPI
import NIOCore
import NIOPosix
import Testing

/// What can go wrong between client and server.
@Suite struct ConnectionTests {
    private static let nodes = "GET /api/v1/nodes?limit=500"
    private static let none = Answer.json(Recorded.list([]))

    private func expectUnreachable(
        _ error: SlipwayError?, _ words: String, retry: SlipwayError.Retry, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(error?.code == .unreachable, sourceLocation: sourceLocation)
        #expect(error?.retry == retry, sourceLocation: sourceLocation)
        #expect(error?.cause.contains(words) == true, "\(error?.cause ?? "no error")", sourceLocation: sourceLocation)
    }

    @Test(arguments: [Answer.silence, .stall(#"{"kind":"NodeList","#)])
    func slowAnswersTimeOut(answer: Answer) async throws {
        try await scenario([(Self.nodes, [answer])], limits: .hasty) { client, _ in
            let began = ContinuousClock.now
            let error = await #expect(throws: SlipwayError.self) { try await client.nodes() }
            expectUnreachable(error, "timed out after 3 s", retry: .transient)
            #expect(ContinuousClock.now - began < .seconds(30))
        }
    }

    /// The connection of a call that timed out is not given to the next.
    @Test func worksAgainAfterATimeout() async throws {
        try await scenario([(Self.nodes, [.silence, Self.none])], limits: .hasty) { client, _ in
            await #expect(throws: SlipwayError.self) { try await client.nodes() }
            let nodes = try await client.nodes()
            #expect(nodes.isEmpty)
        }
    }

    @Test(arguments: [Answer.cut(#"{"kind":"NodeList","#), .cut(""), .raw("SSH-2.0-OpenSSH_9.2\r\n"), .raw("")])
    func brokenAnswersAreAskedForAgain(answer: Answer) async throws {
        try await scenario([(Self.nodes, [answer, answer, Self.none])]) { client, _ in
            let nodes = try await client.nodes()
            #expect(nodes.isEmpty)
        }
        try await scenario([(Self.nodes, [answer, answer, answer])]) { client, _ in
            let error = await #expect(throws: SlipwayError.self) { try await client.nodes() }
            #expect(error?.code == .unreachable)
            #expect(error?.retry == .transient)
        }
    }

    /// The certificate is for a name that leads nowhere, and not for the address; who answers there has to have it.
    @Test func aNameIsVerifiedAtAnotherAddress() async throws {
        try await scenario([(Self.nodes, [Self.none])], serverIdentity: \.displacedServer) { _, server in
            var endpoint = try await TestCertificates.shared.endpoint(port: server.port, host: "demo-control-plane-a-1")
            endpoint.connectsTo = IPv4Address(rawValue: 0x7F00_0001)
            let client = try KubernetesClient(endpoint: endpoint, limits: .patient)
            #expect(try await client.nodes().isEmpty)
            await client.close()
            endpoint.url = "https://another:\(server.port)"
            let stranger = try KubernetesClient(endpoint: endpoint, limits: .patient)
            let error = await #expect(throws: SlipwayError.self) { try await stranger.nodes() }
            #expect(error?.code == .unreachable)
            await stranger.close()
        }
    }

    @Test func serverOfAnotherAuthorityIsRefused() async throws {
        try await scenario(serverIdentity: \.strangeServer) { client, server in
            let error = await #expect(throws: SlipwayError.self) { try await client.nodes() }
            expectUnreachable(error, "not signed by the cluster's authority", retry: .permanent)
            #expect(server.script.received.isEmpty)
        }
    }

    @Test func serverOfAnotherAddressIsRefused() async throws {
        try await scenario(serverIdentity: \.displacedServer) { client, server in
            let error = await #expect(throws: SlipwayError.self) { try await client.nodes() }
            expectUnreachable(error, "certificate is not for this address", retry: .permanent)
            #expect(server.script.received.isEmpty)
        }
    }

    @Test func clientOfAnotherAuthorityIsRefused() async throws {
        try await scenario(clientIdentity: \.strangeClient) { client, server in
            let error = await #expect(throws: SlipwayError.self) { try await client.nodes() }
            expectUnreachable(error, "does not accept the client certificate", retry: .permanent)
            #expect(server.script.received.isEmpty)
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func refusedConnection(host: String) async throws {
        let certificates = try await TestCertificates.shared
        let sleeps = Sleeps()
        let client = try KubernetesClient(
            endpoint: certificates.endpoint(port: try await unusedPort(), host: host), limits: .patient, context: sleeps.context)
        let error = await #expect(throws: SlipwayError.self) { try await client.version() }
        await client.close()
        expectUnreachable(error, "connection refused", retry: .transient)
        #expect(error?.hint != nil)
        #expect(sleeps.all.count == 2)
    }

    @Test func hostNameInsteadOfAddress() async throws {
        try await scenario([("GET /version", [.json(Recorded.version)])]) { _, server in
            let client = try KubernetesClient(
                endpoint: try await TestCertificates.shared.endpoint(port: server.port, host: "localhost"), limits: .patient)
            let version = try? await client.version()
            await client.close()
            #expect(version == "v1.20.2")
        }
    }

    @Test func plainServerIsNotSpokenTo() async throws {
        try await withListener(answering: "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") { port in
            let client = try KubernetesClient(endpoint: try await TestCertificates.shared.endpoint(port: port), limits: .patient)
            let error = await #expect(throws: SlipwayError.self) { try await client.version() }
            await client.close()
            expectUnreachable(error, "does not speak TLS", retry: .permanent)
        }
    }

    @Test func handshakeThatNeverEndsTimesOut() async throws {
        try await withListener(answering: nil) { port in
            let client = try KubernetesClient(
                endpoint: try await TestCertificates.shared.endpoint(port: port),
                limits: .init(connect: .milliseconds(200), call: .seconds(60), attempts: 2))
            let error = await #expect(throws: SlipwayError.self) { try await client.version() }
            await client.close()
            expectUnreachable(error, "connecting timed out", retry: .transient)
        }
    }

    /// As after a restart of the API server: the pool's connection is dead.
    @Test func survivesARestartOfTheServer() async throws {
        let certificates = try await TestCertificates.shared
        try await scenario([("GET /version", [.json(Recorded.version)])]) { client, server in
            #expect(try await client.version() == "v1.20.2")
            await server.stop()
            let script = Script()
            script.plan("GET /version", [.json(Recorded.version)])
            let successor = try await ServerDouble.start(
                script, as: certificates.server, trusting: certificates.authority, port: server.port)
            let version = try? await client.version()
            await successor.stop()
            #expect(version == "v1.20.2")
        }
    }

    @Test func cancellationIsPromptAndNoFailure() async throws {
        try await scenario([(Self.nodes, [.silence])]) { client, server in
            let call = Task { try await client.nodes() }
            while server.script.received.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
        }
    }

    @Test func closingTwiceAndCallingAfterwards() async throws {
        try await scenario { client, _ in
            await client.close()
            await client.close()
            let error = await #expect(throws: SlipwayError.self) { try await client.nodes() }
            #expect(error?.code == .bug)
            #expect(error?.cause.contains("closed") == true)
        }
    }

    @Test func droppedWithoutClosing() async throws {
        let certificates = try await TestCertificates.shared
        // Would stop the whole test run if it were not taken care of.
        _ = try KubernetesClient(endpoint: certificates.endpoint(port: 1))
    }

    @Test func unusableEndpoints() async throws {
        let certificates = try await TestCertificates.shared
        let good = certificates.endpoint(port: 6443)
        func failure(_ change: (inout APIEndpoint) -> Void) -> SlipwayError? {
            var endpoint = good
            change(&endpoint)
            return #expect(throws: SlipwayError.self) { _ = try KubernetesClient(endpoint: endpoint) }
        }
        #expect(failure { $0.url = "http://127.0.0.1:6443" }?.cause.contains("https://ADDRESS:PORT") == true)
        #expect(failure { $0.url = "https://127.0.0.1:6443/api" }?.cause.contains("https://ADDRESS:PORT") == true)
        #expect(failure { $0.url = "no URL" }?.cause.contains("https://ADDRESS:PORT") == true)
        #expect(failure { $0.authority = "no PEM" }?.cause.contains("authority") == true)
        #expect(failure { $0.certificate = "" }?.cause.contains("certificate of the client") == true)
        #expect(failure { $0.key = Secret("hunter2") }?.cause == "the client's private key is not readable PEM")
        let mismatch = failure { $0.key = Secret(certificates.server.key) }
        #expect(mismatch?.cause.contains("do not belong together") == true)
        #expect(mismatch?.description.contains("PRIVATE KEY") == false)
    }
}
