import ClusterModel
import Foundation
import Testing

@testable import StateStore

@Suite struct LocationTests {
    @Test func pathsAndURLs() throws {
        let here = FileManager.default.currentDirectoryPath
        #expect(try StateLocation(StateLocation.standard) == .folder("\(here)/state"))
        #expect(try StateLocation("/srv/x/") == .folder("/srv/x"))
        #expect(try StateLocation("/srv/y/../x") == .folder("/srv/x"))
        #expect(try StateLocation("file:///srv/x") == .folder("/srv/x"))
        #expect(try StateLocation("file://localhost/srv/a%20b") == .folder("/srv/a b"))
        let store = try StateLocation("file:///srv/a%20b").open(keyFile: KeyFile(path: "/nowhere"))
        #expect(store.location == "file:///srv/a%20b")
        #expect(try StateLocation(store.location) == .folder("/srv/a b"))
    }

    @Test(arguments: ["", "s3://bucket/prefix", "file://", "file://host/srv", "http://x/y"])
    func othersAreRefused(text: String) async throws {
        try await expectError(.usage) { _ = try StateLocation(text) }
    }
}
