import AWSAPI
import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import StateStore

/// Secrets under a key of KMS: without a network, and against a server that speaks as KMS does.
@Suite struct KMSTests {
    private static let secrets = ["a": Secret("b")]

    private func store(_ fixture: Fixture, _ key: SecretsKey) -> FileStateStore { FileStateStore(root: fixture.root, key: key) }

    private func key(_ fixture: Fixture, _ kms: KMSKey?, successor: SecretsKey.Successor? = nil) -> SecretsKey {
        SecretsKey(keyFile: fixture.store.key.keyFile, kms: kms, preferred: kms == nil ? .keyFile : .kms, successor: successor)
    }

    private func create(_ fixture: Fixture, _ key: SecretsKey) async throws {
        try await store(fixture, key).withLock("demo", as: Sample.owner("x")) { session in
            try await session.create(try Sample.state())
            try await session.saveSecrets(Self.secrets)
        }
    }

    private func rotate(_ fixture: Fixture, _ key: SecretsKey) async throws {
        try await store(fixture, key).withLock("demo", as: Sample.owner("rotate")) { session in
            let secrets = try #require(try await session.secrets())
            try await session.saveSecrets(secrets)
            #expect(try await session.secrets() == secrets)
        }
    }

    @Test func aDataKeySealsAndKMSIsAskedOnce() async throws {
        try await Fixture.with { fixture in
            let source = FakeDataKeys()
            try await create(fixture, key(fixture, try KMSKey(FakeDataKeys.one, source: source)))
            #expect(source.calls.value == ["make demo"], "who sealed it can open it")
            #expect(!fixture.exists(fixture.keyPath), "no key file is made")
            let text = String(decoding: try fixture.read(fixture.folder.secrets), as: UTF8.self)
            #expect(text.contains(#""formatVersion":2"#) && text.contains(FakeDataKeys.one))
            for plaintext in source.plaintexts {
                #expect(!text.contains(Data(plaintext).base64EncodedString()) && !text.contains(plaintext.hexadecimal))
            }
            let again = store(fixture, key(fixture, try KMSKey(FakeDataKeys.one, source: source)))
            for _ in 0..<3 { #expect(try await again.readSecrets("demo") == Self.secrets) }
            #expect(source.calls.value == ["make demo", "open demo"])
            // Saved again, it is the same data key.
            _ = try await again.withLock("demo", as: Sample.owner("x")) { try await $0.saveSecrets(["a": Secret("c")]) }
            #expect(source.calls.value == ["make demo", "open demo"])
        }
    }

    @Test func withoutTheKeyAllElseWorks() async throws {
        try await Fixture.with { fixture in
            let source = FakeDataKeys()
            try await create(fixture, key(fixture, try KMSKey(FakeDataKeys.one, source: source)))
            let none = try await expectError(.notFound) { _ = try await fixture.store.readSecrets("demo") }
            #expect(none.cause.contains(FakeDataKeys.one) && none.hint?.contains("kms:Decrypt") == true)
            #expect(try await fixture.store.readState("demo") == Sample.state())
            try await fixture.store.withLock("demo", as: Sample.owner("x")) { session in
                try await session.record(.deleting)
                try await expectError(.notFound) { try await session.saveSecrets(["a": Secret("c")]) }
            }
            // Another one is not even tried: who can write to the store could have put its name there.
            let other = store(fixture, key(fixture, try KMSKey(FakeDataKeys.two, source: source)))
            let refused = try await expectError(.refused) { _ = try await other.readSecrets("demo") }
            #expect(refused.cause.contains("is not the KMS key") && source.calls.value == ["make demo"])
            // Another cluster of the store gets a key file all the same.
            try await fixture.store.withLock("other", as: Sample.owner("x")) { session in
                let use = try await session.prepareKey()
                #expect(use.created)
            }
        }
    }

    @Test func aHeaderThatWasTamperedWithIsRefused() async throws {
        try await Fixture.with { fixture in
            let source = FakeDataKeys()
            @Sendable func kms() throws -> KMSKey { try KMSKey(FakeDataKeys.one, source: source) }
            try await create(fixture, key(fixture, try kms()))
            let document = try SecretsDocument(try fixture.read(fixture.folder.secrets), cluster: "demo")
            func expectRefused(_ cluster: String = "demo", _ change: (inout SecretsDocument) -> Void) async throws {
                var changed = document
                change(&changed)
                try await expectError(.refused) {
                    let read = try SecretsDocument(try changed.bytes(), cluster: cluster)
                    _ = try key(fixture, try kms()).open(read, cluster: cluster)
                }
            }
            try await expectRefused { $0.envelope?.kmsKey = FakeDataKeys.two }
            try await expectRefused { $0.envelope?.dataKey = "AAAA" }
            try await expectRefused { $0.envelope?.dataKey = "no base64" }
            try await expectRefused { $0.envelope = nil }
            try await expectRefused { $0.formatVersion = 1 }
            try await expectRefused { $0.formatVersion = 3 }
            try await expectRefused { $0.lineage = "another" }
            try await expectRefused { $0.derivation = Derivation(rounds: 16) }
            try await expectRefused("another") { _ in }
            let opened = try key(fixture, try kms()).open(document, cluster: "demo")
            #expect(opened == Self.secrets)
        }
    }

    @Test func keysAreRotatedFromEachKindToEachOther() async throws {
        try await Fixture.with { fixture in
            let source = FakeDataKeys()
            let one = try KMSKey(FakeDataKeys.one, source: source)
            let two = try KMSKey(FakeDataKeys.two, source: source)
            let words = Passphrase(from: "a test", rounds: 16) { _ in Secret("correct horse battery") }
            try await create(fixture, key(fixture, nil))
            try await rotate(fixture, key(fixture, nil, successor: .kms(one)))
            try await expectError(.notFound) { _ = try await fixture.store.readSecrets("demo") }
            let usage = try await expectError(.usage) { try await rotate(fixture, key(fixture, one, successor: .sameKeyFile)) }
            #expect(usage.cause.contains("a KMS key encrypts them"))
            try await rotate(fixture, key(fixture, one, successor: .kms(two)))
            // The same command again goes on.
            try await rotate(fixture, key(fixture, one, successor: .kms(two)))
            try await expectError(.refused) { _ = try await store(fixture, key(fixture, one)).readSecrets("demo") }
            try await rotate(fixture, key(fixture, two, successor: .passphrase(words)))
            let opener = SecretsKey(keyFile: fixture.store.key.keyFile, passphrase: words)
            #expect(try await store(fixture, opener).readSecrets("demo") == Self.secrets)
            var back = opener
            back.successor = .kms(one)
            try await rotate(fixture, back)
            try await rotate(fixture, key(fixture, one, successor: .keyFile(fixture.store.key.keyFile)))
            #expect(try await fixture.store.readSecrets("demo") == Self.secrets)
            let text = String(decoding: try fixture.read(fixture.folder.secrets), as: UTF8.self)
            #expect(text.contains(#""formatVersion":1"#), "earlier versions read it again")
        }
    }

    @Test(arguments: ["", "slipway", "alias/", "key", "arn:aws:s3:::bucket", "alias/a b", "arn:aws:kms:eu-west-1:1:key/x", "-x"])
    func whatIsNoKeysNameIsRefused(_ name: String) async throws {
        try await expectError(.usage) { _ = try KMSKey(name, environment: [:]) }
    }

    /// What KMS says, in words that help.
    @Test func aMissingPermissionIsNamedWithTheKey() async throws {
        let text =
            "User: arn:aws:iam::111122223333:user/me is not authorized to perform: kms:GenerateDataKey on resource: "
            + "\(FakeDataKeys.one) because no identity-based policy allows the kms:GenerateDataKey action"
        let denied = try KMSKey("alias/slipway", source: KMSDataKeys(Refusal("AccessDeniedException", text)))
        let made = try await expectError(.unreachable) { _ = try await BlockingWork.run { try denied.fresh(cluster: "demo") } }
        #expect(made.hint?.contains("user/me needs the permission kms:GenerateDataKey on \(FakeDataKeys.one)") == true)
        let short = try KMSKey(FakeDataKeys.one, source: KMSDataKeys(Refusal("AccessDeniedException", "no")))
        let envelope = Envelope(kmsKey: FakeDataKeys.one, dataKey: "AAAA")
        let opened = try await expectError(.unreachable) {
            _ = try await BlockingWork.run { try short.key(envelope, cluster: "demo") }
        }
        #expect(opened.hint?.contains("kms:Decrypt on \(FakeDataKeys.one)") == true, "\(opened)")
        for (code, expected) in [
            ("IncorrectKeyException", SlipwayError.Code.refused), ("InvalidCiphertextException", .refused),
            ("NotFoundException", .notFound),
            ("DisabledException", .failed),
        ] {
            let kms = try KMSKey("alias/slipway", source: KMSDataKeys(Refusal(code, "no")))
            try await expectError(expected) { _ = try await BlockingWork.run { try kms.key(envelope, cluster: "demo") } }
        }
    }

    // MARK: A server

    @Test(.enabled(if: S3Server.python != nil, "$SLIPWAY_TEST_S3_PYTHON names a Python with the server"))
    func aServerOpensWhatItSealed() async throws {
        let server = try S3Server()
        let environment = server.environment.merging(["AWS_ENDPOINT_URL": server.url]) { $1 }
        let arn = try server.makeKMSKey(alias: "alias/slipway")
        let other = try server.makeKMSKey()
        @Sendable func kms(_ name: String) throws -> KMSKey { try KMSKey(name, environment: environment) }
        try await Fixture.with { fixture in
            try await create(fixture, key(fixture, nil))
            try await rotate(fixture, key(fixture, nil, successor: .kms(try kms("alias/slipway"))))
            let id = String(try #require(arn.split(separator: "/").last))
            for name in ["alias/slipway", arn, id] {
                #expect(try await store(fixture, key(fixture, try kms(name))).readSecrets("demo") == Self.secrets, "\(name)")
            }
            let document = try SecretsDocument(try fixture.read(fixture.folder.secrets), cluster: "demo")
            #expect(document.envelope?.kmsKey == arn)
            try await expectError(.refused) { _ = try await store(fixture, key(fixture, try kms(other))).readSecrets("demo") }
            // The context is another cluster's.
            try await expectError(.refused) {
                _ = try await BlockingWork.run { try key(fixture, try kms(arn)).open(document, cluster: "other") }
            }
            var tampered = document
            var dataKey = [UInt8](try #require(Data(base64Encoded: document.envelope?.dataKey ?? "")))
            dataKey[dataKey.count - 1] ^= 1
            tampered.envelope?.dataKey = Data(dataKey).base64EncodedString()
            let bytes = try tampered.bytes()
            let read = try SecretsDocument(bytes, cluster: "demo")
            try await expectError(.refused) {
                _ = try await BlockingWork.run { try key(fixture, try kms(arn)).open(read, cluster: "demo") }
            }
            let missing = try await expectError(.notFound) {
                try await rotate(fixture, key(fixture, try kms(arn), successor: .kms(try kms("alias/none"))))
            }
            #expect(missing.hint?.contains("us-east-1") == true)
            let words = Passphrase(from: "a test", rounds: 16) { _ in Secret("correct horse battery") }
            try await rotate(fixture, key(fixture, try kms(arn), successor: .passphrase(words)))
            let opener = SecretsKey(keyFile: fixture.store.key.keyFile, passphrase: words)
            #expect(try await store(fixture, opener).readSecrets("demo") == Self.secrets)
        }
    }
}

extension KMSDataKeys {
    fileprivate convenience init(_ transport: any AWSTransport) {
        self.init(
            environment: [
                "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "HOME": "/nonexistent",
                "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1",
            ], context: .live, transport: transport)
    }
}

/// Says no.
private struct Refusal: AWSTransport {
    let code: String
    let text: String

    init(_ code: String, _ text: String) { (self.code, self.text) = (code, text) }

    func send(_ message: HTTPMessage, within time: Duration) async throws -> HTTPAnswer {
        HTTPAnswer(status: 400, body: Array(#"{"__type":"\#(code)","message":"\#(text)"}"#.utf8))
    }
}
