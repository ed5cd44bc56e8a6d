import ClusterModel
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Assets

/// The official releases, played by a loopback server of the same layout.
@Suite(.timeLimit(.minutes(5))) struct OfficialTests {
    let cache: TemporaryFolder
    static let version = KubernetesVersion(major: 1, minor: 20, patch: 15)

    static let releases: ReleaseServer = {
        var releases = ReleaseServer()
        releases.addKubernetes("1.20.15")
        releases.addCompanions(etcd: "3.4.13", containerd: "1.6.39", runc: "1.3.0", plugins: "1.1.1")
        releases.addPause("3.2")
        return releases
    }()

    init() throws { cache = try TemporaryFolder() }

    func serving(
        _ special: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer? = { _ in nil },
        _ architecture: Architecture = .amd64,
        _ work: (any ClosableAssetSource, LoopbackServer) async throws -> Void
    ) async throws {
        let server = try LoopbackServer { request in special(request) ?? Self.releases.answer(request) }
        defer { server.stop() }
        let source = try source(server, architecture)
        do {
            try await work(source, server)
        } catch {
            Issue.record(error)
        }
        await source.close()
    }

    func source(_ server: LoopbackServer, _ architecture: Architecture = .amd64) throws -> any ClosableAssetSource {
        HTTPMirror(
            name: "official", addresses: try .official(environment: ReleaseServer.environment(server.url)), isOfficial: true,
            architecture: architecture, cache: AssetCache(root: cache.path), context: .hurried)
    }

    @Test(arguments: Architecture.allCases) func allOfANodeIsFetchedOnceAndChecked(_ architecture: Architecture) async throws {
        try await serving({ _ in nil }, architecture) { (source, server) async throws -> Void in
            let assets = try source.assets(for: Self.version, companions: true)
            #expect(assets.count == 10)
            for asset in assets {
                let file = try await source.fetch(asset, for: Self.version, imageNamed: "slipway.dev/pause:1")
                guard case .file = asset.kind else { continue }
                let wanted = try #require(Self.releases.files[String(asset.location.dropFirst(server.url.count))])
                #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: file.path))) == wanted, "\(asset.component)")
                #expect(file.sha256 == ReleaseServer.digest(wanted) && file.size == wanted.count)
            }
            #expect(cache.names(in: "downloads").count == 9)
            let before = server.requests.count
            let next = try self.source(server, architecture)
            for asset in assets { _ = try await next.fetch(asset, for: Self.version, imageNamed: "slipway.dev/pause:1") }
            await next.close()
            let asked = server.requests.dropFirst(before).map(\.path).filter { !$0.hasPrefix("/registry/") }
            #expect(asked.allSatisfy { $0.hasSuffix(".sha256") || $0.hasSuffix("SHA256SUMS") || $0.hasSuffix("sha256sum") }, "\(asked)")
        }
    }

    @Test func manyAreFetchedAtOnceButNotAll() async throws {
        let under = Mutex((now: 0, most: 0))
        let slow: @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer? = { request in
            guard !request.path.contains("sha256"), !request.path.contains("SHA256") else { return nil }
            under.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            usleep(150_000)
            under.withLock { $0.now -= 1 }
            return nil
        }
        try await serving(slow) { (source, _) async throws -> Void in
            let files = try ReleaseFile.kubernetes(Self.version, .amd64) + ReleaseFile.companions(of: Self.version, .amd64)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for file in files { group.addTask { _ = try await source.file(file) } }
                try await group.waitForAll()
            }
            let most = under.withLock { $0.most }
            #expect(most > 1 && most <= HTTPMirror.parallelDownloads, "\(most) at once")
        }
    }

    @Test func theNewestIsThatOfTheNewestSupportedMinor() async throws {
        let minor = try #require(SupportedVersions.minors.last)
        let file = "/kubernetes/stable-\(minor.major).\(minor.minor).txt"
        try await serving({ $0.path == file ? .ok("v\(minor.major).\(minor.minor).15\n") : nil }) { (source, server) async throws -> Void in
            let version = try await source.newestVersion()
            #expect(version == KubernetesVersion(major: minor.major, minor: minor.minor, patch: 15))
            #expect(server.count("/kubernetes/stable.txt") == 0, "which is of a release that is not supported yet")
        }
        try await serving({ $0.path == file ? .ok("<html>Please log in</html>") : nil }) { (source, _) async throws -> Void in
            let error = await failure { try await source.newestVersion() }
            #expect(error?.code == .failed && error?.cause.contains("it begins with '<html>Please log in") == true)
        }
    }

    @Test func aReleaseThatIsNotThereIsSaidWithTheNewestThatIs() async throws {
        try await serving { (source, server) async throws -> Void in
            let error = await failure { try await source.binary(.kubelet, version: KubernetesVersion(major: 1, minor: 20, patch: 77)) }
            #expect(error?.code == .unreachable && error?.retry == .permanent)
            #expect(error?.doing == "getting kubelet 1.20.77 from official")
            #expect(error?.cause == "\(server.url)/kubernetes/v1.20.77/bin/linux/amd64/kubelet.sha256: 404 Not Found")
            #expect(error?.hint?.contains("(stable-1.20.txt) is v1.20.15") == true, "\(error?.hint ?? "")")
            #expect(server.count("/kubernetes/v1.20.77/bin/linux/amd64/kubelet.sha256") == 1)
        }
        let noEtcd: @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer? = { $0.path.hasPrefix("/etcd/") ? .missing : nil }
        try await serving(noEtcd) { (source, _) async throws -> Void in
            let etcd = try #require(try ReleaseFile.companions(of: Self.version, .amd64).first)
            let error = await failure { try await source.file(etcd) }
            #expect(error?.doing == "getting etcd 3.4.13 from official" && error?.hint?.contains("SLIPWAY_ETCD_URL") == true)
        }
    }

    @Test func theSandboxImageComesFromTheRegistry() async throws {
        try await serving { (source, server) async throws -> Void in
            let image = try await source.pauseImage(named: "slipway.dev/pause:1", for: Self.version)
            #expect(cache.names(in: "container-images") == ["\(image.sha256).tar"])
            let folder = try TemporaryFolder()
            let process = try Process.run(
                URL(fileURLWithPath: "/usr/bin/env"), arguments: ["tar", "-xf", image.path, "-C", folder.path])
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/manifest.json")))
            let manifest = try #require((json as? [[String: Any]])?.first)
            #expect(manifest["RepoTags"] as? [String] == ["slipway.dev/pause:1"])
            let layer = try #require((manifest["Layers"] as? [String])?.first)
            #expect(
                try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(layer)")))
                    == ReleaseServer.content("pause amd64", size: 2000))
            let config = try #require(manifest["Config"] as? String)
            #expect(try String(contentsOfFile: "\(folder.path)/\(config)", encoding: .utf8).contains("amd64"))
            let asked = server.requests.map(\.headers).compactMap { $0["accept"] }
            #expect(asked.contains { $0.contains("manifest.list.v2+json") } || asked.contains { $0.contains("image.index") }, "\(asked)")
            #expect(try await source.pauseImage(named: "slipway.dev/pause:1", for: Self.version) == image)
        }
    }

    @Test func partsOfAnImageThatAreOthersAreRefused() async throws {
        for part in ["blobs", "manifests/sha256:"] {
            let wrong: @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer? = { $0.path.contains(part) ? .ok("{}") : nil }
            try await serving(wrong) { (source, _) async throws -> Void in
                let error = await failure { try await source.pauseImage(named: "pause:1", for: Self.version) }
                #expect(error?.code == .failed && error?.cause.contains("the SHA-256 of") == true, "\(error?.cause ?? "")")
                #expect(error?.doing == "getting the image pause:3.2 from official")
                #expect(cache.names(in: "container-images") == [])
            }
        }
        let page: @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer? = { $0.path.hasSuffix("3.2") ? .ok("<html>") : nil }
        try await serving(page) { (source, _) async throws -> Void in
            let error = await failure { try await source.pauseImage(named: "pause:1", for: Self.version) }
            #expect(error?.code == .failed && error?.cause.contains("it begins with '<html>'") == true)
        }
        try await serving { (source, _) async throws -> Void in
            let error = await failure {
                try await source.pauseImage(named: "pause:1", for: KubernetesVersion(major: 1, minor: 21, patch: 0))
            }
            #expect(error?.code == .unreachable && error?.cause.contains("manifests/3.4.1: 404") == true)
        }
    }
}
