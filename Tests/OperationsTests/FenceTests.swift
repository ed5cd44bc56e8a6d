import ClusterModel
import Engine
import Foundation
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Operations

/// A session whose lock is lost when a test says so.
private final class LeasedSession: StateSession {
    let cluster = "demo"
    let owner = LockInfo.current(operation: "test", version: "0")
    let leaseLength: Duration?
    private let status = Mutex((isHeld: true, asked: [Duration]()))

    init(lease: Duration?) { leaseLength = lease }

    func lose() { status.withLock { $0.isHeld = false } }
    var asked: [Duration] { status.withLock { $0.asked } }

    func ensureHeld(for call: Duration) async throws {
        let isHeld = status.withLock { status in
            status.asked.append(call)
            return status.isHeld
        }
        guard isHeld else { throw SlipwayError(.tryAgain, doing: "holding the lock", cause: "it is lost") }
    }

    var state: ClusterState? { nil }
    var unfinishedSteps: [String] { [] }
    func create(_ initial: ClusterState) async throws { throw UnexpectedCall("create") }
    func rebuild(_ state: ClusterState, secrets: [String: Secret]) async throws -> KeyUse { throw UnexpectedCall("rebuild") }
    func record(_ change: StateChange) async throws { throw UnexpectedCall("record") }
    func journal(_ mark: JournalMark) async throws { throw UnexpectedCall("journal") }
    func checkpoint() async throws { throw UnexpectedCall("checkpoint") }
    func prepareKey() async throws -> KeyUse { throw UnexpectedCall("prepareKey") }
    func secrets() async throws -> [String: Secret]? { throw UnexpectedCall("secrets") }
    func saveSecrets(_ secrets: [String: Secret]) async throws -> KeyUse { throw UnexpectedCall("saveSecrets") }
    func runLog(_ id: String) async throws -> any RunLog { throw UnexpectedCall("runLog") }
    func remove() async throws { throw UnexpectedCall("remove") }
    func release() async {}
    func abandon() async {}
}

@Suite struct FenceTests {
    private static let cluster = ClusterIdentity(name: "demo", uid: "0a1b2c3d")

    /// Every call that changes something, by its name.
    private static func changes() throws -> [(String, @Sendable (Outside) async throws -> Void)] {
        let cidr = try #require(IPv4CIDR("10.0.0.0/24"))
        let host = HostEndpoint(
            machine: "m", address: try #require(IPv4Address("10.0.0.1")), hostKeyFingerprint: "SHA256:x", identity: Secret("x"))
        let pod = PodObservation(namespace: "n", name: "p", uid: "u", node: nil, phase: "Running", isReady: true, podIP: nil, labels: [:])
        let endpoint = APIEndpoint(url: "https://x", authority: "", certificate: "", key: Secret(""))
        return [
            (
                "ensureNetwork",
                {
                    _ = try await $0.cloud.ensureNetwork(
                        NetworkRequest(cluster: cluster, cidr: nil, podCIDR: cidr, serviceCIDR: cidr, tags: [:]))
                }
            ),
            ("tagNetwork", { try await $0.cloud.tagNetwork(cluster, tags: [:]) }),
            ("deleteNetwork", { try await $0.cloud.deleteNetwork(cluster) }),
            ("startMachine", { _ = try await $0.cloud.startMachine(cluster, name: "m") }),
            ("stopMachine", { try await $0.cloud.stopMachine(cluster, name: "m") }),
            ("resizeMachine", { try await $0.cloud.resizeMachine(cluster, name: "m", instanceType: "t") }),
            ("deleteMachine", { try await $0.cloud.deleteMachine(cluster, name: "m") }),
            ("setRoute", { try await $0.cloud.setRoute(cluster, podCIDR: cidr, machine: "m") }),
            ("deleteRoute", { try await $0.cloud.deleteRoute(cluster, podCIDR: cidr) }),
            ("run", { _ = try await $0.hosts.run("true", on: host) }),
            ("upload", { try await $0.hosts.upload(.bytes([]), to: "/x", mode: 0o600, on: host, timeout: .seconds(600)) }),
            ("evict", { _ = try await $0.connect(endpoint).evict(pod) }),
            ("deletePod", { try await $0.connect(endpoint).deletePod(pod) }),
            ("patchNode", { _ = try await $0.connect(endpoint).patchNode("n", .null) }),
            ("deleteNode", { try await $0.connect(endpoint).deleteNode("n") }),
            ("apply", { try await $0.connect(endpoint).apply(.null) }),
        ]
    }

    private func outside(_ log: CallLog) -> Outside {
        Outside(
            cloud: FakeCloud(log: log), hosts: FakeHosts(log: log), assets: { _ in throw UnexpectedCall("assets") },
            connect: { _ in FakeClusterAccess(log: log) })
    }

    @Test func withoutTheLockNothingIsChanged() async throws {
        for (name, change) in try Self.changes() {
            let log = CallLog()
            let session = LeasedSession(lease: .seconds(90))
            let interrupt = Interrupt()
            let outside = outside(log).behind(Fence(session, interrupt: interrupt))
            // With it the call goes through: to a fake that expects none.
            await #expect(throws: UnexpectedCall.self, "\(name)") { try await change(outside) }
            #expect(log.all.count == 1, "\(name)")
            #expect(session.asked.first.map { $0 >= .seconds(30) } == true, "\(name): for as long as the call may take")
            session.lose()
            let error = await #expect(throws: SlipwayError.self, "\(name)") { try await change(outside) }
            #expect(error?.code == .tryAgain)
            #expect(log.all.count == 1, "\(name) went out without the lock")
            #expect(interrupt.isRequested, "\(name): nothing new is started")
        }
    }

    @Test func looksNeedNoLock() async throws {
        let log = CallLog()
        let session = LeasedSession(lease: .seconds(90))
        session.lose()
        let outside = outside(log).behind(Fence(session, interrupt: Interrupt()))
        await #expect(throws: UnexpectedCall.self) { try await outside.cloud.observe(Self.cluster) }
        await #expect(throws: UnexpectedCall.self) { try await outside.cloud.clusters() }
        await #expect(throws: UnexpectedCall.self) {
            try await outside.connect(APIEndpoint(url: "https://x", authority: "", certificate: "", key: Secret(""))).nodes()
        }
        #expect(log.all.count == 3 && session.asked.isEmpty)
    }

    /// As an upload of minutes, while a renewal fails.
    @Test func aLongCallEndsWithTheLock() async throws {
        let session = LeasedSession(lease: .seconds(2))
        let fence = try #require(Fence(session, interrupt: Interrupt()))
        let began = ContinuousClock.now
        let error = await #expect(throws: SlipwayError.self) {
            try await fence.acting(for: .seconds(600)) {
                session.lose()
                try await Task.sleep(for: .seconds(600))
            }
        }
        #expect(error?.code == .tryAgain && ContinuousClock.now - began < .seconds(300))
    }

    /// The kernel's lock is not asked for anything.
    @Test func aLockThatCannotBeLostNeedsNoFence() throws {
        #expect(Fence(LeasedSession(lease: nil), interrupt: Interrupt()) == nil)
    }
}
