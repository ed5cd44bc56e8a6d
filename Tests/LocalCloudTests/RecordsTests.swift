import ClusterModel
import Foundation
import Testing

@testable import LocalCloud

@Suite struct RecordsTests {
    /// Format 1 as it was first written: every later version reads it.
    static let network = """
        {
          "cidr" : "100.96.8.0/24",
          "formatVersion" : 1,
          "identity" : {
            "name" : "demo",
            "uid" : "0123abcd"
          },
          "podCIDR" : "10.244.0.0/16",
          "routes" : {
            "10.244.1.0/24" : {
              "machine" : "demo-nodes-a-1",
              "via" : "100.96.8.12"
            }
          },
          "serviceCIDR" : "10.96.0.0/16",
          "tags" : {
            "slipway.dev/store" : "file:///x"
          }
        }

        """
    static let machine = """
        {
          "address" : "100.96.8.12",
          "formatVersion" : 1,
          "image" : "00112233",
          "instanceType" : "local.small",
          "isTerminated" : false,
          "name" : "demo-nodes-a-1",
          "providerID" : "slipway-local://0123abcd/demo-nodes-a-1",
          "role" : "worker",
          "tags" : {

          },
          "token" : "t",
          "zone" : "local-a"
        }

        """

    @Test func formatOneIsReadAndWritten() async throws {
        try await withFolder { root in
            let records = Records(root: root)
            try Files.makeFolder(records.machine("0123abcd", "demo-nodes-a-1"))
            try Files.write(Array(Self.network.utf8), to: records.networkPath("0123abcd"), mode: 0o600)
            try Files.write(
                Array(Self.machine.utf8), to: "\(records.machine("0123abcd", "demo-nodes-a-1"))/machine.json", mode: 0o600)
            let network = try #require(try records.network("0123abcd"))
            let machine = try #require(try records.allMachines("0123abcd").first)
            #expect(network.routes["10.244.1.0/24"]?.via == machine.address)
            #expect(String(decoding: try Records.encode(network), as: UTF8.self) == Self.network)
            #expect(String(decoding: try Records.encode(machine), as: UTF8.self) == Self.machine)
            #expect(try network.record().apiAddress == "100.96.8.2")
            #expect(machine.record(.running).status == .running)
            var terminated = machine
            terminated.isTerminated = true
            try records.write(terminated, of: "0123abcd")
            #expect(try records.machine("0123abcd", named: machine.name)?.record(.running).status == .terminated)
            #expect(try records.networks() == [network])
        }
    }

    @Test func newerAndDamagedRecordsAreNamed() async throws {
        try await withFolder { root in
            let records = Records(root: root)
            try Files.makeFolder(records.cluster("a"))
            try Files.write(Array(#"{"formatVersion": 2}"#.utf8), to: records.networkPath("a"), mode: 0o600)
            #expect(#expect(throws: SlipwayError.self) { try records.network("a") }?.cause.contains("newer") == true)
            try Files.write(Array("{".utf8), to: records.networkPath("a"), mode: 0o600)
            let error = #expect(throws: SlipwayError.self) { try records.network("a") }
            #expect(error?.doing.contains(records.networkPath("a")) == true)
        }
    }

    @Test func recordsAreForRootAlone() async throws {
        try await withFolder { root in
            let path = "\(root)/deep/er/file"
            try Files.makeFolder("\(root)/deep/er")
            try Files.writeDurably([1], to: path)
            #expect(Files.status(path)?.mode == 0o600)
            #expect(Files.status("\(root)/deep")?.mode == 0o700)
            #expect(try Files.list("\(root)/deep/er") == ["file"])
        }
    }

    @Test func lockOfAFolderThatWasRemovedIsNotTaken() async throws {
        try await withFolder { root in
            let folder = "\(root)/locked"
            try Files.makeFolder(folder)
            let (entered, enter) = AsyncStream.makeStream(of: Void.self)
            let (released, release) = AsyncStream.makeStream(of: Void.self)
            async let holder: Void = FolderLock.with(folder) {
                enter.finish()
                for await _ in released {}
                try await Tool.remove(folder)
            }
            for await _ in entered {}
            let (waits, wait) = AsyncStream.makeStream(of: Void.self)
            let waiter = Task { try await FolderLock.with(folder, waiting: { wait.finish() }) { true } }
            for await _ in waits {}
            release.finish()
            try await holder
            let error = await #expect(throws: SlipwayError.self) { try await waiter.value }
            #expect(error?.code == .notFound)
            #expect(try await FolderLock.with(folder, make: true) { Files.exists(folder) })
        }
    }

    @Test func lockIsExclusive() async throws {
        try await withFolder { root in
            let path = "\(root)/count"
            try Files.write(Array("0".utf8), to: path, mode: 0o600)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await FolderLock.with(root) {
                            let count = Int(try Files.text(path) ?? "") ?? 0
                            await Task.yield()
                            try Files.write(Array("\(count + 1)".utf8), to: path, mode: 0o600)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try Files.text(path) == "20")
        }
    }
}

/// Gives the body a folder of its own, and removes it afterwards.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = "/var/tmp/slipway-test-\(UUID().uuidString.prefix(8).lowercased())"
    try Files.makeFolder(folder)
    do {
        let result = try await body(folder)
        try await Tool.remove(folder)
        return result
    } catch {
        try? await Tool.remove(folder)
        throw error
    }
}
