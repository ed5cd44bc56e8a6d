import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import SimulatedCloud

@Suite struct WorldFileTests {
    private let cluster = ClusterIdentity(name: "demo", uid: "0011aabb")

    private func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-world-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body("\(folder)/world.json")
    }

    private func ensureNetwork(_ world: SimulatedWorld, _ cluster: ClusterIdentity) async throws -> NetworkRecord {
        try await world.ensureNetwork(
            NetworkRequest(cluster: cluster, cidr: nil, podCIDR: Fixtures.podCIDR, serviceCIDR: Fixtures.serviceCIDR, tags: [:]))
    }

    @Test func twoThatShareAFileSeeEachOther() async throws {
        try await withFolder { path in
            let one = SimulatedWorld(file: WorldFile(path: path))
            let other = SimulatedWorld(file: WorldFile(path: path))
            #expect(try await other.observe(cluster).network == nil)
            let record = try await ensureNetwork(one, cluster)
            #expect(try await other.observe(cluster).network?.record == record)
            try await other.tagNetwork(cluster, tags: ["a": "b"])
            #expect(try await one.observe(cluster).network?.tags == ["a": "b"])
            #expect(
                try await SimulatedWorld(file: WorldFile(path: path)).observe(cluster).network?.tags == ["a": "b"], "and who comes later")
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func manyAtOnceLoseNothing() async throws {
        try await withFolder { path in
            let clusters = (0..<20).map { ClusterIdentity(name: "c\($0)", uid: "\($0)") }
            let ranges = try await withThrowingTaskGroup(of: String.self) { group in
                for cluster in clusters {
                    group.addTask { "\(try await ensureNetwork(SimulatedWorld(file: WorldFile(path: path)), cluster).cidr)" }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(ranges.count == 20, "each has a range of its own")
            #expect(try await SimulatedWorld(file: WorldFile(path: path)).clusters().count == 20)
        }
    }

    @Test func aFileThatIsNoneIsSaidToBe() async throws {
        try await withFolder { path in
            _ = try await ensureNetwork(SimulatedWorld(file: WorldFile(path: path)), cluster)
            try Data("{".utf8).write(to: URL(fileURLWithPath: path))
            let error = await #expect(throws: SlipwayError.self) { try await SimulatedWorld(file: WorldFile(path: path)).clusters() }
            #expect(error?.doing.contains(path) == true)
        }
    }

    @Test func keysAreNotKept() {
        let key = "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n"
        let certificate = "-----BEGIN CERTIFICATE-----\n\(String(repeating: "A", count: 64))\n-----END CERTIFICATE-----\n"
        #expect(SimulatedFile(key + key).text.isEmpty)
        #expect(SimulatedFile(certificate + key).text == certificate)
        #expect(SimulatedFile(key + certificate).text == certificate)
        #expect(SimulatedFile("1.20.2\n").text == "1.20.2\n")
    }
}
