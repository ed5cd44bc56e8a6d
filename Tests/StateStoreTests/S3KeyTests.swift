import AWSAPI
import ClusterModel
import Foundation
import Testing

@testable import StateStore

/// Keys, passphrases and history on S3: the same as in a folder.
@Suite struct S3KeyTests {
    /// The same objects by another key.
    private func store(_ fixture: S3Fixture, _ change: (inout SecretsKey) -> Void) -> S3StateStore {
        var key = fixture.store.key
        change(&key)
        var store = S3StateStore(
            bucket: fixture.store.bucket, prefix: fixture.store.prefix, key: key, context: .live, objects: fixture.objects)
        store.clock = fixture.store.clock
        return store
    }

    @Test func secretsAreSealedWithAnotherKey() async throws {
        try await S3Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            let old = try await session.saveSecrets(["a": Secret("b")])
            await session.release()
            func open(_ change: (inout SecretsKey) -> Void) -> S3StateStore { store(fixture, change) }
            let words = Passphrase(from: "a test", rounds: 16) { _ in Secret("correct horse battery") }
            func rotate(_ successor: SecretsKey.Successor, _ change: (inout SecretsKey) -> Void = { _ in }) async throws -> KeyUse {
                let store = open {
                    change(&$0)
                    $0.successor = successor
                }
                return try await store.withLock("demo", as: Sample.owner("rotate")) { session in
                    let secrets = try #require(try await session.secrets())
                    return try await session.saveSecrets(secrets)
                }
            }
            let keys = try fixture.store.key.keyFile.rotate()
            #expect(keys.old == old.id)
            #expect(try await rotate(.sameKeyFile).id == keys.new)
            #expect(try await fixture.store.readSecrets("demo") == ["a": Secret("b")])
            #expect(try await rotate(.passphrase(words)).path == "a test")
            try await expectError(.notFound) { _ = try await fixture.store.readSecrets("demo") }
            #expect(try await open { $0.passphrase = words }.readSecrets("demo") == ["a": Secret("b")])
            try await expectError(.usage) { _ = try await rotate(.sameKeyFile) { $0.passphrase = words } }
            _ = try await rotate(.keyFile(KeyFile(path: "\(fixture.folder)/new"))) { $0.passphrase = words }
            #expect(try await open { $0.keyFile = KeyFile(path: "\(fixture.folder)/new") }.readSecrets("demo") == ["a": Secret("b")])
        }
    }

    @Test(arguments: S3Fixture.Kind.available) func aDataKeySealsThem(_ kind: S3Fixture.Kind) async throws {
        try await S3Fixture.with(kind) { fixture in
            let source = FakeDataKeys()
            let secrets = ["a": Secret("b")]
            // Each store is as another process has it: it knows no data key yet.
            func open(_ name: String?, successor: SecretsKey.Successor? = nil) throws -> S3StateStore {
                let kms = try name.map { try KMSKey($0, source: source) }
                return store(fixture) {
                    ($0.kms, $0.successor) = (kms, successor)
                    if kms != nil { $0.preferred = .kms }
                }
            }
            func rotate(_ name: String?, _ successor: SecretsKey.Successor) async throws {
                try await open(name, successor: successor).withLock("demo", as: Sample.owner("rotate")) { session in
                    try await session.saveSecrets(try #require(try await session.secrets()))
                    #expect(try await session.secrets() == secrets)
                }
            }
            func stored() async throws -> SecretsDocument {
                let bytes = try #require(try await fixture.objects.get(fixture.keys.secrets)).bytes
                #expect(try await fixture.objects.get(fixture.keys.secretsCopy)?.bytes == bytes)
                return try SecretsDocument(bytes, cluster: "demo")
            }
            try await open(FakeDataKeys.one).withLock("demo", as: Sample.owner("create")) { session in
                try await session.create(try Sample.state())
                try await session.saveSecrets(secrets)
            }
            #expect(!FileManager.default.fileExists(atPath: "\(fixture.folder)/key"), "no key file is made")
            #expect(try await stored().envelope?.kmsKey == FakeDataKeys.one)
            #expect(try await open(FakeDataKeys.one).readSecrets("demo") == secrets)
            #expect(source.calls.value == ["make demo", "open demo"])
            try await expectError(.notFound) { _ = try await fixture.store.readSecrets("demo") }
            try await expectError(.refused) { _ = try await open(FakeDataKeys.two).readSecrets("demo") }
            #expect(try await fixture.store.readState("demo") == Sample.state(), "what needs no secret works without")

            try await rotate(FakeDataKeys.one, .kms(try KMSKey(FakeDataKeys.two, source: source)))
            try await expectError(.refused) { _ = try await open(FakeDataKeys.one).readSecrets("demo") }
            #expect(try await open(FakeDataKeys.two).readSecrets("demo") == secrets)
            try await rotate(FakeDataKeys.two, .keyFile(fixture.store.key.keyFile))
            #expect(try await fixture.store.readSecrets("demo") == secrets)
            #expect(try await stored().formatVersion == 1)
        }
    }

    /// As in a folder: what damages or overwrites one of the two objects seldom does it to both.
    @Test(arguments: S3Fixture.Kind.available) func aCopyOfTheSecretsIsKeptAndNamed(_ kind: S3Fixture.Kind) async throws {
        try await S3Fixture.with(kind) { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            _ = try await session.saveSecrets(["a": Secret("b")])
            // More states than are kept push no copy out, and it is not taken for one of them.
            for ordinal in 1...12 {
                try await session.record(.machineIntended(try Sample.machine(ordinal)))
                try await session.checkpoint()
            }
            _ = try await session.saveSecrets(["a": Secret("c")])
            await session.release()
            let whole = try #require(try await fixture.objects.get(fixture.keys.secrets)).bytes
            let copy = try #require(try await fixture.objects.get(fixture.keys.secretsCopy)).bytes
            #expect(copy == whole)
            #expect(try await fixture.store.history("demo").count == ClusterFolder.backupsKept + 1)

            func damaged() async throws -> SlipwayError {
                try await expectError(.refused) { _ = try await fixture.store.readSecrets("demo") }
            }
            _ = try await fixture.objects.put(fixture.keys.secrets, whole.dropLast(31), if: .none)
            let url = fixture.store.url
            #expect(try await damaged().hint?.contains("copy \(url(fixture.keys.secretsCopy)) over \(url(fixture.keys.secrets))") == true)
            // The copy is damaged, too, or of another cluster: then it is not named.
            _ = try await fixture.objects.put(fixture.keys.secretsCopy, whole.dropLast(7), if: .none)
            #expect(try await damaged().hint == "restore it from a copy")
            // What the hint says to do.
            _ = try await fixture.objects.put(fixture.keys.secrets, copy, if: .none)
            #expect(try await fixture.store.readSecrets("demo") == ["a": Secret("c")])
            // The next save mends the copy.
            try await fixture.store.withLock("demo", as: Sample.owner("test")) { _ = try await $0.saveSecrets(["a": Secret("d")]) }
            let mended = try await fixture.objects.get(fixture.keys.secretsCopy)?.bytes
            #expect(try await fixture.objects.get(fixture.keys.secrets)?.bytes == mended)
        }
    }

    /// It stood still after the secrets were put; another one has the lock meanwhile, and saves.
    @Test func whoLostTheLockBringsNoOldCopyBack() async throws {
        let objects = MemoryObjects()
        try await S3Fixture.with(objects: objects) { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            _ = try await session.saveSecrets(["a": Secret("b")])
            let key = fixture.keys.secretsCopy
            objects.before { act, which in
                guard act == .put, which == key else { return }
                objects.before { _, _ in }
                try await fixture.kill(session)
                try await fixture.store.withLock("demo", as: Sample.owner("other")) { _ = try await $0.saveSecrets(["a": Secret("d")]) }
            }
            try await expectError(.tryAgain) { _ = try await session.saveSecrets(["a": Secret("c")]) }
            #expect(try await fixture.store.readSecrets("demo") == ["a": Secret("d")])
            #expect(objects.bytes(key) == objects.bytes(fixture.keys.secrets))
        }
    }

    @Test func theLastStatesAreKept() async throws {
        try await S3Fixture.with { fixture in
            #expect(try await fixture.store.history("demo").isEmpty)
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            for ordinal in 1...3 {
                try await session.record(.machineIntended(try Sample.machine(ordinal)))
                try await session.checkpoint()
            }
            try await session.record(.deleting)
            let history = try await fixture.store.history("demo")
            #expect(history.map(\.state.serial) == [0, 1, 2, 4])
            #expect(history.last?.written == nil)
            #expect(history.last?.state == (await session.state))
            await session.release()
        }
    }
}
