import Bootstrap
import ClusterModel
import Foundation
import Testing

/// The script that decides whether etcd may start, run by a real shell on folders of the test's own.
@Suite struct EtcdStartTests {
    let folder: TemporaryFolder
    let script: String

    init() throws {
        folder = try TemporaryFolder()
        script = try NodeContent.render(Fixture.input()).text(at: "\(NodePaths.scripts)/slipway-etcd-start")
            .replacing("/etc/slipway", with: "\(folder.path)/etc").replacing("/var/lib/etcd", with: "\(folder.path)/data")
        try FileManager.default.createDirectory(atPath: "\(folder.path)/etc", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: "\(folder.path)/data", withIntermediateDirectories: true)
    }

    private func start() async throws -> ProgramResult {
        try await Shell.run(script, arguments: ["printf", "[%s]", "--name=x y"])
    }

    private func form() throws {
        let members = [("demo-b", "100.96.8.11"), ("demo-a", "100.96.8.10")].compactMap { name, address in
            IPv4Address(address).map { EtcdFormation.Member(name: name, address: $0) }
        }
        let file = EtcdFormation.environment(token: "token $x 'y'", members: members)
        guard case .text(let text) = file.content else { return }
        try folder.write(text, to: "etc/etcd-formation.env")
    }

    @Test func refusesWithoutData() async throws {
        defer { folder.remove() }
        let result = try await start()
        #expect(result.status == 78)
        #expect(result.errors.contains("etcd data is missing on a cluster that was initialised: refusing to start a new one"))
        #expect(result.output == "")
    }

    @Test func refusesWithAnEmptyDataFolder() async throws {
        defer { folder.remove() }
        try FileManager.default.createDirectory(atPath: "\(folder.path)/data/member/wal", withIntermediateDirectories: true)
        #expect(try await start().status == 78)
    }

    @Test func startsWithDataAsAnExistingMember() async throws {
        defer { folder.remove() }
        try folder.write("", to: "data/member/wal/0.wal")
        let result = try await start()
        #expect(result.status == 0)
        #expect(result.output == "[--name=x y][--initial-cluster-state=existing]")
    }

    @Test func formsOnlyWithTheFormationFile() async throws {
        defer { folder.remove() }
        try form()
        let result = try await start()
        #expect(result.status == 0)
        #expect(
            result.output
                == "[--name=x y][--initial-cluster-state=new]"
                + "[--initial-cluster=demo-a=https://100.96.8.10:2380,demo-b=https://100.96.8.11:2380][--initial-cluster-token=token $x 'y']"
        )
        try FileManager.default.removeItem(atPath: "\(folder.path)/etc/etcd-formation.env")
        #expect(try await start().status == 78)
    }

    @Test func refusesAFormationWithoutMembers() async throws {
        defer { folder.remove() }
        try folder.write("ETCD_INITIAL_CLUSTER_TOKEN=x\n", to: "etc/etcd-formation.env")
        #expect(try await start().status == 78)
    }
}
