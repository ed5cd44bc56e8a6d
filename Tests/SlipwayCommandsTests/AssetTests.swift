import Assets
import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import SlipwayCommands

/// `get assets` over a loopback server that plays all publishers.
@Suite(.timeLimit(.minutes(5))) struct AssetTests {
    static let releases: ReleaseServer = {
        var releases = ReleaseServer()
        releases.addKubernetes("1.20.15")
        releases.addCompanions(etcd: "3.4.13", containerd: "1.6.39", runc: "1.3.0", plugins: "1.1.1")
        releases.addPause("3.2")
        return releases
    }()

    static func with(
        _ special: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer? = { _ in nil },
        _ body: (Shell, LoopbackServer) async throws -> Void
    ) async throws {
        let server = try LoopbackServer { request in special(request) ?? releases.answer(request) }
        defer { server.stop() }
        try await Shell.with { shell in
            var shell = shell
            shell.environment.merge(ReleaseServer.environment(server.url)) { $1 }
            shell.environment["SLIPWAY_CACHE"] = "\(shell.folder)/cache"
            try await body(shell, server)
        }
    }

    static let arguments = ["get", "assets", "--kubernetes-version", "1.20.15", "--arch", "amd64"]

    @Test func aListAsksNobody() async throws {
        try await AssetTests.with { shell, server in
            let run = await shell.run(AssetTests.arguments + ["--all"])
            #expect(run.code == 0 && run.messages.isEmpty, "\(run.messages)")
            try Golden.expect(run.output.replacing(server.url, with: "http://server"), equals: "get-assets.txt")
            #expect(server.requests.isEmpty && !shell.exists("cache") && !shell.exists("state"))
        }
    }

    @Test func aFetchFillsTheCacheOnce() async throws {
        struct List: Decodable {
            struct Item: Decodable {
                var component: String
                var architecture: String
                var path: String
                var sha256: String
                var size: Int
            }
            var kind: String
            var items: [Item]
        }
        try await AssetTests.with { shell, server in
            let run = await shell.run(AssetTests.arguments + ["--all", "--fetch", "-o", "json"])
            #expect(run.code == 0, "\(run.messages)")
            let list = try JSONDecoder().decode(List.self, from: Data(run.output.utf8))
            #expect(list.kind == "AssetList" && list.items.count == 10)
            for item in list.items {
                let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: item.path)))
                #expect(ReleaseServer.digest(bytes) == item.sha256 && bytes.count == item.size && item.architecture == "amd64")
            }
            #expect(
                run.messages.contains("downloading kubelet: ") && run.messages.contains("downloaded kubelet, 300 kB in "),
                "\(run.messages)")
            let again = await shell.run(AssetTests.arguments + ["--all", "--fetch"])
            #expect(again.code == 0 && again.messages.isEmpty, "nothing is downloaded, so nothing is said")
            #expect(again.output.contains(/kubelet +1\.20\.15 +300 kB +\/.*\/cache\/downloads\/[0-9a-f]{64}\n/), "\(again.output)")
            #expect(server.count("/kubernetes/v1.20.15/bin/linux/amd64/kubelet") == 1)
        }
    }

    @Test func withoutAVersionItIsTheNewest() async throws {
        let newest: @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer? = { $0.path.contains("/stable-") ? .ok("v1.20.15") : nil }
        try await AssetTests.with(newest) { shell, _ in
            let run = await shell.run("get", "assets")
            #expect(run.code == 0 && run.output.contains("1.20.15") && !run.output.contains("etcd"), "\(run)")
        }
    }

    @Test func onATerminalEachFileHasItsLine() async throws {
        try await AssetTests.with { shell, _ in
            var shell = shell
            shell.height = 24
            let run = await shell.run(AssetTests.arguments + ["--fetch"])
            #expect(run.code == 0)
            let last = run.messages.components(separatedBy: "\u{1B}[J").last ?? ""
            #expect(last.split(separator: "\n").count == 5 && last.contains(/kubelet +done +300 kB/), "\(last)")
        }
    }

    @Test func whatFailsHasItsCode() async throws {
        let rows: [(arguments: [String], code: Int32, words: String)] = [
            (["get", "assets", "--kubernetes-version", "1.20"], 64, "three numbers"),
            (["get", "assets", "--kubernetes-version", "1.19.1", "--all"], 64, "not in the table of releases"),
            (["get", "assets", "--arch", "mips"], 64, "amd64"),
            (["get", "assets", "--assets", "ftp://x.example"], 64, "only http, https and file"),
            (["get", "assets", "--kubernetes-version", "1.20.77", "--fetch"], 69, "404 Not Found"),
            (["get", "assets", "--kubernetes-version", "1.20.2", "--assets", "/nonexistent", "--fetch"], 69, "No such file"),
        ]
        try await AssetTests.with { shell, _ in
            for row in rows {
                let run = await shell.run(row.arguments)
                #expect(run.code == row.code && run.output.isEmpty, "\(row.arguments): \(run)")
                #expect(run.messages.replacing(/\s+/, with: " ").contains(row.words), "\(row.arguments): \(run.messages)")
            }
        }
        let wrong: @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer? = { $0.path.hasSuffix("/kubelet") ? .ok("wrong") : nil }
        try await AssetTests.with(wrong) { shell, _ in
            let run = await shell.run(AssetTests.arguments + ["--fetch"])
            #expect(run.code == 1 && run.messages.contains(ReleaseServer.digest(Array("wrong".utf8))), "\(run)")
        }
    }
}

@Suite struct AssetDisplayTests {
    private func event(_ kind: AssetProgress.Kind, _ received: Int) -> AssetProgress {
        AssetProgress(file: "kubelet", kind: kind, received: received, total: 113_000_000)
    }

    @Test func linesComeOnceInTenSeconds() async throws {
        let clock = TestClock()
        let said = CallLog()
        let lines = AssetLines(now: clock.context.now) { said.add($0) }
        for second in 0..<25 {
            lines.show(event(.received, second * 4_000_000))
            try await clock.context.sleep(.seconds(1))
        }
        lines.show(event(.retrying("connection reset"), 97_000_000))
        lines.show(event(.received, 98_000_000))
        lines.show(event(.finished, 113_000_000))
        #expect(
            said.all == [
                "downloading kubelet: 0 of 113 MB", "downloading kubelet: 40 of 113 MB", "downloading kubelet: 80 of 113 MB",
                "downloading kubelet: connection reset; 97 of 113 MB are here", "downloaded kubelet, 113 MB in 25 s",
            ])
    }

    @Test func theBoardFitsItsPage() {
        let now = Date()
        let files = (0..<10).map { index in
            AssetBoard.File(
                progress: AssetProgress(
                    file: "file-\(index)", kind: index == 0 ? .finished : index == 1 ? .retrying("timed out") : .received,
                    received: 50_000_000, total: index == 3 ? nil : 100_000_000),
                began: now.addingTimeInterval(-5), from: 0, ended: index == 0 ? now : nil)
        }
        let all = AssetBoard.lines(files, now: now, Page(width: 80, color: false, height: 24))
        #expect(
            Array(all.prefix(4)) == [
                "file-0  done   50 MB, 10.0 MB/s", "file-1  again  50 of 100 MB, timed out", "file-2   50%   50 of 100 MB, 10.0 MB/s",
                "file-3         50 MB, 10.0 MB/s",
            ])
        let few = AssetBoard.lines(files, now: now, Page(width: 20, color: false, height: 4))
        #expect(few.count == 3 && few.allSatisfy { $0.count <= 20 } && !few.contains { $0.hasPrefix("file-0") })
    }
}
