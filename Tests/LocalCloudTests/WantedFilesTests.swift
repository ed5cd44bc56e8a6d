import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import LocalCloud

@Suite struct WantedFilesTests {
    private let path = "/opt/slipway/bin/kubelet"

    private func source(_ folder: String, _ text: String = "binary") throws -> AssetFile {
        let path = "\(folder)/source"
        try Files.write(Array(text.utf8), to: path, mode: 0o600)
        return AssetFile(path: path, sha256: "0a0b", size: text.utf8.count)
    }

    @Test func machinesShareTheFile() async throws {
        try await withFolder { folder in
            let wanted = try await WantedFiles([path: try source(folder)], cacheRoot: "\(folder)/cache")
            for machine in ["a", "b"] { try await wanted.lay(at: "\(folder)/\(machine)") }
            let copies = ["cache/files/0a0b", "a\(path)", "b\(path)"].map { "\(folder)/\($0)" }
            let found = try copies.map { try #require(Files.status($0)) }
            #expect(Set(found.map(\.inode)).count == 1)
            #expect(found[0].inode != Files.status("\(folder)/source")?.inode, "whoever writes to the source changes machines")
            #expect(found[0].mode == 0o755 && found[0].owner == 0)
            for parent in ["", "/opt", "/opt/slipway", "/opt/slipway/bin"] { #expect(Files.status("\(folder)/a\(parent)")?.mode == 0o755) }
            #expect(try Files.list("\(folder)/cache/files") == ["0a0b"])
        }
    }

    @Test func theCopyOutlivesTheSource() async throws {
        try await withFolder { folder in
            let file = try source(folder)
            _ = try await WantedFiles([path: file], cacheRoot: "\(folder)/cache")
            try FileManager.default.removeItem(atPath: file.path)
            try await WantedFiles([path: file], cacheRoot: "\(folder)/cache").lay(at: "\(folder)/a")
            #expect(try Files.text("\(folder)/a\(path)") == "binary")
        }
    }

    @Test func aCopyThatWasCutShortIsMadeAnew() async throws {
        try await withFolder { folder in
            let file = try source(folder)
            _ = try await WantedFiles([path: file], cacheRoot: "\(folder)/cache")
            try Files.write(Array("bin".utf8), to: "\(folder)/cache/files/0a0b", mode: 0o755)
            try await WantedFiles([path: file], cacheRoot: "\(folder)/cache").lay(at: "\(folder)/a")
            #expect(try Files.text("\(folder)/a\(path)") == "binary")
        }
    }

    @Test func nothingWantedLeavesNoLayer() async throws {
        try await withFolder { folder in
            try await WantedFiles([:], cacheRoot: "\(folder)/cache").lay(at: "\(folder)/a")
            #expect(!Files.exists("\(folder)/a") && !Files.exists("\(folder)/cache"))
        }
    }
}
