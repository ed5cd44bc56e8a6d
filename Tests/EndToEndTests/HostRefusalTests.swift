import Foundation
import Glibc
import TestSupport
import Testing

/// The built binary on hosts that cannot have a cluster, each played by namespaces of one run's own: the exit code, the words,
/// and that nothing is left.
@Suite(
    "HostRefusalTests", .serialized, .bench("refusals"),
    .enabled(if: Setup.mayRun, Comment(rawValue: Setup.missing ?? "")))
struct HostRefusalTests {
    /// `create --yes`, in a shell that first makes the host what it is to be.
    private func create(
        _ bench: Bench, on host: String, unsharing: [String], _ added: [String] = [], environment: [String: String] = [:],
        state: String = "state-refused"
    ) async throws -> ProgramResult {
        let command = [bench.binary] + Store.createArguments("refused", mirror: bench.mirror) + added
        return try await bench.run(
            "unshare", unsharing + ["--", "sh", "-euc", "\(host)\nexec \"$@\"", "sh"] + command,
            environment: ["SLIPWAY_STATE": "\(bench.folder)/\(state)"].merging(environment) { $1 })
    }

    /// Neither a cluster in the store, nor a key, nor anything of the local cloud's.
    private func expectNothing(_ bench: Bench, state: String = "state-refused") throws {
        let stored = HostMachines.names(in: "\(bench.folder)/\(state)").filter { $0 != ".gitignore" }
        try check(stored.isEmpty, "the store has \(stored)")
        try check(!FileManager.default.fileExists(atPath: bench.keyFile), "a key was made")
        try check(HostMachines.names(in: bench.localRoot).isEmpty, "the local cloud has \(HostMachines.names(in: bench.localRoot))")
    }

    @Test("who is not root is told so, 77")
    func notRoot() async throws {
        try await onBench { bench in
            let state = "\(bench.folder)/state-refused"
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
            chown(state, 65534, 65534)
            // May read, as the binary and the mirror can be in folders that are closed to others.
            let nobody = [
                "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
            ]
            let result = try await bench.run(
                "setpriv", nobody + ["--", bench.binary] + Store.createArguments("refused", mirror: bench.mirror),
                environment: ["SLIPWAY_STATE": state])
            try result.expect(77).expectErrors(contain: "root's rights (this is user 65534)", "sudo")
            try expectNothing(bench)
            try FileManager.default.removeItem(atPath: state)
        }
    }

    @Test("missing programs are named with their packages, 77")
    func missingTools() async throws {
        try await onBench { bench in
            let layer = "\(bench.folder)/layer"
            for folder in ["upper", "work"] {
                try FileManager.default.createDirectory(atPath: "\(layer)/\(folder)", withIntermediateDirectories: true)
            }
            let host = """
                mount -t overlay -o lowerdir=/usr/bin,upperdir=\(layer)/upper,workdir=\(layer)/work overlay /usr/bin
                rm /usr/bin/systemd-nspawn /usr/bin/mmdebstrap
                """
            let result = try await create(bench, on: host, unsharing: ["--mount"])
            try result.expect(77).expectErrors(
                contain: "systemd-nspawn (package systemd-container)", "mmdebstrap (package mmdebstrap)",
                "apt-get install mmdebstrap systemd-container")
            try expectNothing(bench)
            try FileManager.default.removeItem(atPath: layer)
        }
    }

    @Test("a full disk for machines or caches is told with what is needed, 77", arguments: ["SLIPWAY_LOCAL_ROOT", "SLIPWAY_CACHE"])
    func fullDisk(_ variable: String) async throws {
        try await onBench { bench in
            let disk = "\(bench.folder)/disk"
            try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
            let result = try await create(
                bench, on: "mount -t tmpfs -o size=1m tmpfs \(disk)", unsharing: ["--mount"], environment: [variable: disk])
            try result.expect(77).expectErrors(
                contain: "\(variable == "SLIPWAY_CACHE" ? 1 : 3) GB of free space at \(disk) (there are 1 MB)")
            try expectNothing(bench)
        }
    }

    @Test("a full disk for the state fails before anything is made, 1; with room the same command goes on")
    func fullState() async throws {
        try await onBench { bench in
            let state = "\(bench.folder)/state-full"
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
            // What is in memory goes with its namespace, so what comes next is part of the same one.
            let host = """
                mount -t tmpfs -o size=16k tmpfs \(state)
                code=0
                "$@" || code=$?
                test $code = 1
                mount -o remount,size=64m \(state)
                "\(bench.binary)" update cluster refused --detailed-exit-code || code=$?
                test $code = 2
                echo went on
                set -- true
                """
            let result = try await create(bench, on: host, unsharing: ["--mount"], state: "state-full")
            try result.expect(0).expectErrors(contain: "No space left on device", "make space on its disk")
            try check(result.output.contains("went on"), "with room it does not go on:\(result.lastWords)")
            try check(HostMachines.names(in: bench.localRoot).isEmpty, "the local cloud has \(HostMachines.names(in: bench.localRoot))")
            try? FileManager.default.removeItem(atPath: bench.keyFile)
        }
    }

    @Test("a range that the host uses is refused with who uses it, 77")
    func rangeInUse() async throws {
        try await onBench { bench in
            let result = try await create(
                bench, on: "ip link set lo up\nip addr add 100.96.20.1/26 dev lo", unsharing: ["--net"], ["--local-cidr", "100.96.20.0/24"])
            try result.expect(77).expectErrors(contain: "in use: 100.96.20.0/26 by an address of lo", "choose another cidr, or none")
            try expectNothing(bench)
        }
    }

    @Test("assets that are not there are 69, those that are others are 1")
    func badAssets() async throws {
        try await onBench { bench in
            let lacking = ["--assets", "\(bench.folder)/none"]
            let missing = try await create(bench, on: "", unsharing: ["--mount"], lacking)
            try missing.expect(69).expectErrors(contain: "\(bench.folder)/none/stable.txt: No such file", "make assets")
            try expectNothing(bench)

            let damaged = "\(bench.folder)/damaged"
            let host = """
                mkdir -p \(damaged)
                mount -t tmpfs tmpfs \(damaged)
                cp -rs "\(bench.mirror)/." \(damaged)
                kubelet=$(echo \(damaged)/v*/bin/linux/*/kubelet)
                rm "$kubelet"
                echo "something else" >"$kubelet"
                """
            let wrong = try await create(bench, on: host, unsharing: ["--mount"], ["--assets", damaged])
            try wrong.expect(1).expectErrors(contain: "the SHA-256 of \(damaged)/v", "kubelet is ", "but its checksum file says")
            try check(HostMachines.names(in: bench.localRoot).isEmpty, "the local cloud has \(HostMachines.names(in: bench.localRoot))")
            try await bench.store("state-refused").slipway("delete", "cluster", "refused", "--yes").expect(0)
            try? FileManager.default.removeItem(atPath: bench.keyFile)
        }
    }

    @Test("the host is afterwards as it was before")
    func theHostIsAsItWas() async throws {
        try await onBench { bench in
            let differences = try await bench.hostDifferences()
            try check(differences.isEmpty, "the host is not as it was:\n\(differences.joined(separator: "\n"))")
        }
    }
}
