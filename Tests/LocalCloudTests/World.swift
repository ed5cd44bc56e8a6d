import ClusterModel
import Foundation
import Subprocess
import Synchronization
import TestSupport
import Testing

@testable import LocalCloud

/// A local cloud with a root of its own, and a login to its machines. What a test made is removed at the end.
final class World: Sendable {
    let cloud: LocalCloud
    let folder: String
    let login: String
    private let made = Mutex<[ClusterIdentity]>([])

    static func with(_ body: (World) async throws -> Void) async throws {
        try await withFolder { folder in
            let login = "\(folder)/login"
            try await keygen(login)
            let world = World(cloud: LocalCloud(root: "\(folder)/root"), folder: folder, login: login)
            do {
                try await body(world)
            } catch {
                try? await world.removeAll()
                throw error
            }
            try await world.removeAll()
        }
    }

    private init(cloud: LocalCloud, folder: String, login: String) {
        self.cloud = cloud
        self.folder = folder
        self.login = login
    }

    private func removeAll() async throws {
        for cluster in made.withLock({ $0 }) {
            for machine in try await cloud.observe(cluster).machines {
                try await cloud.deleteMachine(cluster, name: machine.name)
            }
            try await cloud.deleteNetwork(cluster)
        }
    }

    // MARK: Clusters and machines

    func cluster(_ name: String = "demo") -> ClusterIdentity {
        let cluster = ClusterIdentity(name: name, uid: RunContext.live.randomHex(8))
        made.withLock { $0.append(cluster) }
        return cluster
    }

    func network(_ cluster: ClusterIdentity, cidr range: String? = nil) async throws -> NetworkRecord {
        try await cloud.ensureNetwork(networkRequest(cluster, cidr: range))
    }

    func networkRequest(_ cluster: ClusterIdentity, cidr range: String? = nil) throws -> NetworkRequest {
        NetworkRequest(
            cluster: cluster, cidr: try range.map { try cidr($0) }, podCIDR: try cidr("10.244.0.0/16"),
            serviceCIDR: try cidr("10.96.0.0/16"), tags: [Tag.cluster: cluster.name, Tag.store: "file:///test"])
    }

    func request(
        _ cluster: ClusterIdentity, _ name: String, zone: String = "local-a", token: String = "token", type: String = "local.small"
    ) async throws -> MachineRequest {
        let key = hostKey(cluster, name)
        if !Files.exists(key) { try await Self.keygen(key) }
        return MachineRequest(
            cluster: cluster, name: name, zone: zone, role: .worker, instanceType: type, token: token,
            tags: [Tag.clusterUID: cluster.uid, Tag.token: token], hostKey: Secret(try #require(try Files.read(key))),
            authorizedKeys: [try #require(try Files.text("\(login).pub"))], programsCheck: "")
    }

    func create(_ cluster: ClusterIdentity, _ name: String, zone: String = "local-a") async throws -> MachineRecord {
        try await cloud.createMachine(try await request(cluster, name, zone: zone))
    }

    func processes(_ cluster: ClusterIdentity, _ name: String) throws -> MachineProcesses {
        MachineProcesses(cgroups: try Cgroups.current(), cgroup: try LocalNames(uid: cluster.uid).machine(name))
    }

    func status(_ cluster: ClusterIdentity, _ name: String) async throws -> MachineRecord.Status? {
        try await cloud.observe(cluster).machines.first { $0.name == name }?.status
    }

    // MARK: SSH

    /// Runs a script on the machine through OpenSSH, with its host key pinned. Waits up to a minute for the first login.
    @discardableResult
    func ssh(_ cluster: ClusterIdentity, _ machine: MachineRecord, _ script: String) async throws -> String {
        let key = try #require(try Files.text("\(hostKey(cluster, machine.name)).pub"))
        let known = "\(hostKey(cluster, machine.name)).known"
        try Files.write(Array("\(machine.address) \(key)".utf8), to: known, mode: 0o600)
        let options = [
            "-F", "none", "-i", login, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o",
            "UserKnownHostsFile=\(known)", "-o", "GlobalKnownHostsFile=/dev/null", "-o", "ConnectTimeout=5", "-o", "LogLevel=ERROR",
        ]
        let target = ["root@\(machine.address)", "set -e\n" + script]
        let outcome = try await RunContext.live.poll(every: .milliseconds(100), for: .seconds(60)) {
            let outcome = try await Tool.attempt("ssh", options + target)
            return outcome.status == .exited(255) ? nil : outcome
        }
        guard let outcome else {
            let console = try await cloud.consoleTail(cluster, name: machine.name, lines: 30)
            throw SlipwayError(.unreachable, doing: "logging in to \(machine.name)", cause: "no login in a minute", log: console)
        }
        guard outcome.succeeded else {
            throw SlipwayError(.failed, doing: "running '\(script)'", cause: "\(outcome.status): \(outcome.errorOutput)")
        }
        return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func hostKey(_ cluster: ClusterIdentity, _ name: String) -> String { "\(folder)/host-\(cluster.uid)-\(name)" }

    private static func keygen(_ path: String) async throws {
        try await Tool.output("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path], doing: "making a key")
    }
}

/// Expects the host to be as it was. The kernel removes namespaces a little later than it is asked to.
func expectHostUnchanged(since before: HostSnapshot, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    _ = try await RunContext.live.poll(every: .milliseconds(200), for: .seconds(10)) {
        try await HostSnapshot.take() == before ? true : nil
    }
    let differences = try await HostSnapshot.take().differences(from: before)
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))", sourceLocation: sourceLocation)
}
