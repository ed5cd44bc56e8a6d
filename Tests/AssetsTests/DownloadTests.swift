import ClusterModel
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Assets

/// Servers and networks as they are: each misbehaves in its own way.
@Suite(.timeLimit(.minutes(5))) struct DownloadTests {
    let cache: TemporaryFolder
    static let body = Sample.binary
    static let digest = Sample.digest(Sample.binary)
    static let path = "/\(Sample.kubelet)"
    static let tag = "\"one\""

    init() throws { cache = try TemporaryFolder() }

    typealias Misbehaviour = @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer

    /// The file's own requests are answered by `misbehave`, all else as it should be.
    func serving(
        _ misbehave: @escaping Misbehaviour, context: RunContext = .hurried, idle: Duration = .seconds(30),
        _ work: (HTTPMirror, LoopbackServer, _ seen: @Sendable () -> [AssetProgress]) async throws -> Void
    ) async throws {
        let server = try LoopbackServer { request in
            switch request.path {
            case Self.path: misbehave(request)
            case "\(Self.path).sha256": .ok(Self.digest)
            default: .missing
            }
        }
        defer { server.stop() }
        let seen = Mutex<[AssetProgress]>([])
        let mirror = HTTPMirror(
            url: server.url, cache: AssetCache(root: cache.path), context: context, idle: idle,
            progress: { event in seen.withLock { $0.append(event) } })
        do {
            try await work(mirror, server, { seen.withLock { $0 } })
        } catch {
            Issue.record(error)
        }
        await mirror.close()
    }

    func expectWhole(_ mirror: HTTPMirror, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let file = try await mirror.binary(.kubelet, version: Sample.version)
        #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: file.path))) == Self.body, sourceLocation: sourceLocation)
        #expect(cache.names(in: "downloads") == [Self.digest], sourceLocation: sourceLocation)
    }

    func ranges(_ server: LoopbackServer) -> [String] {
        server.requests.filter { $0.path == Self.path }.map { $0.headers["range"] ?? "all" }
    }

    /// Where each request began. The last bytes before a cut may be lost on the way, so a test cannot say where exactly.
    func starts(_ server: LoopbackServer) -> [Int] { server.requests.filter { $0.path == Self.path }.map { $0.first ?? 0 } }

    static func good(_ request: LoopbackServer.Request) -> LoopbackServer.Answer { .file(body, tag: tag, to: request) }

    @Test(arguments: [false, true]) func aCutIsGoneOnFrom(_ byReset: Bool) async throws {
        let cut: Misbehaviour = { request in
            let answer = Self.good(request)
            return request.count < 4 ? answer.cut(after: 700_000, byReset ? .reset : .close) : answer
        }
        try await serving(cut) { (mirror, server, seen) async throws -> Void in
            try await expectWhole(mirror)
            let starts = starts(server)
            #expect(starts.count == 4 && zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 && $1 <= $0 + 700_000 }, "\(starts)")
            #expect(server.requests.compactMap { $0.headers["if-range"] } == [Self.tag, Self.tag, Self.tag])
            #expect(seen().allSatisfy { $0.file == "kubelet" && $0.total == Self.body.count })
            #expect(seen().last == AssetProgress(file: "kubelet", kind: .finished, received: Self.body.count, total: Self.body.count))
            #expect(seen().count { if case .retrying = $0.kind { true } else { false } } == 3)
            let received = seen().map(\.received)
            #expect(received == received.sorted(), "it never goes back")
        }
    }

    /// More cuts than tries: each got further, so none counts.
    @Test func aLineThatAlwaysBreaksButGetsOnIsEnough() async throws {
        try await serving({ Self.good($0).cut(after: 300_000) }) { (mirror, server, _) async throws -> Void in
            try await expectWhole(mirror)
            let starts = starts(server)
            #expect(starts.count >= 11 && starts == starts.sorted(), "\(starts)")
        }
    }

    @Test func whatAnotherProcessBeganIsGoneOnFrom() async throws {
        try cache.write(Array(Self.body.prefix(1_000_000)), to: "downloads/\(Self.digest).part")
        try await serving(Self.good) { (mirror, server, _) async throws -> Void in
            try await expectWhole(mirror)
            #expect(ranges(server) == ["bytes=1000000-"])
        }
    }

    @Test func whatAnotherProcessFinishedButForTheNameIsTaken() async throws {
        try cache.write(Self.body, to: "downloads/\(Self.digest).part")
        try await serving(Self.good) { (mirror, server, _) async throws -> Void in
            try await expectWhole(mirror)
            #expect(ranges(server) == [])
        }
    }

    @Test(arguments: [1_000_000, 3_000_001, 4_000_000]) func whatAnotherProcessLeftDamagedIsReplaced(_ size: Int) async throws {
        try cache.write([UInt8](repeating: 7, count: size), to: "downloads/\(Self.digest).part")
        try await serving(Self.good) { (mirror, server, _) async throws -> Void in
            try await expectWhole(mirror)
            #expect(ranges(server) == ["bytes=\(size)-", "all"])
        }
    }

    @Test func aServerThatIgnoresRangesIsTakenFromTheStart() async throws {
        let ignoring: Misbehaviour = { request in
            request.count < 3 ? LoopbackServer.Answer.ok(Self.body).cut(after: 2_000_000) : .ok(Self.body)
        }
        try await serving(ignoring) { (mirror, server, _) async throws -> Void in
            try await expectWhole(mirror)
            #expect(starts(server).count == 3 && starts(server).dropFirst().allSatisfy { $0 > 0 })
        }
    }

    /// A proxy that serves the wrong part.
    @Test func aRangeThatWasNotAskedForIsNotGluedOn() async throws {
        let shifted: Misbehaviour = { request in
            if request.count == 1 { return Self.good(request).cut(after: 1_000_000) }
            guard request.count == 2 else { return Self.good(request) }
            let rest = Array(Self.body[500_000...])
            return LoopbackServer.Answer(
                head:
                    "206 Partial Content\r\nETag: \(Self.tag)\r\nContent-Length: \(rest.count)\r\nContent-Range: bytes 500000-3000000/3000001",
                body: rest)
        }
        try await serving(shifted) { (mirror, server, _) async throws -> Void in
            try await expectWhole(mirror)
            let starts = starts(server)
            #expect(starts.count == 3 && starts[1] > 0 && starts[2] == 0, "\(starts)")
        }
    }

    /// The file was replaced by the right one while it was downloaded.
    @Test(arguments: [true, false]) func aFileThatChangedMeanwhileIsTakenAnew(_ heedsIfRange: Bool) async throws {
        let old = Self.body.map { $0 ^ 1 }
        let changing: Misbehaviour = { request in
            if request.count == 1 { return LoopbackServer.Answer.file(old, tag: "\"old\"", to: request).cut(after: 1_000_000) }
            var request = request
            if !heedsIfRange { request.headers["if-range"] = nil }
            return Self.good(request)
        }
        try await serving(changing) { (mirror, server, _) async throws -> Void in
            try await expectWhole(mirror)
            let starts = starts(server)
            #expect(starts.count == (heedsIfRange ? 2 : 3) && starts[1] > 0 && (heedsIfRange || starts[2] == 0), "\(starts)")
        }
    }

    /// Neither ETag nor If-Range tell: the digest does.
    @Test func piecesOfTwoFilesAreFoundByTheDigest() async throws {
        let old = Self.body.map { $0 ^ 1 }
        let changing: Misbehaviour = { request in
            let plain = request.count == 1 ? LoopbackServer.Answer.file(old, tag: "W/\"x\"", to: request).cut(after: 1_000_000) : nil
            return plain ?? .file(Self.body, tag: "W/\"x\"", to: request)
        }
        try await serving(changing) { (mirror, server, _) async throws -> Void in
            try await expectWhole(mirror)
            let starts = starts(server)
            #expect(starts.count == 3 && starts[1] > 0 && starts[2] == 0, "\(starts)")
            #expect(server.requests.allSatisfy { $0.headers["if-range"] == nil }, "a weak ETag does not stand for bytes")
        }
    }

    @Test func aLengthThatPromisesMoreIsSeenThrough() async throws {
        let boasting: Misbehaviour = { request in
            request.count == 1 ? .ok(Self.body, length: Self.body.count + 10) : Self.good(request)
        }
        try await serving(boasting) { (mirror, _, _) async throws -> Void in
            try await expectWhole(mirror)
        }
    }

    @Test func aLengthThatPromisesLessIsAWrongFile() async throws {
        try await serving({ _ in .ok(Self.body, length: 1000) }) { (mirror, server, _) async throws -> Void in
            let error = await failure { try await mirror.binary(.kubelet, version: Sample.version) }
            #expect(error?.code == .failed && error?.cause.contains(Self.digest) == true)
            #expect(cache.names(in: "downloads") == [])
        }
    }

    @Test func aWrongFileIsRemovedAndBothDigestsAreNamed() async throws {
        let wrong = Array(Self.body.reversed())
        try await serving({ .file(wrong, tag: Self.tag, to: $0) }) { (mirror, server, _) async throws -> Void in
            let error = await failure { try await mirror.binary(.kubelet, version: Sample.version) }
            #expect(error?.code == .failed && error?.retry == .permanent)
            #expect(
                error?.cause
                    == "the SHA-256 of \(server.url)\(Self.path) is \(Sample.digest(wrong)), but its checksum file says \(Self.digest)")
            #expect(cache.names(in: "downloads") == [] && ranges(server) == ["all"])
        }
    }

    @Test func aWebPageInThePlaceOfAFileIsSaid() async throws {
        let page: Misbehaviour = { _ in
            LoopbackServer.Answer(head: "200 OK\r\nContent-Type: text/html\r\nContent-Length: 12", body: Array("<html></html".utf8))
        }
        try await serving(page) { (mirror, _, _) async throws -> Void in
            let error = await failure { try await mirror.binary(.kubelet, version: Sample.version) }
            #expect(error?.code == .failed && error?.cause.contains("the answer was a web page") == true)
        }
    }

    @Test(arguments: ["<html><body>Sign in</body></html>", String(repeating: "x", count: 100_000), ""])
    func aChecksumFileThatIsNoneIsSaid(_ text: String) async throws {
        let server = try LoopbackServer { path, _ in path.hasSuffix(".sha256") ? .ok(text) : .ok(Self.body) }
        defer { server.stop() }
        let mirror = HTTPMirror(url: server.url, cache: AssetCache(root: cache.path), context: .hurried)
        let error = await failure { try await mirror.binary(.kubelet, version: Sample.version) }
        await mirror.close()
        #expect(error?.cause.contains("\(Self.path).sha256") == true)
        #expect(
            error?.cause.contains(text.isEmpty ? "it is empty" : text.count > 1000 ? "too long" : "Sign in") == true,
            "\(error?.cause ?? "")")
        #expect(server.count("\(Self.path).sha256") == 1 && server.count(Self.path) == 0)
    }

    @Test func aServerThatAsksForAPauseIsGivenIt() async throws {
        let slept = Mutex<[Duration]>([])
        let context = RunContext(
            now: RunContext.live.now, sleep: { duration in slept.withLock { $0.append(duration) } }, randomHex: RunContext.live.randomHex)
        let busy: Misbehaviour = { request in
            switch request.count {
            case 1: LoopbackServer.Answer(head: "429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 0")
            case 2: LoopbackServer.Answer(head: "503 Service Unavailable\r\nRetry-After: 100000\r\nContent-Length: 0")
            case 3:
                LoopbackServer.Answer(head: "503 Service Unavailable\r\nRetry-After: Wed, 21 Oct 2026 07:28:00 GMT\r\nContent-Length: 0")
            default: Self.good(request)
            }
        }
        try await serving(busy, context: context) { (mirror, _, _) async throws -> Void in
            try await expectWhole(mirror)
            #expect(slept.withLock { $0 } == [.seconds(7), .seconds(120), .seconds(2)])
        }
    }

    @Test func waitsGrowFromTryToTry() async throws {
        let slept = Mutex<[Duration]>([])
        let context = RunContext(
            now: RunContext.live.now, sleep: { duration in slept.withLock { $0.append(duration) } }, randomHex: RunContext.live.randomHex)
        try await serving({ _ in .status("502 Bad Gateway") }, context: context) { (mirror, server, _) async throws -> Void in
            let error = await failure { try await mirror.binary(.kubelet, version: Sample.version) }
            #expect(error?.code == .unreachable && error?.cause.contains("502 Bad Gateway") == true)
            #expect(slept.withLock { $0 } == [.milliseconds(500), .seconds(1), .seconds(2)])
        }
    }

    /// Slow is no reason to give up, as long as it gets on.
    @Test func aTrickleIsTakenAndShown() async throws {
        let trickle: Misbehaviour = { request in
            var answer = Self.good(request)
            answer.pace = (bytes: 100_000, seconds: 0.15)
            return answer
        }
        try await serving(trickle) { (mirror, server, seen) async throws -> Void in
            try await expectWhole(mirror)
            #expect(ranges(server) == ["all"])
            #expect(seen().count > 4, "it is shown before a whole piece is there")
        }
    }

    @Test func aServerThatFallsSilentIsAskedAgain() async throws {
        let silent: Misbehaviour = { request in
            request.count == 1 ? Self.good(request).cut(after: 1_200_000, .stall) : Self.good(request)
        }
        try await serving(silent, idle: .seconds(5)) { (mirror, server, _) async throws -> Void in
            try await expectWhole(mirror)
            #expect(starts(server).count >= 2 && starts(server)[1] > 0)
        }
    }

    @Test func redirectsLeadToHTTPSOrToTheSameServer() async throws {
        let elsewhere = try LoopbackServer { _, _ in .ok(Self.body) }
        defer { elsewhere.stop() }
        let target = elsewhere.url
        try await serving({ _ in .redirect("\(target)/kubelet") }) { (mirror, server, _) async throws -> Void in
            let error = await failure { try await mirror.binary(.kubelet, version: Sample.version) }
            #expect(error?.code == .unreachable && error?.cause.contains("neither https nor the same server") == true)
            #expect(elsewhere.requests.isEmpty && ranges(server).count == 1)
        }
        try await serving({ _ in .redirect(Self.path) }) { (mirror, server, _) async throws -> Void in
            let error = await failure { try await mirror.binary(.kubelet, version: Sample.version) }
            #expect(error?.cause.contains("too many redirects") == true && ranges(server).count == 6)
        }
    }

    @Test func theNextRunGoesOnFromWhatAFailedOneLeft() async throws {
        let cut: Misbehaviour = { request in
            request.count <= 4 ? Self.good(request).cut(after: request.count == 1 ? 900_000 : 0) : Self.good(request)
        }
        try await serving(cut) { (mirror, server, _) async throws -> Void in
            let error = await failure { try await mirror.binary(.kubelet, version: Sample.version) }
            #expect(error?.code == .unreachable && error?.retry == .transient)
            let kept = try #require(cache.size("downloads/\(Self.digest).part"))
            #expect(kept > 0 && kept <= 900_000)
            try await expectWhole(mirror)
            #expect(ranges(server).last == "bytes=\(kept)-")
        }
    }

    /// As root, with a disk of its own; elsewhere there is none that could be filled.
    @Test(.enabled(if: geteuid() == 0)) func aFullDiskIsSaid() async throws {
        let small = try TemporaryFolder()
        try #require(mount("tmpfs", small.path, "tmpfs", 0, "size=1m") == 0, "errno \(errno)")
        defer { umount2(small.path, Int32(MNT_DETACH)) }
        // One server says how much will come, the other does not.
        for says in [true, false] {
            let answer: Misbehaviour = { _ in
                says ? .ok(Self.body) : LoopbackServer.Answer(head: "200 OK", body: Self.body)
            }
            try await serving(answer) { (mirror, server, _) async throws -> Void in
                let mine = HTTPMirror(url: mirror.url, cache: AssetCache(root: small.path), context: .hurried)
                let error = await failure { try await mine.binary(.kubelet, version: Sample.version) }
                await mine.close()
                #expect(error?.code == .failed && error?.retry == .permanent)
                #expect(error?.doing.contains("kubelet 1.20.2") == true)
                #expect(error?.cause.contains(says ? "there are" : "No space left on device") == true, "\(error?.cause ?? "")")
                #expect(error?.hint?.contains("SLIPWAY_CACHE") == true)
                #expect(small.names(in: "downloads") == [], "what was written gives its room back")
                #expect(server.count(Self.path) == 1)
            }
        }
    }
}
