import ClusterModel
import Foundation
import Testing

@testable import StateStore

@Suite struct SecretsTests {
    static let secret = Secret((0..<64).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) })
    static let text = Secret("-----BEGIN PRIVATE KEY-----\nhunter2hunter2hunter2\n-----END PRIVATE KEY-----\n")

    @Test func theyComeBackAndAreNowhereInClear() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            #expect(try await session.secrets() == nil)
            let use = try await session.saveSecrets(["ca/kubernetes": Self.text, "etcd": Self.secret])
            #expect(use.created && use.path == fixture.keyPath)
            #expect(try await session.secrets() == ["ca/kubernetes": Self.text, "etcd": Self.secret])
            #expect(try await session.saveSecrets(["etcd": Self.secret, "ca/kubernetes": Self.text]).created == false)
            try await session.record(.deleting)
            let log = try await session.runLog("r1")
            log.append(Sample.event("saved"))
            _ = await log.close()
            try await session.checkpoint()
            #expect(try await fixture.store.readSecrets("demo") == ["ca/kubernetes": Self.text, "etcd": Self.secret])

            let key = try #require(String(decoding: fixture.read(fixture.keyPath), as: UTF8.self).split(separator: "\n").last)
            let keyBytes = try #require(Data(base64Encoded: String(key)))
            let needles = Self.forms([UInt8](keyBytes)) + Self.forms(Self.secret.reveal()) + Self.forms(Self.text.reveal())
            var searched = 0
            for entry in try fixture.tree(fixture.root) where !entry.isFolder {
                let content = Data(try fixture.read(entry.path))
                for needle in needles { #expect(content.range(of: needle) == nil, "\(entry.path)") }
                searched += 1
            }
            #expect(searched >= 7)
            #expect(Data(Self.text.reveal()).range(of: Data("hunter2hunter2".utf8)) != nil)
            await session.release()
        }
    }

    /// The bytes, in hexadecimal, and in base64 however they lie in what was encoded.
    private static func forms(_ bytes: [UInt8]) -> [Data] {
        let middle = Array(bytes.dropFirst(8).prefix(18))
        var forms = [Data(middle), Data(middle.hexadecimal.utf8)]
        for skipped in 0..<3 {
            let part = Data(middle.dropFirst(skipped).prefix(15))
            forms.append(Data(part.base64EncodedString().utf8))
        }
        return forms
    }

    @Test func theSearchFindsWhatIsThere() {
        let inside = Data("xx".utf8) + Data(Self.text.reveal())
        let encoded = [inside, inside.dropFirst(1), inside.dropFirst(2)].map { Data(Data($0).base64EncodedString().utf8) }
        for content in encoded { #expect(Self.forms(Self.text.reveal()).contains { content.range(of: $0) != nil }) }
    }

    @Test func readingNeedsNoKeyButForSecrets() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            let use = try await session.saveSecrets(["a": Secret("b")])
            await session.release()
            let key = try fixture.read(fixture.keyPath)
            try FileManager.default.removeItem(atPath: fixture.keyPath)

            #expect(try await fixture.store.readState("demo") == Sample.state())
            #expect(try await fixture.store.clusters() == ["demo"])
            let next = try await fixture.lock()
            try await next.record(.deleting)
            for attempt in 0..<4 {
                let error = try await expectError(.notFound) {
                    switch attempt {
                    case 0: _ = try await next.secrets()
                    case 1: try await next.saveSecrets(["a": Secret("c")])
                    case 2: try await next.prepareKey()
                    default: _ = try await fixture.store.readSecrets("demo")
                    }
                }
                #expect(error.cause.contains("that encrypted the secrets is not here: \(fixture.keyPath)"))
                #expect(error.cause.contains(use.id))
            }
            #expect(!fixture.exists(fixture.keyPath), "no new key in the place of the lost one")
            await next.release()
            // Neither for another cluster: the lost key may come back.
            let other = try await fixture.lock("other")
            try await expectError(.notFound) { try await other.prepareKey() }
            await other.release()
            try fixture.write(key, to: fixture.keyPath)
            chmod(fixture.keyPath, 0o600)
            #expect(try await fixture.store.readSecrets("demo") == ["a": Secret("b")])
        }
    }

    @Test func aWrongKeyIsNamedWithTheRightOne() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            let use = try await session.saveSecrets(["a": Secret("b")])
            await session.release()
            let stored = try fixture.read(fixture.folder.secrets)
            let foreign = KeyFile(path: "\(fixture.base)/foreign/key")
            let key = try foreign.loadOrCreate(neededID: nil).key
            #expect(key.id != use.id)
            let store = FileStateStore(root: fixture.root, keyFile: foreign)
            let error = try await expectError(.refused) { _ = try await store.readSecrets("demo") }
            #expect(error.cause.contains(key.id) && error.cause.contains(use.id))
            let next = try await store.lock("demo", as: Sample.owner("x"), timeout: .zero, waiting: { _ in })
            try await expectError(.refused) { try await next.saveSecrets(["a": Secret("c")]) }
            await next.release()
            #expect(try fixture.read(fixture.folder.secrets) == stored)
        }
    }

    @Test func everyFlippedByteIsRefused() async throws {
        let key = StoreKey([UInt8](repeating: 7, count: 32))
        let bytes = try SecretsDocument(sealing: ["a": Secret("b")], lineage: "l", key: key).bytes()
        #expect(try SecretsDocument(bytes, cluster: "demo").open(with: key, at: "k", cluster: "demo") == ["a": Secret("b")])
        for place in bytes.indices.dropLast() {
            var damaged = bytes
            damaged[place] ^= 1
            let isWhitespaceOnly = bytes[place] == UInt8(ascii: "\n")
            #expect(!isWhitespaceOnly)
            #expect(throws: SlipwayError.self, "byte \(place)") {
                _ = try SecretsDocument(damaged, cluster: "demo").open(with: key, at: "k", cluster: "demo")
            }
        }
    }

    @Test func secretsOfAnotherClusterAreRefused() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            try await session.saveSecrets(["a": Secret("b")])
            let other = try await fixture.lock("other")
            var state = try Sample.state("other")
            state.lineage = "another"
            try await other.create(state)
            try fixture.write(fixture.read(fixture.folder.secrets), to: "\(fixture.root)/other/secrets.enc")
            let error = try await expectError(.refused) { _ = try await other.secrets() }
            #expect(error.cause.contains("lineage"))
            await other.release()
            await session.release()
        }
    }

    @Test func aNewerFormatIsRefused() async throws {
        let error = try await expectError(.refused) {
            _ = try SecretsDocument(Array(#"{"formatVersion": 3}"#.utf8), cluster: "demo")
        }
        #expect(error.cause.contains("format version is 3"))
    }
}

@Suite struct KeyFileTests {
    @Test func itIsMadeOnceAndForTheOwnerOnly() async throws {
        try await Fixture.with { fixture in
            let file = KeyFile(path: "\(fixture.base)/home/.config/slipway/key")
            #expect(try file.load() == nil)
            let first = try file.loadOrCreate(neededID: nil)
            let second = try file.loadOrCreate(neededID: first.key.id)
            #expect(first.created && !second.created && first.key.id == second.key.id)
            for entry in try fixture.tree("\(fixture.base)/home") { #expect(entry.mode == (entry.isFolder ? 0o700 : 0o600), "\(entry)") }
            #expect(String(decoding: try fixture.read(file.path), as: UTF8.self).hasPrefix("# "))
        }
    }

    @Test func oneOfManyMakesIt() async throws {
        try await Fixture.with { fixture in
            let file = KeyFile(path: "\(fixture.base)/new/key")
            let made = try await withThrowingTaskGroup(of: (String, Bool).self) { group in
                for _ in 1...8 {
                    group.addTask {
                        try await BlockingWork.run {
                            let (key, created) = try file.loadOrCreate(neededID: nil)
                            return (key.id, created)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(made.map(\.0)).count == 1)
            #expect(made.filter(\.1).count == 1)
        }
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o644, 0o601])
    func readableByOthersIsRefused(mode: Int) async throws {
        try await Fixture.with { fixture in
            let file = KeyFile(path: "\(fixture.base)/key")
            _ = try file.loadOrCreate(neededID: nil)
            chmod(file.path, mode_t(mode))
            let error = try await expectError(.refused) { _ = try file.load() }
            #expect(error.cause.contains(String(mode, radix: 8)) && error.hint?.contains("chmod 600") == true)
        }
    }

    @Test(arguments: ["", "# only a comment\n", "not base64!\n", "c2hvcnQ=\n", "\(validLine)\n\(validLine)\n"])
    func whatIsNoKeyIsRefused(content: String) async throws {
        try await Fixture.with { fixture in
            let file = KeyFile(path: "\(fixture.base)/state/key")
            try FileManager.default.createDirectory(atPath: "\(fixture.base)/state", withIntermediateDirectories: true)
            try fixture.write(content.utf8, to: file.path)
            chmod(file.path, 0o600)
            let error = try await expectError(.refused) { _ = try file.loadOrCreate(neededID: nil) }
            #expect(!error.description.contains("c2hvcnQ"), "no error shows what might be a key")
            #expect(try fixture.read(file.path) == Array(content.utf8), "and nothing is overwritten")
        }
    }

    static let validLine = Data(repeating: 1, count: 32).base64EncodedString()

    @Test func theStandardPlace() {
        #expect(KeyFile.standard(environment: ["HOME": "/home/x"]).path == "/home/x/.config/slipway/key")
        #expect(KeyFile.standard(environment: ["HOME": "/home/x", "SLIPWAY_KEY_FILE": "/k"]).path == "/k")
    }

    @Test func nothingPrintsAKey() {
        let key = StoreKey([UInt8](repeating: 65, count: 32))
        var text = "\(key) \(String(reflecting: key)) \(String(describing: [key]))"
        dump(key, to: &text)
        #expect(text.contains("<key ") && !text.contains("65, 65") && !text.contains("AAAA"))
        let phrase = Passphrase(from: "a test") { _ in Secret("correct horse battery") }
        var more = "\(phrase) \(String(reflecting: phrase))"
        dump(phrase, to: &more)
        #expect(!more.contains("horse"))
    }

    @Test func derivedNamesAreFixed() {
        #expect(StoreKey([UInt8](repeating: 1, count: 32)).id == "8bcccfa71b119c2d")
    }
}
