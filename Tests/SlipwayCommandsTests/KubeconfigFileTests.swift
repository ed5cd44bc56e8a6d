import ClusterModel
import Foundation
import PKI
import Synchronization
import Testing

@testable import SlipwayCommands

@Suite struct KubeconfigFileTests {
    private static func entry(_ name: String = "demo", uid: String = "0011aabb") -> KubeconfigEntry {
        KubeconfigEntry(
            identity: ClusterIdentity(name: name, uid: uid),
            endpoint: APIEndpoint(url: "https://100.96.8.2:6443", authority: "CA", certificate: "CERT", key: Secret("KEY")))
    }

    private static let others = """
        apiVersion: v1
        kind: Config
        clusters:
        - name: theirs
          cluster: {server: 'https://theirs:6443'}
        users:
        - name: theirs
          user: {token: secret}
        contexts:
        - name: theirs
          context: {cluster: theirs, user: theirs}
        current-context: theirs

        """

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-kubeconfig-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    private func names(_ folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }

    @Test(arguments: [
        (["HOME": "/home/me"], "/home/me/.kube/config"), (["HOME": "/home/me", "KUBECONFIG": "/one:/two"], "/one"),
        (["HOME": "/home/me", "KUBECONFIG": ""], "/home/me/.kube/config"), (["HOME": "/home/me", "KUBECONFIG": "::/two"], "/two"),
    ])
    func theFirstFileOfTheVariableIsUsed(_ environment: [String: String], _ path: String) {
        #expect(KubeconfigFile(environment: environment).path == path)
    }

    @Test func aNewFileIsItsOwnersAlone() async throws {
        try await withFolder { folder in
            let path = "\(folder)/.kube/deep/config"
            let name = try await KubeconfigFile(path: path).add(KubeconfigFileTests.entry())
            #expect(name == "demo")
            #expect(try mode(path) == 0o600)
            #expect(try mode("\(folder)/.kube") == 0o700)
            #expect(try names("\(folder)/.kube/deep") == ["config"], "no lock and nothing half written stays")
        }
    }

    @Test func othersArePreservedAndAWideModeIsNarrowed() async throws {
        try await withFolder { folder in
            let path = "\(folder)/config"
            try Data(KubeconfigFileTests.others.utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let file = KubeconfigFile(path: path)
            _ = try await file.add(KubeconfigFileTests.entry())
            #expect(try mode(path) == 0o600)
            #expect(try text(path).contains("theirs:6443") && text(path).contains("current-context: demo"))
            #expect(try await file.remove(ClusterIdentity(name: "demo", uid: "0011aabb")))
            #expect(try text(path).contains("theirs:6443") && !text(path).contains("demo"))
        }
    }

    @Test func aLinkStaysALink() async throws {
        try await withFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/real", withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: "\(folder)/kube", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/real/second", withDestinationPath: "target")
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/kube/config", withDestinationPath: "../real/second")
            let file = KubeconfigFile(path: "\(folder)/kube/config")
            _ = try await file.add(KubeconfigFileTests.entry())
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/kube/config") == "../real/second")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/real/second") == "target")
            #expect(try text("\(folder)/real/target").contains("slipway-demo-0011aabb"))
            #expect(try names("\(folder)/real") == ["second", "target"])
            #expect(try await file.remove(ClusterIdentity(name: "demo", uid: "0011aabb")))
            #expect(try names("\(folder)/real") == ["second", "target"], "what a user's own link leads to stays, however empty")
        }
    }

    @Test func linksInARingAreAnError() async throws {
        try await withFolder { folder in
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/a", withDestinationPath: "b")
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/b", withDestinationPath: "a")
            await #expect(throws: SlipwayError.self) { try await KubeconfigFile(path: "\(folder)/a").add(KubeconfigFileTests.entry()) }
        }
    }

    @Test func aFileThatHeldNothingElseGoesAway() async throws {
        try await withFolder { folder in
            let file = KubeconfigFile(path: "\(folder)/config")
            _ = try await file.add(KubeconfigFileTests.entry())
            #expect(try await file.remove(ClusterIdentity(name: "demo", uid: "other")) == false, "another cluster of that name")
            #expect(try await file.remove(ClusterIdentity(name: "demo", uid: "0011aabb")))
            #expect(try names(folder).isEmpty)
            #expect(try await file.remove(ClusterIdentity(name: "demo", uid: "0011aabb")) == false)
        }
    }

    @Test func aFileThatIsNoKubeconfigIsLeftAsItIs() async throws {
        try await withFolder { folder in
            let path = "\(folder)/config"
            for bytes in [Array("kind: Pod\n".utf8), Array("clusters: [".utf8), [0xFF, 0xFE, 0x00]] {
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                await #expect(throws: SlipwayError.self) { try await KubeconfigFile(path: path).add(KubeconfigFileTests.entry()) }
                #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) == bytes)
                #expect(try names(folder) == ["config"])
            }
        }
    }

    @Test func twentyEditorsAtOnceLoseNothing() async throws {
        try await withFolder { folder in
            let path = "\(folder)/config"
            try Data(KubeconfigFileTests.others.utf8).write(to: URL(fileURLWithPath: path))
            // Each has descriptors of its own, so to the kernel's locks they are as good as processes.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 1...20 {
                    group.addTask {
                        let entry = KubeconfigFileTests.entry("c\(index)", uid: "uid\(index)")
                        _ = try await KubeconfigFile(path: path).add(entry)
                        if index.isMultiple(of: 4) { #expect(try await KubeconfigFile(path: path).remove(entry.identity)) }
                    }
                }
                try await group.waitForAll()
            }
            let result = try text(path)
            for index in 1...20 {
                let identity = ClusterIdentity(name: "c\(index)", uid: "uid\(index)")
                let isThere = try Kubeconfig.contextName(of: identity, in: result) != nil
                #expect(isThere == !index.isMultiple(of: 4), "cluster \(index)")
            }
            #expect(result.contains("theirs:6443"))
            #expect(try names(folder) == ["config"])
        }
    }

    /// kubectl locks in another way, and editors not at all.
    @Test func whatSomebodyElseWritesMeanwhileIsNotLost() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-edit-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("one".utf8).write(to: URL(fileURLWithPath: path))
        var seen: [String] = []
        try ExclusiveEdit.run(path, doing: "testing") { text in
            seen.append(text ?? "")
            if seen.count == 1 { try Data("two, theirs".utf8).write(to: URL(fileURLWithPath: path)) }
            return (text ?? "") + ", ours"
        }
        #expect(seen == ["one", "two, theirs"])
        #expect(try text(path) == "two, theirs, ours")
    }

    /// Counts who is inside at once.
    private final class Inside: Sendable {
        private let state = Mutex((now: 0, most: 0, count: 0))

        func enter() {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
        }

        func leave() {
            state.withLock { state in
                state.now -= 1
                state.count += 1
            }
        }

        var most: Int { state.withLock { $0.most } }
        var count: Int { state.withLock { $0.count } }
    }

    /// A waiter gets the lock on a file that its holder has removed by then; it must not take that for the lock.
    @Test func aLockOnARemovedFileIsNoLock() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-edit-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let inside = Inside()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<8 {
                group.addTask {
                    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                        DispatchQueue(label: "editor \(index)").async {
                            for _ in 0..<10 {
                                try? ExclusiveEdit.run(path, doing: "testing") { text in
                                    inside.enter()
                                    let count = (text.flatMap { Int($0) } ?? 0) + 1
                                    inside.leave()
                                    return "\(count)"
                                }
                            }
                            continuation.resume()
                        }
                    }
                }
            }
        }
        #expect(inside.most == 1, "one at a time")
        #expect(try text(path) == "80")
        #expect(inside.count == 80)
    }

    @Test func nothingIsWrittenWhenNothingChanges() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-edit-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("same".utf8).write(to: URL(fileURLWithPath: path))
        let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
        try ExclusiveEdit.run(path, doing: "testing") { $0 }
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == before)
        try ExclusiveEdit.run(path + ".none", doing: "testing") { _ in nil }
        #expect(!FileManager.default.fileExists(atPath: path + ".none"))
    }
}
