import ClusterModel
import KubernetesAPI
import Testing

@Suite struct HealthTests {
    private static let readyz = "GET /readyz?verbose"

    @Test func ready() async throws {
        try await scenario([(Self.readyz, [.text(Recorded.ready)])]) { client, _ in
            #expect(await client.health() == APIHealth(status: .ready))
        }
    }

    @Test func namesTheFailingChecks() async throws {
        try await scenario([(Self.readyz, [.text(Recorded.notReady, status: 500)])]) { client, _ in
            #expect(
                await client.health()
                    == APIHealth(
                        status: .notReady,
                        details: ["etcd failed", "poststarthook/rbac/bootstrap-roles failed", "shutdown failed: process is shutting down"]))
        }
    }

    @Test func refusalIsNotReady() async throws {
        try await scenario([(Self.readyz, [.status(401, "Unauthorized", "Unauthorized"), .text("", status: 503)])]) { client, _ in
            #expect(
                await client.health() == APIHealth(status: .notReady, details: ["it answered 401 (Unauthorized): Unauthorized"]))
            #expect(await client.health() == APIHealth(status: .notReady, details: ["it answered 503"]))
        }
    }

    @Test func timedOut() async throws {
        try await scenario([(Self.readyz, [.silence])], limits: .hasty) { client, server in
            #expect(
                await client.health()
                    == APIHealth(status: .unreachable, details: ["https://127.0.0.1:\(server.port): timed out after 3 s"]))
        }
    }

    @Test func connectionRefusedIsToldAtOnce() async throws {
        let port = try await unusedPort()
        let sleeps = Sleeps()
        let client = try KubernetesClient(
            endpoint: try await TestCertificates.shared.endpoint(port: port), limits: .patient, context: sleeps.context)
        let health = await client.health()
        await client.close()
        #expect(
            health
                == APIHealth(
                    status: .unreachable,
                    details: ["https://127.0.0.1:\(port): connection refused; no API server listens there"]))
        #expect(sleeps.all.isEmpty)
    }

    @Test func certificateProblem() async throws {
        try await scenario(serverIdentity: \.strangeServer) { client, _ in
            let health = await client.health()
            #expect(health.status == .unreachable)
            #expect(health.details.first?.contains("its certificate is not signed by the cluster's authority") == true)
        }
    }

    @Test func brokenConnectionIsTriedOnceMore() async throws {
        try await scenario([(Self.readyz, [.cut(""), .text(Recorded.ready)])]) { client, _ in
            #expect(await client.health().status == .ready)
        }
        try await scenario([(Self.readyz, [.cut(""), .cut("")])]) { client, _ in
            #expect(await client.health().status == .unreachable)
        }
    }
}
