import ClusterModel
import Foundation
import Testing

@testable import StateStore

/// Passphrases in the place of key files, and keys that are rotated.
@Suite struct KeyRotationTests {
    private static let words = "correct horse battery"

    private static func passphrase(_ text: String) -> Passphrase { Passphrase(from: "a test", rounds: 16) { _ in Secret(text) } }

    private func store(_ fixture: Fixture, _ change: (inout SecretsKey) -> Void) -> FileStateStore {
        var key = fixture.store.key
        change(&key)
        return FileStateStore(root: fixture.root, key: key)
    }

    // MARK: Passphrases

    @Test func aPassphraseSealsAndOpens() async throws {
        try await Fixture.with { fixture in
            var fixture = fixture
            let files = fixture.store
            fixture.usePassphrase(Self.words)
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            let use = try await session.saveSecrets(["a": Secret("b")])
            #expect(!use.created && use.path == "a test")
            await session.release()
            #expect(!fixture.exists(fixture.keyPath), "no key file is made")
            #expect(try await fixture.store.readSecrets("demo") == ["a": Secret("b")])
            let text = String(decoding: try fixture.read(fixture.folder.secrets), as: UTF8.self)
            #expect(text.contains("scrypt") && !text.contains(Self.words))

            // Whoever has another one, or none, is told so. Everything without secrets works.
            let wrong = store(fixture) { $0.passphrase = Self.passphrase("correct horse batterie") }
            let refused = try await expectError(.refused) { _ = try await wrong.readSecrets("demo") }
            #expect(refused.cause.contains("a test does not open them"))
            let none = try await expectError(.notFound) { _ = try await files.readSecrets("demo") }
            #expect(none.cause.contains("a passphrase encrypted them"))
            #expect(try await files.readState("demo") == Sample.state())
            let next = try await files.lock("demo", as: Sample.owner("x"), timeout: .zero, waiting: { _ in })
            try await next.record(.deleting)
            try await expectError(.notFound) { try await next.saveSecrets(["a": Secret("c")]) }
            await next.release()
            // A passphrase needs no key file: another cluster of the store gets one of its own.
            let other = try await files.lock("other", as: Sample.owner("x"), timeout: .zero, waiting: { _ in })
            #expect(try await other.prepareKey().created)
            await other.release()
        }
    }

    @Test func itIsAskedForOnceAndOnlyWhenItIsNeeded() async throws {
        try await Fixture.with { fixture in
            let asked = Shared<[Bool]>([])
            let passphrase = Passphrase(from: "a test", rounds: 16) { isNew in
                asked.change { $0.append(isNew) }
                return Secret(Self.words)
            }
            let store = store(fixture) {
                $0.passphrase = passphrase
                $0.preferred = .passphrase
            }
            let session = try await store.lock("demo", as: Sample.owner("x"), timeout: .zero, waiting: { _ in })
            try await session.create(try Sample.state())
            _ = try await store.readState("demo")
            #expect(asked.value == [])
            try await session.saveSecrets(["a": Secret("b")])
            try await session.saveSecrets(["a": Secret("c")])
            #expect(try await session.secrets() == ["a": Secret("c")])
            #expect(asked.value == [true])
            await session.release()
        }
    }

    @Test func aShortOneIsRefusedForWhatIsNew() async throws {
        try await Fixture.with { fixture in
            var fixture = fixture
            fixture.usePassphrase("elevenchars")
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            let error = try await expectError(.usage) { try await session.saveSecrets(["a": Secret("b")]) }
            #expect(error.cause.contains("fewer than 12") && !error.description.contains("elevenchars"))
            await session.release()
        }
    }

    @Test func theDerivationIsScryptAndCostsMemory() throws {
        // RFC 7914, the third vector, to show that the numbers mean what they say there.
        var derivation = Derivation(rounds: 16384)
        derivation.salt = Data("SodiumChloride".utf8).base64EncodedString()
        #expect(derivation.key(from: Secret("pleaseletmein")) == nil, "a salt of fewer than 16 bytes is none of ours")
        #expect(Derivation.standardRounds * 128 * 8 == 128 << 20)
        derivation = Derivation()
        #expect(derivation.rounds == Derivation.standardRounds && derivation.parallelism == 1)
        #expect(Derivation().salt != derivation.salt)
        for bad in [(0, 8, 1), (3, 8, 1), (1 << 24, 8, 1), (16, 0, 1), (16, 8, 99)] {
            var odd = derivation
            (odd.rounds, odd.blockSize, odd.parallelism) = bad
            #expect(odd.key(from: Secret("pleaseletmein")) == nil, "\(bad)")
        }
        var small = Derivation(rounds: 16)
        small.salt = Data(repeating: 7, count: 16).base64EncodedString()
        #expect(small.key(from: Secret("a"))?.id == small.key(from: Secret("a"))?.id)
        #expect(small.key(from: Secret("a"))?.id != small.key(from: Secret("b"))?.id)
    }

    @Test func aPassphrasesFileIsPrivate() async throws {
        try await Fixture.with { fixture in
            try FileManager.default.createDirectory(atPath: fixture.base, withIntermediateDirectories: true)
            let path = "\(fixture.base)/passphrase"
            try await expectError(.notFound) { _ = try PrivateFile.passphrase(at: path) }
            try fixture.write("two words \r\n\n".utf8, to: path)
            chmod(path, 0o644)
            let error = try await expectError(.refused) { _ = try PrivateFile.passphrase(at: path) }
            #expect(error.cause.contains("mode 644") && !error.description.contains("two words"))
            chmod(path, 0o600)
            #expect(try PrivateFile.passphrase(at: path) == Secret("two words "))
            try fixture.write("\n".utf8, to: path)
            try await expectError(.refused) { _ = try PrivateFile.passphrase(at: path) }
        }
    }

    // MARK: Rotation

    @Test func aKeyFileIsRotatedInPlace() async throws {
        try await Fixture.with { fixture in
            try await expectError(.notFound) { _ = try fixture.store.key.keyFile.rotate() }
            #expect(!fixture.exists(fixture.keyPath), "no new key in the place of a lost one")
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            let old = try await session.saveSecrets(["a": Secret("b")])
            let keys = try fixture.store.key.keyFile.rotate()
            #expect(keys.old == old.id && keys.new != old.id)
            let mode = try FileManager.default.attributesOfItem(atPath: fixture.keyPath)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(try await session.secrets() == ["a": Secret("b")], "the old one still opens")
            #expect(try await session.saveSecrets(["a": Secret("b")]).id == keys.new)
            for file in [fixture.folder.secrets, fixture.folder.secretsCopy] {
                #expect(String(decoding: try fixture.read(file), as: UTF8.self).contains(keys.new), "\(file)")
            }
            await session.release()
        }
    }

    /// What a rotation does to the secrets of a cluster, stopped before every change that it makes on disk.
    @Test(arguments: [
        "in place", "to another file", "to a passphrase", "from a passphrase", "to a KMS key", "from a KMS key", "to another KMS key",
        "to a new data key",
    ])
    func aRotationCanStopAnywhere(_ kind: String) async throws {
        let hook = Hook()
        try await Fixture.with(files: hook.files) { original in
            var fixture = original
            if kind == "from a passphrase" { fixture.usePassphrase(Self.words) }
            // Each process knows only what it has asked for itself.
            let source = FakeDataKeys()
            @Sendable func kms(_ name: String) throws -> KMSKey { try KMSKey(name, source: source) }
            let isOfKMS = ["from a KMS key", "to another KMS key", "to a new data key"].contains(kind)
            func opener(_ file: KeyFile) throws -> SecretsKey {
                var key = fixture.store.key
                key.keyFile = file
                if isOfKMS { (key.kms, key.preferred) = (try kms(FakeDataKeys.one), .kms) }
                return key
            }
            let target = kind == "to another KMS key" ? FakeDataKeys.two : FakeDataKeys.one
            if isOfKMS { fixture.store = FileStateStore(root: fixture.root, key: try opener(fixture.store.key.keyFile)) }
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            try await session.saveSecrets(["a": Secret("b")])
            await session.release()

            let newFile = KeyFile(path: "\(fixture.base)/new/key")
            var key = try opener(fixture.store.key.keyFile)
            switch kind {
            case "in place": key.successor = .sameKeyFile
            case "to a passphrase": key.successor = .passphrase(Self.passphrase("another horse"))
            case "to a KMS key", "to another KMS key", "to a new data key": key.successor = .kms(try kms(target))
            default: key.successor = .keyFile(newFile)
            }
            let rotating = FileStateStore(root: fixture.root, key: key, context: .live, files: hook.files)
            let points = Shared<[String]>([])
            let base = fixture.base
            hook.set { act, _ in
                if act == .open || act == .lock { return }
                let point = points.change { points in
                    points.append("point-\(points.count)")
                    return points.last ?? ""
                }
                // The keys as they are then, too.
                try FileManager.default.createDirectory(atPath: "\(base)/\(point)", withIntermediateDirectories: true)
                for part in ["state", "config", "new"] where FileManager.default.fileExists(atPath: "\(base)/\(part)") {
                    try FileManager.default.copyItem(atPath: "\(base)/\(part)", toPath: "\(base)/\(point)/\(part)")
                }
            }
            if kind == "in place" { _ = try fixture.store.key.keyFile.rotate(hook.files) }
            let next = try await rotating.lock("demo", as: Sample.owner("rotate"), timeout: .zero, waiting: { _ in })
            let secrets = try #require(try await next.secrets())
            try await next.saveSecrets(secrets)
            await next.release()
            hook.clear()

            #expect(points.value.count >= 8)
            for point in points.value {
                let folder = "\(base)/\(point)"
                func at(_ path: String) -> String { path.replacing(base, with: folder) }
                let before = try opener(KeyFile(path: at(fixture.store.key.keyFile.path)))
                var after = before
                switch kind {
                case "to a KMS key", "to another KMS key", "to a new data key":
                    after = SecretsKey(keyFile: KeyFile(path: "\(folder)/none"), kms: try kms(target))
                case "to a passphrase": after = SecretsKey(keyFile: before.keyFile, passphrase: Self.passphrase("another horse"))
                case "in place": break
                default: after = SecretsKey(keyFile: KeyFile(path: at(newFile.path)))
                }
                let opened = await [before, after].asyncCompactMap { key in
                    (try? await FileStateStore(root: "\(folder)/state", key: key).readSecrets("demo")) ?? nil
                }
                #expect(opened.contains(["a": Secret("b")]), "\(kind), \(point): neither key opens the secrets")
                // The same command again ends it.
                var again = before
                again.successor = key.successor
                if case .keyFile = key.successor { again.successor = .keyFile(KeyFile(path: at(newFile.path))) }
                if case .kms = key.successor { again.successor = .kms(try kms(target)) }
                let store = FileStateStore(root: "\(folder)/state", key: again)
                let last = try await store.lock("demo", as: Sample.owner("rotate"), timeout: .zero, waiting: { _ in })
                if let left = try await last.secrets() { try await last.saveSecrets(left) }
                await last.release()
                #expect(
                    try await FileStateStore(root: "\(folder)/state", key: after).readSecrets("demo") == ["a": Secret("b")],
                    "\(kind), \(point)")
            }
        }
    }

    @Test func whoCannotOpenThemCannotRotateThem() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            try await session.saveSecrets(["a": Secret("b")])
            await session.release()
            let stored = try fixture.read(fixture.folder.secrets)
            let foreign = store(fixture) {
                $0.keyFile = KeyFile(path: "\(fixture.base)/foreign/key")
                $0.successor = .passphrase(Self.passphrase("another horse"))
            }
            let next = try await foreign.lock("demo", as: Sample.owner("x"), timeout: .zero, waiting: { _ in })
            try await expectError(.notFound) { try await next.saveSecrets(["a": Secret("c")]) }
            await next.release()
            #expect(try fixture.read(fixture.folder.secrets) == stored)
        }
    }
}

extension Array {
    fileprivate func asyncCompactMap<Result>(_ transform: (Element) async -> Result?) async -> [Result] {
        var results: [Result] = []
        for element in self { if let result = await transform(element) { results.append(result) } }
        return results
    }
}
