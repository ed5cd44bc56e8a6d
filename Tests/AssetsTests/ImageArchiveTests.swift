import Assets
import ClusterModel
import Foundation
import Testing

@Suite struct ImageArchiveTests {
    let image = ImageArchive(
        name: "registry.example/web:1", entrypoint: ["/bin/busybox"], cmd: ["httpd", "-f", "-h", "/www"], env: ["PATH=/bin"],
        files: [
            .init(path: "/www/index.html", content: .bytes(Array("hello\n".utf8))),
            .init(path: "/bin/busybox", mode: 0o755, content: .bytes([UInt8](repeating: 7, count: 1025))),
            .init(path: "/bin/sh", content: .link("busybox")),
            .init(path: "/empty", mode: 0o600, content: .bytes([])),
            // More than 100 bytes: the folders go into the header's prefix.
            .init(path: "/\(String(repeating: "d", count: 90))/\(String(repeating: "f", count: 90))", content: .bytes([1])),
        ])

    /// What the distribution's tar says.
    private func tar(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["TZ=UTC", "LC_ALL=C", "tar"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        return text
    }

    @Test func aRealTarReadsIt() throws {
        let folder = try TemporaryFolder()
        try folder.write(image.archive(), to: "image.tar")
        _ = try tar("-xf", "\(folder.path)/image.tar", "-C", folder.path)

        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/manifest.json")))
        let manifest = try #require((json as? [[String: Any]])?.first)
        #expect(manifest["RepoTags"] as? [String] == ["registry.example/web:1"])
        let layer = try #require((manifest["Layers"] as? [String])?.first)
        let configName = try #require(manifest["Config"] as? String)
        let configBytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(configName)"))
        #expect(configName == "\(Sample.digest([UInt8](configBytes))).json")
        let config = try #require(try JSONSerialization.jsonObject(with: configBytes) as? [String: Any])
        let layerBytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(layer)"))
        let rootfs = try #require(config["rootfs"] as? [String: Any])
        #expect(rootfs["diff_ids"] as? [String] == ["sha256:\(Sample.digest([UInt8](layerBytes)))"])
        let process = try #require(config["config"] as? [String: Any])
        #expect(process["Entrypoint"] as? [String] == ["/bin/busybox"])
        #expect(process["Cmd"] as? [String] == ["httpd", "-f", "-h", "/www"])
        #expect(process["Env"] as? [String] == ["PATH=/bin"])
        #expect(config["architecture"] as? String == "amd64")

        let listing = try tar("-tvf", "\(folder.path)/\(layer)").split(separator: "\n")
            .map { $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ") }
        let (d, f) = (String(repeating: "d", count: 90), String(repeating: "f", count: 90))
        #expect(
            listing == [
                "drwxr-xr-x root/root 0 1970-01-01 00:00 bin/",
                "-rwxr-xr-x root/root 1025 1970-01-01 00:00 bin/busybox",
                "lrwxrwxrwx root/root 0 1970-01-01 00:00 bin/sh -> busybox",
                "drwxr-xr-x root/root 0 1970-01-01 00:00 \(d)/",
                "-rw-r--r-- root/root 1 1970-01-01 00:00 \(d)/\(f)",
                "-rw------- root/root 0 1970-01-01 00:00 empty",
                "drwxr-xr-x root/root 0 1970-01-01 00:00 www/",
                "-rw-r--r-- root/root 6 1970-01-01 00:00 www/index.html",
            ])
        try FileManager.default.createDirectory(atPath: "\(folder.path)/root", withIntermediateDirectories: true)
        _ = try tar("-xf", "\(folder.path)/\(layer)", "-C", "\(folder.path)/root")
        #expect(try String(contentsOfFile: "\(folder.path)/root/www/index.html", encoding: .utf8) == "hello\n")
    }

    @Test func theSameImageGivesTheSameBytes() throws {
        var other = image
        other.files.reverse()
        #expect(try image.archive() == other.archive())
        other.name = "registry.example/web:2"
        #expect(try image.archive() != other.archive())
    }

    @Test(arguments: [
        ["relative"], ["/"], ["/a//b"], ["/a/"], ["/a/../b"], ["/./a"], [""], ["/a", "/a"], ["/a", "/a/b"],
        ["/\(String(repeating: "x", count: 101))"], ["/\(String(repeating: "x/", count: 200))y"],
    ])
    func refusesPathsThatNoImageHas(_ paths: [String]) throws {
        let bad = ImageArchive(name: "bad:1", files: paths.map { .init(path: $0, content: .bytes([])) })
        let error = #expect(throws: SlipwayError.self) { try bad.archive() }
        #expect(error?.code == .failed)
    }

    @Test func keepsTheArchiveByItsDigest() async throws {
        let folder = try TemporaryFolder()
        let file = try await AssetCache(root: folder.path).archive(of: image)
        #expect(try Sample.digest(image.archive()) == file.sha256)
        #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: file.path))) == image.archive())
    }
}
