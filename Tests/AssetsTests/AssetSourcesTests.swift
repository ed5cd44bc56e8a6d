import ClusterModel
import Foundation
import Testing

@testable import Assets

@Suite struct AssetSourcesTests {
    private func resolved(_ text: String) async throws -> (name: String, place: String) {
        let source = try AssetSources.resolve(text, cacheRoot: "/nonexistent", environment: [:])
        let place = (source as? DirectoryMirror)?.path ?? (source as? HTTPMirror)?.url ?? ""
        let isHTTP = source is HTTPMirror
        await source.close()
        return (source.name, isHTTP ? "url \(place)" : "folder \(place)")
    }

    @Test(arguments: [
        ("official", "url https://dl.k8s.io/release", "official"),
        ("https://mirror.example/k8s/", "url https://mirror.example/k8s", "https://mirror.example/k8s"),
        ("http://127.0.0.1:8080", "url http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("/var/cache/x", "folder /var/cache/x", "/var/cache/x"),
        ("file:///var/cache/a%20b", "folder /var/cache/a b", "/var/cache/a b"),
        ("file://localhost/srv", "folder /srv", "/srv"),
    ])
    func knowsWhatIsMeant(_ text: String, _ place: String, _ canonical: String) async throws {
        let found = try await resolved(text)
        #expect(found.name == text)
        #expect(found.place == place)
        #expect(try AssetSources.canonical(text) == canonical)
    }

    @Test func aRelativeFolderIsWrittenDownAbsolute() throws {
        let here = FileManager.default.currentDirectoryPath
        #expect(try AssetSources.canonical("mirrors/a") == "\(here)/mirrors/a")
        #expect(try AssetSources.canonical("./mirrors/../a/") == "\(here)/a")
    }

    @Test(arguments: [
        "", "ftp://mirror.example/", "https://", "https://mirror.example/?x=1", "https://mirror.example/#x", "file://host/path",
        "https://me:hunter2@mirror.example/", "https://exa mple/",
    ])
    func refusesWhatItCannotUse(_ text: String) throws {
        let error = #expect(throws: SlipwayError.self) { try AssetSources.resolve(text) }
        #expect(error?.code == .usage)
        #expect(error?.cause.contains("hunter2") == false)
    }

    @Test func theCacheIsWhereTheEnvironmentSays() {
        #expect(AssetCache.defaultRoot(environment: [:]) == "/var/cache/slipway")
        #expect(AssetCache.defaultRoot(environment: ["SLIPWAY_CACHE": ""]) == "/var/cache/slipway")
        #expect(AssetCache.defaultRoot(environment: ["SLIPWAY_CACHE": "/tmp/c"]) == "/tmp/c")
    }
}
