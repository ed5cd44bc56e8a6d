import Foundation
import Glibc
import TestSupport
import Testing

/// The store of a cluster is lost, or a part of it, while the cluster lives on real machines.
@Suite("RecoveryTests", .serialized, .bench("recovery"), .enabled(if: Setup.mayRun, Comment(rawValue: Setup.missing ?? "")))
struct RecoveryTests {
    @Test("another key of the spec reaches machines that are there, and restarts nothing")
    func aKeyReachesMachinesThatAreThere() async throws {
        try await onBench { bench in
            let lost = try await Lost(bench, name: "found")
            try await lost.create()
            let before = try await lost.starts()
            try await lost.letIn()
            for machine in try await lost.store.machines(lost.name) {
                let said = try await lost.ssh(machine, "hostname").expect(0).output
                try check(said == "\(machine.name)\n", "\(machine.name) says it is \(said)")
            }
            try check(try await lost.starts() == before, "services were restarted for a key")
            try await lost.store.expectHealthy(lost.name)
        }
    }

    @Test("a lost state is rebuilt from tags and masters; the cluster is scaled and validated")
    func aLostStateIsRebuilt() async throws {
        try await onBench { bench in
            let lost = try await Lost(bench, name: "found")
            try await lost.create()
            let before = try await lost.looks()
            for file in ["state.json", "journal.jsonl", "backups"] {
                try FileManager.default.removeItem(atPath: "\(lost.store.folder(of: lost.name))/\(file)")
            }
            try await lost.store.slipway("update", "cluster", lost.name, "--yes").expect(66).expectErrors(contain: "--recover")
            let recovered = try await lost.store.slipway("update", "cluster", lost.name, "--recover", "--yes").expect(0)
            try recovered.expectErrors(contain: "rebuilt the state of cluster found: 2 machines by their tags", "no changes")
            let after = try await lost.looks()
            try check(after == before, "it is not what it was:\n\(after)\nwas\n\(before)")
            try await lost.scale(to: 2)
        }
    }

    @Test("a lost store is rebuilt with the operator's key, also when the master has to be started; then scaled, validated, deleted")
    func aLostStoreIsRebuilt() async throws {
        try await onBench { bench in
            let lost = try await Lost(bench, name: "found")
            try await lost.create()
            try await lost.letIn()
            let before = try await lost.looks()
            let host = try await HostMachines(lost.name, of: lost.store)
            try lost.loseStore()
            // Its only member is off: nothing is begun anew, neither beside it nor in its place.
            let master = try unwrap(host.leaders().first { $0.key.contains("control-plane") }, "no master runs")
            kill(master.value, SIGKILL)
            _ = try await until(.seconds(30), "\(master.key) has ended") { host.leaders()[master.key] == nil ? true : nil }
            try await lost.recover().expect(77).expectErrors(
                contain: "it was initialised once, and is never begun anew", "with --yes the network is brought up")
            let create = try await bench.run(
                bench.binary, Store.createArguments(lost.name, mirror: bench.mirror), environment: lost.store.environment)
            try create.expect(77).expectErrors(contain: "was made from this store, which has lost its state")
            try await lost.store.slipway("update", "cluster", lost.name, "--recover", "--yes").expect(77).expectErrors(contain: "--ssh-key")
            let recovered = try await lost.recover("--yes").expect(0)
            try recovered.expectErrors(contain: "the spec and the secrets from its control plane", "made the key")
            let after = try await lost.looks()
            try check(after == before, "it is not what it was:\n\(after)\nwas\n\(before)")
            try await lost.scale(to: 3)
            try await lost.store.slipway("delete", "cluster", lost.name, "--yes").expect(0)
            try await EndToEndTests.expectNothing(host, bench)
        }
    }

    @Test("with neither secrets nor a key only a delete by tags is left")
    func onlyDeleteIsLeft() async throws {
        try await onBench { bench in
            let lost = try await Lost(bench, name: "gone")
            try await lost.create(workers: 0)
            let host = try await HostMachines(lost.name, of: lost.store)
            try lost.loseStore()
            try await lost.store.slipway("update", "cluster", lost.name, "--recover", "--yes").expect(77).expectErrors(
                contain: "no key is here that its machines let in", "slipway delete cluster gone --yes")
            try check(host.leaders().count == 1, "a machine went")
            try await lost.store.slipway("delete", "cluster", lost.name, "--yes").expect(0)
            try await EndToEndTests.expectNothing(host, bench)
        }
    }
}

/// One master and some workers, and a key of the operator's own.
private struct Lost: Sendable {
    let store: Store
    let name: String
    private let key: String

    private var bench: Bench { store.bench }

    init(_ bench: Bench, name: String) async throws {
        store = bench.store("state")
        self.name = name
        key = "\(bench.folder)/operator-key"
        guard !FileManager.default.fileExists(atPath: key) else { return }
        try await bench.run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "operator", "-f", key]).expect(0)
    }

    /// Does nothing when the cluster is there.
    func create(workers: Int = 1) async throws {
        guard !FileManager.default.fileExists(atPath: "\(store.folder(of: name))/state.json") else { return }
        let arguments = [
            "create", "cluster", name, "--cloud", "local", "--zones", "local-a", "--control-plane-count", "1", "--node-count",
            "\(workers)", "--assets", bench.mirror,
        ]
        try await bench.run(bench.binary, arguments, environment: store.environment).expect(0)
        try await store.slipway("update", "cluster", name, "--yes").expect(0)
        try await store.slipway("export", "kubeconfig", name).expect(0)
        _ = bench.uids
    }

    private func set() async throws {
        let line = try String(contentsOfFile: "\(key).pub", encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        try await store.slipway("set", "cluster", name, "access.sshPublicKeys=['\(line)']").expect(0)
    }

    /// Brings the operator's key to machines that are there.
    func letIn() async throws {
        try await set()
        try await store.slipway("update", "cluster", name, "--yes").expect(0)
    }

    func ssh(_ machine: Store.Machine, _ command: String) async throws -> ProgramResult {
        try await bench.run(
            "ssh",
            [
                "-i", key, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o",
                "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "root@\(machine.address ?? "")", "--", command,
            ], limit: .seconds(30))
    }

    /// When each of Slipway's units started, on each machine.
    func starts() async throws -> [String] {
        var all: [String] = []
        for machine in try await store.machines(name) {
            let script = "systemctl show --property=Id,ExecMainStartTimestampMonotonic etcd kube-apiserver kubelet kube-proxy containerd"
            all.append("\(machine.name)\n\(try await store.on(machine.name, of: name, script))")
        }
        return all
    }

    /// Everything that it is known by.
    func looks() async throws -> String {
        var all = ""
        for words in [["cluster", name], ["machines", name], ["pools", name], ["spec", name]] {
            all += try await bench.run(bench.binary, ["get"] + words + ["-o", "json"], environment: store.environment).expect(0).output
        }
        return all
    }

    /// State, secrets, logs and the key that the secrets were encrypted with.
    func loseStore() throws {
        try FileManager.default.removeItem(atPath: store.folder(of: name))
        try FileManager.default.removeItem(atPath: bench.keyFile)
    }

    func recover(_ arguments: String...) async throws -> ProgramResult {
        let all = ["update", "cluster", name, "--recover", "--ssh-key", key] + arguments
        let result = try await bench.run(bench.binary, all, environment: store.environment, limit: .seconds(240))
        bench.say("\(text(result.seconds))  \(result.status)  slipway update cluster \(name) --recover --ssh-key KEY")
        return result
    }

    /// More workers, each of a name that none had before, and healthy.
    func scale(to count: Int) async throws {
        try await store.slipway("set", "cluster", name, "spec.pools[nodes].count=\(count)").expect(0)
        try await store.slipway("update", "cluster", name, "--yes").expect(0)
        try await store.expectHealthy(name, wait: "1m")
        let workers = try await store.machines(name).filter { $0.role == "worker" }.map(\.name).sorted()
        try check(workers == (1...count).map { "\(name)-nodes-a-\($0)" }, "the workers are \(workers)")
        try await store.slipway("export", "kubeconfig", name).expect(0)
        let nodes = try await store.kubectl(name, "get", "nodes", "--no-headers").split(separator: "\n").count
        try check(nodes == count + 1, "kubectl sees \(nodes) nodes")
    }
}
