import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import Assets

@Suite(.timeLimit(.minutes(5))) struct HTTPMirrorTests {
    let cache: TemporaryFolder

    init() throws { cache = try TemporaryFolder() }

    static let digest = Sample.digest(Sample.binary)
    static let kubelet = "/release/\(Sample.kubelet)"

    /// A mirror under /release that is as it should be; `special` may answer in its place.
    func serving(
        _ special: @escaping @Sendable (_ path: String, _ count: Int) -> LoopbackServer.Answer? = { _, _ in nil },
        _ work: (HTTPMirror, LoopbackServer) async throws -> Void
    ) async throws {
        let server = try LoopbackServer { path, count in
            if let answer = special(path, count) { return answer }
            switch path {
            case Self.kubelet: return .ok(Sample.binary)
            case "\(Self.kubelet).sha256": return .ok("\(Self.digest)\n")
            case "/release/slipway/linux/amd64/pause": return .ok(Sample.pause)
            case "/release/slipway/linux/amd64/pause.sha256": return .ok(Sample.digest(Sample.pause))
            case "/release/stable.txt": return .ok("v1.20.2")
            default: return .missing
            }
        }
        defer { server.stop() }
        let mirror = HTTPMirror(url: "\(server.url)/release", cache: AssetCache(root: cache.path), context: .hurried)
        do {
            try await work(mirror, server)
        } catch {
            Issue.record(error)
        }
        await mirror.close()
    }

    @Test func downloadsIntoTheCacheAndFindsItThere() async throws {
        try await serving { (mirror, server) async throws -> Void in
            #expect(try await mirror.newestVersion() == Sample.version)
            let file = try await mirror.binary(.kubelet, version: Sample.version)
            let path = "\(cache.path)/downloads/\(Self.digest)"
            #expect(file == AssetFile(path: path, sha256: Self.digest, size: Sample.binary.count))
            #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) == Sample.binary)
            // Nothing but the file is left.
            #expect(cache.names(in: "downloads") == [Self.digest])

            // Another process: it asks for the digest, and for no more.
            let next = HTTPMirror(url: mirror.url, cache: AssetCache(root: cache.path))
            #expect(try await next.binary(.kubelet, version: Sample.version) == file)
            await next.close()
            #expect(server.count(Self.kubelet) == 1)
            #expect(server.count("\(Self.kubelet).sha256") == 2)
        }
    }

    @Test func downloadsOnceForAllWhoAskAtOnce() async throws {
        try await serving { (mirror, server) async throws -> Void in
            // Another process is played by another mirror object over the same cache.
            let other = HTTPMirror(url: mirror.url, cache: AssetCache(root: cache.path))
            let files = try await withThrowingTaskGroup(of: AssetFile.self) { group in
                for index in 0..<20 {
                    group.addTask { try await (index % 2 == 0 ? mirror : other).binary(.kubelet, version: Sample.version) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            await other.close()
            #expect(files.count == 20)
            #expect(Set(files.map(\.path)).count == 1)
            #expect(server.count(Self.kubelet) == 1)
        }
    }

    @Test func aDamagedFileInTheCacheIsReplaced() async throws {
        try cache.write("damaged", to: "downloads/\(Self.digest)")
        // What a killed process leaves.
        try cache.write("half a fi", to: "downloads/\(Self.digest).part")
        try await serving { (mirror, _) async throws -> Void in
            let file = try await mirror.binary(.kubelet, version: Sample.version)
            #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: file.path))) == Sample.binary)
            #expect(cache.names(in: "downloads") == [Self.digest])
        }
    }

    @Test func aServerWithoutRangesIsAskedForAllOfItAgain() async throws {
        let special: @Sendable (String, Int) -> LoopbackServer.Answer? = { path, count in
            path == Self.kubelet && count < 3 ? .ok(Array(Sample.binary.prefix(1_500_000 * count)), length: Sample.binary.count) : nil
        }
        try await serving(special) { (mirror, server) async throws -> Void in
            #expect(try await mirror.binary(.kubelet, version: Sample.version).size == Sample.binary.count)
            #expect(server.count(Self.kubelet) == 3)
        }
    }

    @Test func aDownloadThatIsAlwaysTruncatedFails() async throws {
        let special: @Sendable (String, Int) -> LoopbackServer.Answer? = { path, _ in
            path == Self.kubelet ? .ok(Array(Sample.binary.dropLast()), length: Sample.binary.count) : nil
        }
        try await serving(special) { (mirror, server) async throws -> Void in
            let error = await failure { try await mirror.binary(.kubelet, version: Sample.version) }
            #expect(error?.code == .unreachable)
            #expect((4...12).contains(server.count(Self.kubelet)), "those that brought it further do not count")
            #expect(cache.names(in: "downloads") == ["\(Self.digest).part"], "kept for the next run")
        }
    }

    @Test func aWrongDigestIsNeitherKeptNorTriedAgain() async throws {
        let wrong: @Sendable (String, Int) -> LoopbackServer.Answer? = { path, _ in
            path == Self.kubelet ? .ok("something else") : nil
        }
        try await serving(wrong) { (mirror, server) async throws -> Void in
            let error = await failure { try await mirror.binary(.kubelet, version: Sample.version) }
            #expect(error?.code == .failed)
            #expect(error?.cause.contains("\(server.url)\(Self.kubelet)") == true)
            #expect(error?.cause.contains(Self.digest) == true)
            #expect(error?.cause.contains(Sample.digest(Array("something else".utf8))) == true)
            #expect(server.count(Self.kubelet) == 1)
            #expect(cache.names(in: "downloads") == [])
        }
    }

    @Test func whatTheMirrorLacksIsUnreachableAtOnce() async throws {
        try await serving { (mirror, server) async throws -> Void in
            let error = await failure { try await mirror.binary(.proxy, version: Sample.version) }
            #expect(error?.code == .unreachable)
            #expect(error?.retry == .permanent)
            #expect(error?.cause.contains("404 Not Found") == true)
            #expect(error?.cause.contains("kube-proxy.sha256") == true)
            #expect(server.count("/release/v1.20.2/bin/linux/amd64/kube-proxy.sha256") == 1)
        }
    }

    @Test(arguments: ["503 Service Unavailable", "429 Too Many Requests", "500 Internal Server Error"])
    func aBusyMirrorIsAskedAgain(_ status: String) async throws {
        try await serving({ _, count in count < 3 ? .status(status) : nil }) { (mirror, server) async throws -> Void in
            #expect(try await mirror.binary(.kubelet, version: Sample.version).size == Sample.binary.count)
            #expect(server.count(Self.kubelet) == 3)
        }
        // Not for ever, though.
        try await serving({ _, _ in .status(status) }) { (mirror, server) async throws -> Void in
            let error = await failure { try await mirror.newestVersion() }
            #expect(error?.code == .unreachable)
            #expect(error?.cause.contains(status) == true)
            #expect(server.count("/release/stable.txt") == 4)
        }
    }

    @Test func anUnreachableMirrorIsSaid() async throws {
        let server = try LoopbackServer { _, _ in .missing }
        let url = server.url
        server.stop()
        let mirror = HTTPMirror(url: url, name: "the user's word", cache: AssetCache(root: cache.path), context: .hurried)
        // The port is free again only when the server's thread is gone; until then it is 404.
        let error = try await RunContext.live.poll(every: .milliseconds(20), for: .seconds(60)) {
            let error = await failure { try await mirror.newestVersion() }
            return error?.cause.contains("404") == true ? nil : error
        }
        await mirror.close()
        #expect(error?.code == .unreachable)
        #expect(error?.doing.contains("the user's word") == true)
        #expect(error?.cause.contains(url) == true)
    }

    @Test func redirectsAreFollowedButNotInCircles() async throws {
        let elsewhere: @Sendable (String, Int) -> LoopbackServer.Answer? = { path, _ in
            switch path {
            case "/release/stable.txt": .redirect("/elsewhere")
            case "/elsewhere": .ok("v1.20.2")
            case Self.kubelet: .redirect(Self.kubelet)
            default: nil
            }
        }
        try await serving(elsewhere) { (mirror, _) async throws -> Void in
            #expect(try await mirror.newestVersion() == Sample.version)
            let error = await failure { try await mirror.binary(.kubelet, version: Sample.version) }
            #expect(error?.cause.contains("too many redirects") == true)
        }
    }

    @Test func thePauseImageIsTheSameFromAnyMirror() async throws {
        let folder = try TemporaryFolder()
        try Sample.mirror(in: folder)
        let local = DirectoryMirror(path: folder.path, architecture: .amd64, cache: AssetCache(root: cache.path))
        try await serving { (mirror, _) async throws -> Void in
            #expect(
                try await mirror.pauseImage(named: "pause:1", for: Sample.version)
                    == local.pauseImage(named: "pause:1", for: Sample.version))
        }
    }

    /// Whoever forgets to close a mirror must not crash for it.
    @Test func aMirrorNeedNotBeClosed() async throws {
        try await serving { (mirror, _) async throws -> Void in
            let forgotten = HTTPMirror(url: mirror.url, cache: AssetCache(root: cache.path))
            #expect(try await forgotten.newestVersion() == Sample.version)
        }
    }

    @Test func aCancelledDownloadStopsAndKeepsWhatItHas() async throws {
        // It promises a file and stalls.
        let stalled: @Sendable (String, Int) -> LoopbackServer.Answer? = { path, _ in
            path == Self.kubelet ? .ok(Array(Sample.binary.prefix(10)), length: Sample.binary.count) : nil
        }
        let neverRetried = RunContext(
            now: RunContext.live.now, sleep: { _ in try await Task.sleep(for: .seconds(3600)) }, randomHex: RunContext.live.randomHex)
        try await serving(stalled) { (mirror, server) async throws -> Void in
            let mine = HTTPMirror(url: mirror.url, cache: AssetCache(root: cache.path), context: neverRetried)
            let task = Task { try await mine.binary(.kubelet, version: Sample.version) }
            let began = try await RunContext.live.poll(every: .milliseconds(10), for: .seconds(60)) {
                cache.size("downloads/\(Self.digest).part") == 10 ? true : nil
            }
            #expect(began == true)
            task.cancel()
            let result = await task.result
            await mine.close()
            #expect(throws: (any Error).self) { try result.get() }
            #expect(cache.names(in: "downloads") == ["\(Self.digest).part"])
            #expect(cache.size("downloads/\(Self.digest).part") == 10)
        }
    }
}
