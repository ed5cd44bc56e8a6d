import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import AWSAPI

@Suite struct CredentialTests {
    private static let lent =
        #"{"AccessKeyId":"LENT","SecretAccessKey":"s","Token":"t","Expiration":"2027-01-15T09:00:00Z","Code":"Success"}"#

    /// Nothing answers, as on a laptop.
    private static let silent = FakeTransport { _, _ in throw TransportFailure("no route", isTimeout: true) }

    private func find(_ environment: [String: String], _ transport: FakeTransport = silent) async throws -> AWSCredentials {
        let settings = try AWSSettings(Sample.nowhere.merging(environment) { $1 })
        return try await CredentialChain(settings, transport: transport, context: .live).credentials()
    }

    @Test func theEnvironmentIsFirst() async throws {
        try await Sample.withFiles(credentials: "[default]\naws_access_key_id = FILE\naws_secret_access_key = f\n") { home in
            let files = home.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { $1 }
            let chain = CredentialChain(try AWSSettings(files), transport: Self.silent, context: .live)
            #expect(try await chain.credentials() == AWSCredentials(accessKeyID: "FILE", secretAccessKey: Secret("f")))
            let environment = files.merging(Sample.keys.merging(["AWS_SESSION_TOKEN": "t"]) { $1 }) { $1 }
            let found = try await CredentialChain(try AWSSettings(environment), transport: Self.silent, context: .live).credentials()
            #expect(found == AWSCredentials(accessKeyID: "AKID", secretAccessKey: Secret("secret"), sessionToken: Secret("t")))
            #expect(Self.silent.messages.isEmpty)
        }
    }

    @Test func halfAKeyIsAnError() async throws {
        await #expect(throws: SlipwayError.self) { try await find(["AWS_ACCESS_KEY_ID": "A"]) }
        try await Sample.withFiles(credentials: "[default]\naws_access_key_id = FILE\n") { home in
            let settings = try AWSSettings(home)
            await #expect(throws: SlipwayError.self) {
                try await CredentialChain(settings, transport: Self.silent, context: .live).credentials()
            }
        }
    }

    @Test func aContainersRole() async throws {
        let transport = FakeTransport { message, _ in
            guard message.url == "http://127.0.0.1:7/creds", message.header("authorization") == "let me in" else {
                return HTTPAnswer(status: 403)
            }
            return FakeTransport.xml(200, Self.lent)
        }
        let environment = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:7/creds", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "let me in",
        ]
        let found = try await find(environment, transport)
        #expect(found.accessKeyID == "LENT" && found.sessionToken == Secret("t") && found.expiration != nil)
        let error = await #expect(throws: SlipwayError.self) {
            try await find(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://evil.example.org/creds"], transport)
        }
        #expect(error?.cause.contains("plain HTTP") == true)
        let relative = FakeTransport { message, _ in
            message.url == "http://169.254.170.2/v2/x" ? FakeTransport.xml(200, Self.lent) : HTTPAnswer(status: 404)
        }
        #expect(try await find(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"], relative).accessKeyID == "LENT")
    }

    @Test func aMachinesRole() async throws {
        let transport = FakeTransport { message, _ in
            let base = "http://127.0.0.1:8/latest"
            switch (message.method, message.url, message.header("x-aws-ec2-metadata-token")) {
            case ("PUT", "\(base)/api/token", nil): return FakeTransport.xml(200, "TOKEN")
            case ("GET", "\(base)/meta-data/iam/security-credentials/", "TOKEN"): return FakeTransport.xml(200, "role-a\n")
            case ("GET", "\(base)/meta-data/iam/security-credentials/role-a", "TOKEN"): return FakeTransport.xml(200, Self.lent)
            default: return HTTPAnswer(status: 401)
            }
        }
        let environment = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:8/"]
        #expect(try await find(environment, transport).accessKeyID == "LENT")
        let error = await #expect(throws: SlipwayError.self) {
            try await find(environment.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { $1 }, transport)
        }
        #expect(error?.hint?.contains("AWS_ACCESS_KEY_ID") == true)
        await #expect(throws: SlipwayError.self) { try await find([:]) }
    }

    @Test func lentCredentialsAreReplacedBeforeTheirEnd() async throws {
        let clock = TestClock()
        let transport = FakeTransport { _, count in
            let end = Date(timeIntervalSince1970: 1_800_000_000 + Double(count) * 3600).formatted(.iso8601)
            return FakeTransport.xml(200, #"{"AccessKeyId":"L\#(count)","SecretAccessKey":"s","Expiration":"\#(end)"}"#)
        }
        let settings = try AWSSettings(Sample.nowhere.merging(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"]) { $1 })
        let chain = CredentialChain(settings, transport: transport, context: clock.context)
        #expect(try await chain.credentials().accessKeyID == "L1")
        try await clock.context.sleep(.seconds(3200))
        #expect(try await chain.credentials().accessKeyID == "L1")
        try await clock.context.sleep(.seconds(200))
        #expect(try await chain.credentials().accessKeyID == "L2")
        await chain.forget(try await chain.credentials())
        #expect(try await chain.credentials().accessKeyID == "L3")
    }
}
