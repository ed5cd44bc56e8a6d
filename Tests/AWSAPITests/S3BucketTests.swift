import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import AWSAPI

@Suite struct S3BucketTests {
    private func bucket(_ transport: FakeTransport, _ clock: TestClock = TestClock(), _ more: [String: String] = [:]) throws -> S3Bucket {
        try S3Bucket(
            "plain", settings: Sample.settings(Sample.keys.merging(more) { $1 }), transport: transport, context: clock.context,
            retry: StandardRetry(random: { 0.5 }))
    }

    @Test func requestsAreSignedAndSentWhereTheBucketIs() async throws {
        let transport = FakeTransport { _, _ in HTTPAnswer(status: 200, headers: [("ETag", "\"1\"")]) }
        let put = try await bucket(transport).put("a/b c.json", Array("x".utf8), if: .matches(etag: "\"0\""))
        #expect(put == .stored(etag: "\"1\""))
        let message = try #require(transport.messages.first)
        #expect(message.method == "PUT" && message.url == "https://plain.s3.eu-west-1.amazonaws.com/a/b%20c.json")
        #expect(message.header("if-match") == "\"0\"")
        #expect(message.header("x-amz-content-sha256") == SignatureV4.digest(Array("x".utf8)))
        let authorization = try #require(message.header("authorization"))
        #expect(authorization.contains("Credential=AKID/20270115/eu-west-1/s3/aws4_request"))
        #expect(authorization.contains("SignedHeaders=content-type;host;if-match;x-amz-content-sha256;x-amz-date,"))
        let local = FakeTransport { _, _ in HTTPAnswer(status: 204) }
        try await bucket(local, TestClock(), ["AWS_ENDPOINT_URL": "http://127.0.0.1:9000/base/"]).delete("k")
        #expect(local.messages.first?.url == "http://127.0.0.1:9000/base/plain/k")
    }

    @Test func whatMayPassIsTriedAgain() async throws {
        let clock = TestClock()
        let start = clock.now
        let transport = FakeTransport { _, count in
            switch count {
            case 1: throw TransportFailure("reset")
            case 2: FakeTransport.error(503, "SlowDown")
            default: HTTPAnswer(status: 200, headers: [("etag", "\"1\"")], body: [1])
            }
        }
        #expect(try await bucket(transport, clock).get("k")?.bytes == [1])
        #expect(transport.messages.count == 3)
        #expect(abs(clock.now.timeIntervalSince(start) - 0.3) < 0.001, "0.1 s, then 0.2 s")
        let down = FakeTransport { _, _ in FakeTransport.error(500, "InternalError") }
        let error = await #expect(throws: SlipwayError.self) { try await bucket(down).get("k") }
        #expect(down.messages.count == 3)
        #expect(error?.code == .unreachable && error?.retry == .transient && error?.cause.contains("R1") == true)
    }

    @Test func whatWillNotPassIsNotTriedAgain() async throws {
        let denied = FakeTransport { _, _ in FakeTransport.error(403, "AccessDenied") }
        let error = await #expect(throws: SlipwayError.self) { try await bucket(denied).get("k") }
        #expect(denied.messages.count == 1)
        #expect(error?.code == .unreachable && error?.retry == .permanent && error?.hint?.contains("right") == true)
        #expect(error?.cause == "no & no (AccessDenied, status 403, request R1)")
    }

    /// A service in trouble is not asked three times by everyone for ever.
    @Test func retriesComeOutOfAPurse() async throws {
        let down = FakeTransport { _, _ in throw TransportFailure("timeout", isTimeout: true) }
        let bucket = try bucket(down)
        for _ in 0..<60 { _ = try? await bucket.get("k") }
        #expect(down.messages.count == 60 + 50, "500 at 10 each")
    }

    @Test func missingObjectsAndMissingBucketsAreTwoThings() async throws {
        let missing = FakeTransport { _, _ in FakeTransport.error(404, "NoSuchKey") }
        #expect(try await bucket(missing).get("k") == nil)
        #expect(try await bucket(missing).head("k") == nil)
        #expect(try await bucket(missing).put("k", [], if: .matches(etag: "x")) == .conditionFailed)
        try await bucket(missing).delete("k")
        let none = FakeTransport { _, _ in FakeTransport.error(404, "NoSuchBucket") }
        await #expect(throws: SlipwayError.self) { try await bucket(none).get("k") }
        await #expect(throws: SlipwayError.self) { try await bucket(none).put("k", [], if: .absent) }
    }

    @Test func objectsThatAreNotRemovedAreNamed() async throws {
        let transport = FakeTransport { _, _ in
            FakeTransport.xml(200, "<DeleteResult><Error><Key>b</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>")
        }
        let error = await #expect(throws: SlipwayError.self) { try await bucket(transport).delete(["a", "b"]) }
        #expect(error?.cause.contains("b: no") == true)
    }

    @Test func aListingThatIsNoneIsRefused() async throws {
        for text in ["", "<html/>", "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"] {
            let transport = FakeTransport { _, _ in FakeTransport.xml(200, text) }
            await #expect(throws: SlipwayError.self) { try await bucket(transport).list("x") }
        }
    }

    @Test func expiredCredentialsAreLookedForAgainOnce() async throws {
        let transport = FakeTransport { _, count in
            count == 1 ? FakeTransport.error(400, "ExpiredToken") : HTTPAnswer(status: 200, body: [2])
        }
        #expect(try await bucket(transport).get("k")?.bytes == [2])
        let always = FakeTransport { _, _ in FakeTransport.error(400, "ExpiredToken") }
        await #expect(throws: SlipwayError.self) { try await bucket(always).get("k") }
        #expect(always.messages.count == 2)
    }
}

/// The same calls to a real server.
@Suite(.enabled(if: S3Server.python != nil, "$SLIPWAY_TEST_S3_PYTHON names a Python with the server")) struct S3ServerTests {
    private func bucket(_ name: String? = nil) throws -> S3Bucket {
        let server = try S3Server.shared
        return try S3Bucket(name ?? server.bucket, settings: AWSSettings(server.environment))
    }

    @Test func putsUnderConditions() async throws {
        let bucket = try bucket()
        let key = "\(UUID().uuidString)/x y+z"
        #expect(try await bucket.get(key) == nil)
        #expect(try await bucket.head(key) == nil)
        #expect(try await bucket.put(key, [1], if: .matches(etag: "\"x\"")) == .conditionFailed)
        guard case .stored(let first) = try await bucket.put(key, [1], if: .absent) else { return #expect(Bool(false), "not stored") }
        #expect(try await bucket.put(key, [2], if: .absent) == .conditionFailed)
        let found = try #require(try await bucket.get(key))
        #expect(found.bytes == [1] && found.etag == first)
        let age = try #require(found.answered).timeIntervalSince(try #require(found.modified))
        #expect(age >= 0 && age < 60)
        guard case .stored(let second) = try await bucket.put(key, [3], if: .matches(etag: first)) else {
            return #expect(Bool(false), "not stored")
        }
        #expect(try await bucket.put(key, [4], if: .matches(etag: first)) == .conditionFailed)
        #expect(try await bucket.head(key)?.etag == second)
        #expect(try await bucket.get(key)?.bytes == [3])
        try await bucket.delete(key)
        try await bucket.delete(key)
        #expect(try await bucket.get(key) == nil)
    }

    @Test func oneOfManyWins() async throws {
        let bucket = try bucket()
        let key = "\(UUID().uuidString)/one"
        let stored = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<40 {
                group.addTask { if case .stored = try await bucket.put(key, [UInt8(number)], if: .absent) { true } else { false } }
            }
            return try await group.reduce(into: 0) { if $1 { $0 += 1 } }
        }
        #expect(stored == 1)
    }

    @Test func listingsArePagedAndManyAreRemoved() async throws {
        let bucket = try bucket()
        let prefix = "\(UUID().uuidString)/"
        for name in ["a/1", "a/2", "b/1", "c", "d"] { _ = try await bucket.put(prefix + name, Array(name.utf8)) }
        for size in [1, 2, 1000] {
            let all = try await bucket.list(prefix, pageSize: size)
            #expect(all.entries.map(\.key) == ["a/1", "a/2", "b/1", "c", "d"].map { prefix + $0 })
            #expect(all.entries.map(\.size) == [3, 3, 3, 1, 1] && all.prefixes == [])
            let folders = try await bucket.list(prefix, delimiter: "/", pageSize: size)
            #expect(folders.entries.map(\.key) == ["c", "d"].map { prefix + $0 })
            #expect(folders.prefixes == ["a/", "b/"].map { prefix + $0 })
        }
        try await bucket.delete(["a/1", "a/2", "nothing", "c"].map { prefix + $0 })
        #expect(try await bucket.list(prefix).entries.map(\.key) == ["b/1", "d"].map { prefix + $0 })
    }

    @Test func aMissingBucketIsSaid() async throws {
        let bucket = try bucket("no-such-bucket")
        let error = await #expect(throws: SlipwayError.self) { try await bucket.get("x") }
        #expect(error?.code == .unreachable && error?.cause.contains("NoSuchBucket") == true && error?.hint?.contains("bucket") == true)
    }

    @Test func anEndpointThatIsNotThereIsSaid() async throws {
        let server = try S3Server.shared
        let nowhere = server.environment.merging(["AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1"]) { $1 }
        let bucket = try S3Bucket("x-y", settings: AWSSettings(nowhere))
        let error = await #expect(throws: SlipwayError.self) { try await bucket.get("x") }
        #expect(error?.code == .unreachable && error?.retry == .transient && error?.cause.contains("127.0.0.1:1") == true)
    }
}
