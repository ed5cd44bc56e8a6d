import ClusterModel
import KubernetesAPI
import Testing

/// What the API answers when it does not do what was asked.
@Suite struct FailureTests {
    private static let nodes = "GET /api/v1/nodes?limit=500"
    private static let none = Answer.json(Recorded.list([]))

    private func nodesFailure(
        _ answers: [Answer], limits: KubernetesClient.Limits = .patient, sleeps: Sleeps = Sleeps()
    ) async throws -> SlipwayError {
        var failure: SlipwayError?
        try await scenario([(Self.nodes, answers)], limits: limits, sleeps: sleeps) { client, _ in
            failure = await #expect(throws: SlipwayError.self) { try await client.nodes() }
        }
        return try #require(failure)
    }

    @Test func forbiddenIsPermanentAndAskedOnce() async throws {
        let sleeps = Sleeps()
        let error = try await nodesFailure(
            [.status(403, "Forbidden", "nodes is forbidden: User x cannot list resource nodes")], sleeps: sleeps)
        #expect(error.code == .failed)
        #expect(error.retry == .permanent)
        #expect(error.doing == "listing the nodes")
        #expect(error.cause.hasSuffix("answered 403 (Forbidden): nodes is forbidden: User x cannot list resource nodes"))
        #expect(error.cause.hasPrefix("https://127.0.0.1:"))
        #expect(sleeps.all.isEmpty)
    }

    @Test func unauthorizedHasAHint() async throws {
        let error = try await nodesFailure([.status(401, "Unauthorized", "Unauthorized")])
        #expect(error.retry == .permanent)
        #expect(error.hint?.contains("certificate") == true)
    }

    /// The same call cannot succeed, so the client makes it once; who reads the object again can.
    @Test func conflictIsToldToWhoCanReadAgain() async throws {
        try await scenario([
            ("PATCH /api/v1/nodes/n?fieldManager=slipway", [.status(409, "Conflict", "the object has been modified")])
        ]) { client, _ in
            let error = await #expect(throws: SlipwayError.self) { try await client.patchNode("n", [:]) }
            #expect(error?.retry == .transient)
            #expect(error?.address == Address(.node, "n"))
            #expect(error?.cause.contains("409 (Conflict): the object has been modified") == true)
        }
    }

    @Test func waitsAsLongAsTheServerAsks() async throws {
        let sleeps = Sleeps()
        try await scenario(
            [
                (
                    Self.nodes,
                    [
                        .status(429, "TooManyRequests", "slow down", headers: [("Retry-After", "7")]),
                        .status(429, "TooManyRequests", "slow down", details: #"{"retryAfterSeconds":3}"#), Self.none,
                    ]
                )
            ], sleeps: sleeps
        ) { client, _ in
            let nodes = try await client.nodes()
            #expect(nodes.isEmpty)
        }
        #expect(sleeps.all == [.seconds(7), .seconds(3)])
    }

    @Test func doesNotWaitLongerThanTheCallMayTake() async throws {
        let sleeps = Sleeps()
        let error = try await nodesFailure(
            [.status(429, "TooManyRequests", "slow down", headers: [("Retry-After", "3600")])], sleeps: sleeps)
        #expect(error.retry == .transient)
        #expect(error.cause.contains("429 (TooManyRequests): slow down"))
        #expect(sleeps.all.isEmpty)
    }

    @Test func serverTroubleIsTriedThreeTimes() async throws {
        let sleeps = Sleeps()
        let error = try await nodesFailure(
            [
                .status(500, "InternalError", "etcdserver: leader changed"), .text("upstream", status: 502),
                .status(500, "InternalError", "etcdserver: request timed out"),
            ], sleeps: sleeps)
        #expect(error.code == .failed)
        #expect(error.retry == .transient)
        #expect(error.cause.hasSuffix("500 (InternalError): etcdserver: request timed out"))
        #expect(sleeps.all == [.milliseconds(200), .milliseconds(400)])
    }

    @Test func recoversFromTroubleOfAMoment() async throws {
        try await scenario([(Self.nodes, [.text("starting", status: 503), Self.none])]) { client, _ in
            let nodes = try await client.nodes()
            #expect(nodes.isEmpty)
        }
    }

    @Test(arguments: ["this is not JSON", "", "[1,2,3]", #"{"kind":"NodeList"}"#, #"{"metadata":{},"items":[{}]}"#])
    func garbageIsPermanent(body: String) async throws {
        let error = try await nodesFailure([.json(body)])
        #expect(error.code == .failed)
        #expect(error.retry == .permanent)
        #expect(error.cause.contains("makes no sense"))
    }

    @Test func answersHaveALimit() async throws {
        let limits = KubernetesClient.Limits(call: .seconds(60), answerSize: 10_000)
        let padding = String(repeating: " ", count: 10_001)
        let error = try await nodesFailure([.json(Recorded.list([]) + padding)], limits: limits)
        #expect(error.retry == .permanent)
        #expect(error.cause.contains("more than 10000 bytes"))
    }

    @Test func redirectionIsNotFollowed() async throws {
        let error = try await nodesFailure([.text("", status: 302, headers: [("Location", "/elsewhere")])])
        #expect(error.retry == .permanent)
        #expect(error.cause.hasSuffix("answered 302"))
    }

    @Test func version() async throws {
        try await scenario([("GET /version", [.json(Recorded.version)])]) { client, _ in
            let version = try await client.version()
            #expect(version == "v1.20.2")
        }
    }
}
