import Bootstrap
import ClusterModel
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Drivers

/// Members that come and go, one at a time.
@Suite struct EtcdMemberTests {
    private static let names = (1...3).map { "demo-control-plane-a-\($0)" }

    /// Three machines, and what their etcd lists.
    private final class Scene: Sendable {
        struct Member: Encodable {
            var ID: UInt64
            var name: String
            var peerURLs: [String]
            var isLearner = false
        }

        let bench = StepBench(Fixtures.state((1...3).map { Fixtures.machine(.controlPlane, $0) }, etcd: .initialised(token: "t")))
        let hosts: FakeHosts
        let members: Mutex<[Member]>
        let healthy: Mutex<Set<String>>

        init(members: [Member], healthy: [String]) {
            hosts = FakeHosts(log: bench.log)
            self.members = Mutex(members)
            self.healthy = Mutex(Set(healthy))
            hosts.on("endpoint health") { [self] call in result(isHealthy(call.machine)) }
            hosts.on("member list") { [self] _ in
                let json = try JSONEncoder().encode(["members": self.members.withLock { $0 }])
                return HostResult(exitStatus: 0, output: Array(json), errorOutput: [])
            }
        }

        private func isHealthy(_ machine: String) -> Bool { healthy.withLock { $0.contains(machine) } }

        private func result(_ isTrue: Bool) -> HostResult { HostResult(exitStatus: isTrue ? 0 : 1, output: [], errorOutput: []) }

        static func member(_ number: Int, name: String? = nil, isLearner: Bool = false) throws -> Member {
            let address = try #require(Fixtures.machine(.controlPlane, number).address)
            return Member(
                ID: UInt64(number), name: name ?? names[number - 1], peerURLs: [EtcdFormation.peerURL("\(address)")], isLearner: isLearner)
        }

        func perform(_ action: Action, on name: String) async throws -> StepOutcome {
            let driver = EtcdDriver(login: MachineLogin(hosts: hosts, vault: try Sample.vault()), cloud: FakeCloud(log: bench.log) { _ in })
            return try await driver.perform(Sample.step(.etcd, name, action, guards: [.etcdQuorum]), in: bench.context)
        }

        func ran(_ fragment: String) -> Bool { hosts.calls.contains { $0.script.contains(fragment) } }
    }

    private func all() throws -> [Scene.Member] { try (1...3).map { try Scene.member($0) } }

    @Test func aMemberThatGoesIsRemovedByAnotherAndItsDataIsWiped() async throws {
        let scene = Scene(members: try all(), healthy: Self.names)
        scene.hosts.on("move-leader", status: 1)
        scene.hosts.on("member remove 1") { [scene] call in
            #expect(call.machine == Self.names[1], "never by itself")
            scene.members.withLock { $0.removeAll { $0.ID == 1 } }
            return HostResult(exitStatus: 0, output: [], errorOutput: [])
        }
        scene.hosts.on(EtcdFormation.wipeScript)
        #expect(try await scene.perform(.leaveEtcd, on: Self.names[0]) == .changed)
        #expect(scene.hosts.calls.last?.machine == Self.names[0] && scene.ran("systemctl disable"))
    }

    @Test func aMemberThatIsNotListedIsGoneAlready() async throws {
        let scene = Scene(members: Array(try all().dropFirst()), healthy: Self.names)
        scene.hosts.on(EtcdFormation.wipeScript)
        #expect(try await scene.perform(.leaveEtcd, on: Self.names[0]) == .unchanged)
        #expect(!scene.ran("member remove"))
    }

    /// Of the two that would be left only one is healthy: that is no majority of two.
    @Test func nobodyLeavesAMajorityThatIsNone() async throws {
        let scene = Scene(members: try all(), healthy: [Self.names[0], Self.names[1]])
        let error = try await expectError(.refused) { _ = try await scene.perform(.leaveEtcd, on: Self.names[0]) }
        #expect(error.cause.contains("1 are healthy"))
        #expect(!scene.ran("member remove") && !scene.ran("rm -rf"))
    }

    // MARK: Pausing

    @Test func leadershipIsMovedOffAMemberThatIsAboutToPause() async throws {
        let scene = Scene(members: try all(), healthy: Self.names)
        scene.hosts.on("move-leader 2")
        #expect(try await scene.perform(.handOverEtcd, on: Self.names[0]) == .changed)
        #expect(scene.hosts.calls.last?.machine == Self.names[0])
        #expect(!scene.ran("member remove") && !scene.ran(EtcdFormation.wipeScript))
    }

    /// A member that pauses still counts: of three, both others must be healthy.
    @Test func noMemberPausesThatTheMajorityNeeds() async throws {
        let scene = Scene(members: try all(), healthy: Array(Self.names.prefix(2)))
        let error = await #expect(throws: SlipwayError.self) { try await scene.perform(.handOverEtcd, on: Self.names[0]) }
        #expect(error?.code == .refused && error?.cause.contains("1 are healthy") == true)
        #expect(!scene.ran("move-leader"))
    }

    @Test func theOnlyMemberNeverLeaves() async throws {
        let scene = Scene(members: [try Scene.member(1)], healthy: [Self.names[0]])
        _ = try await expectError(.refused) { _ = try await scene.perform(.leaveEtcd, on: Self.names[0]) }
        #expect(!scene.ran("member remove"))
    }

    @Test func aMemberWithAVoteIsNotAddedAgain() async throws {
        let scene = Scene(members: try all(), healthy: Self.names)
        scene.hosts.on(EtcdFormation.finishScript)
        #expect(try await scene.perform(.joinEtcd, on: Self.names[2]) == .unchanged)
        #expect(!scene.ran("member add"))
    }

    /// An earlier attempt was cut off after the learner had started.
    @Test func aLearnerThatRunsIsPromotedAndNotAddedAgain() async throws {
        let scene = Scene(members: try all().prefix(2) + [try Scene.member(3, isLearner: true)], healthy: Array(Self.names.prefix(2)))
        scene.hosts.on("endpoint status")
        scene.hosts.on(EtcdFormation.finishScript)
        scene.hosts.on(
            "member promote 3", times: 2, status: 1, error: "Error: etcdserver: can only promote a learner member which is in sync")
        scene.hosts.on("member promote 3") { [scene] _ in
            scene.members.withLock { $0[2].isLearner = false }
            scene.healthy.withLock { _ = $0.insert(Self.names[2]) }
            return HostResult(exitStatus: 0, output: [], errorOutput: [])
        }
        #expect(try await scene.perform(.joinEtcd, on: Self.names[2]) == .changed)
        #expect(!scene.ran("member add"))
        #expect(scene.bench.progress.contains { $0.contains("in sync") }, "what holds it up is told")
    }

    @Test func aNewMemberLearnsWithTheWholeListOfMembers() async throws {
        let scene = Scene(members: Array(try all().prefix(2)), healthy: Array(Self.names.prefix(2)))
        let runs = Mutex(false)
        scene.hosts.on("member add") { [scene] call in
            #expect(call.script.contains("--learner"))
            let member = try Scene.member(3, name: "", isLearner: true)
            scene.members.withLock { $0.append(member) }
            return HostResult(exitStatus: 0, output: [], errorOutput: [])
        }
        scene.hosts.on("endpoint status") { _ in HostResult(exitStatus: runs.withLock { $0 } ? 0 : 1, output: [], errorOutput: []) }
        scene.hosts.on("rm -rf /var/lib/etcd/member")
        scene.hosts.on("systemctl start --no-block etcd.service") { call in
            let archive = String(decoding: call.input, as: UTF8.self)
            #expect(archive.contains("ETCD_INITIAL_CLUSTER_STATE=existing"))
            for name in Self.names { #expect(archive.contains("\(name)=https://")) }
            runs.withLock { $0 = true }
            return HostResult(exitStatus: 0, output: [], errorOutput: [])
        }
        scene.hosts.on(EtcdFormation.finishScript)
        scene.hosts.on("member promote 3") { [scene] _ in
            scene.members.withLock { $0[2].isLearner = false }
            scene.healthy.withLock { _ = $0.insert(Self.names[2]) }
            return HostResult(exitStatus: 0, output: [], errorOutput: [])
        }
        #expect(try await scene.perform(.joinEtcd, on: Self.names[2]) == .changed)
    }
}
