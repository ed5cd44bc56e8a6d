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
        let store = try StateLocation("file:///srv/a%20b").open(key: SecretsKey(keyFile: KeyFile(path: "/nowhere")))
        #expect(store.location == "file:///srv/a%20b")
        #expect(try StateLocation(store.location) == .folder("/srv/a b"))
    }

    @Test func buckets() throws {
        #expect(try StateLocation("s3://my-bucket") == .s3(bucket: "my-bucket", prefix: ""))
        #expect(try StateLocation("s3://my-bucket/") == .s3(bucket: "my-bucket", prefix: ""))
        #expect(try StateLocation("s3://my.bucket/a/b-c/") == .s3(bucket: "my.bucket", prefix: "a/b-c"))
        let store = try StateLocation("s3://my-bucket/a/b/").open(key: SecretsKey(keyFile: KeyFile(path: "/nowhere")), environment: [:])
        #expect(store.location == "s3://my-bucket/a/b")
        #expect(try StateLocation(store.location) == .s3(bucket: "my-bucket", prefix: "a/b"))
        #expect((store as? S3StateStore)?.lease == .seconds(90))
        let quick = try S3StateStore(bucket: "b", prefix: "", environment: ["SLIPWAY_S3_LEASE": "5"])
        #expect(quick.lease == .seconds(5))
    }

    @Test(arguments: ["1", "3601", "0", "-5", "ninety", "5 s", "nan", "inf"])
    func aLeaseThatCannotBeIsRefused(text: String) throws {
        let location = try StateLocation("s3://my-bucket")
        let error = #expect(throws: SlipwayError.self) {
            try location.open(key: SecretsKey(keyFile: KeyFile(path: "/nowhere")), environment: ["SLIPWAY_S3_LEASE": text])
        }
        #expect(error?.code == .usage && error?.cause == "$SLIPWAY_S3_LEASE is '\(text)'")
        #expect(error?.hint?.contains("from 2 to 3600") == true)
    }

    @Test(arguments: [
        "s3://", "s3:///x", "s3://A_b", "s3://my-bucket//a", "s3://my-bucket/../a", "s3://my-bucket/a b", "s3://my-bucket/.a",
        "s3://a..b/x",
        "", "file://", "file://host/srv", "http://x/y",
    ])
    func othersAreRefused(text: String) async throws {
        try await expectError(.usage) { _ = try StateLocation(text) }
    }
}
