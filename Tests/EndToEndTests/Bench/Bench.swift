import Foundation
import Glibc
import Synchronization
import TestSupport

/// What all end-to-end tests of one run share: a folder with state stores, key, kubeconfig and machines of its own, and
/// the host as it was before.
final class Bench: Sendable {
    /// Every run has a folder here; those of runs that died are cleaned up by the next one.
    static let base = "/var/lib/slipway-e2e"

    let folder: String
    let binary: String
    let mirror: String
    let artifacts: String
    let before: HostSnapshot
    let sharedBefore: Set<String>
    /// Held as long as this process lives: its folder is in use.
    private let lock: Int32
    /// Command lines of the host's processes while the first cluster was created.
    let arguments = ArgumentWatch()
    private let seenUIDs = Mutex<Set<String>>([])
    /// How often Slipway was killed while it worked on machines, by verb.
    private let kills = Mutex<[String: Int]>([:])

    var localRoot: String { "\(folder)/local" }
    var kubeconfig: String { "\(folder)/kubeconfig" }
    var keyFile: String { "\(folder)/key" }
    /// Output of everything that was run, for the search for secrets.
    var outputs: String { "\(folder)/outputs" }

    /// - Parameter name: of the suite; its artifacts are in a folder of this name.
    static func open(_ name: String) async throws -> Bench {
        if let missing = Setup.missing { throw Failure("the end-to-end tests cannot run: \(missing)") }
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        try await cleanUpDeadRuns()
        return try Bench(name, before: try await HostSnapshot.take(folders: snapshotFolders))
    }

    private init(_ name: String, before: HostSnapshot) throws {
        self.before = before
        sharedBefore = Self.sharedNames()
        folder = "\(Self.base)/run-\(getpid())"
        binary = Setup.environment["SLIPWAY_TEST_BINARY"] ?? ""
        mirror = Setup.environment["SLIPWAY_TEST_MIRROR"] ?? ""
        artifacts = (Setup.environment["SLIPWAY_TEST_ARTIFACTS"] ?? "/var/tmp/slipway-e2e-artifacts") + "/\(name)"
        try? FileManager.default.removeItem(atPath: artifacts)
        for path in [folder, "\(folder)/outputs", "\(folder)/home"] {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        lock = try unwrap(Self.lock(folder), "\(folder) is in use")
        try Data(Self.othersKubeconfig.utf8).write(to: URL(filePath: "\(folder)/kubeconfig"))
    }

    /// A store of clusters; each has a name of its own under the run's folder.
    func store(_ name: String) -> Store { Store(bench: self, name: name) }

    /// What the programs of a run see. Nothing of the person's own.
    var environment: [String: String] {
        var environment = [
            "PATH": Setup.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "\(folder)/home", "LC_ALL": "C", "NO_COLOR": "1",
            // Wide enough that no sentence is broken.
            "COLUMNS": "1000",
            "KUBECONFIG": kubeconfig, "SLIPWAY_LOCAL_ROOT": localRoot, "SLIPWAY_KEY_FILE": keyFile,
        ]
        environment["SLIPWAY_CACHE"] = Setup.environment["SLIPWAY_CACHE"]
        return environment
    }

    /// Runs a program of PATH.
    func run(
        _ program: String, _ arguments: [String], input: [UInt8] = [], environment added: [String: String] = [:],
        limit: Duration = .seconds(120), meanwhile: (RunningProgram) async throws -> Void = { _ in }
    ) async throws -> ProgramResult {
        let path = program.hasPrefix("/") ? program : try unwrap(Setup.find(program), "there is no \(program) on PATH")
        return try await Program.run(
            path, arguments, environment: environment.merging(added) { $1 }, input: input, outputsIn: outputs, limit: limit,
            meanwhile: meanwhile)
    }

    func say(_ sentence: String) {
        // Print would keep it back until the end when the output is a file.
        FileHandle.standardOutput.write(Data("    \(sentence)\n".utf8))
    }

    // MARK: Kills

    func countKill(of verb: String) { kills.withLock { $0[verb, default: 0] += 1 } }

    /// `make test` adds these lines up.
    private func sayKills() {
        let kills = kills.withLock { $0 }.sorted { $0.key < $1.key }
        guard !kills.isEmpty else { return }
        let each = kills.map { "\($0.value) of \($0.key)" }.joined(separator: ", ")
        say("real machines: \(kills.reduce(0) { $0 + $1.value }) runs ended by SIGKILL: \(each)")
    }

    // MARK: Clusters on the host

    /// Uids of all clusters that this run has on the host, or had.
    var uids: Set<String> {
        let now = (try? FileManager.default.contentsOfDirectory(atPath: localRoot)) ?? []
        return seenUIDs.withLock { seen in
            seen.formUnion(now)
            return seen
        }
    }

    // MARK: The end

    /// Deletes what is left, last made first, and the run's folder.
    func close() async throws {
        sayKills()
        keepRunLogs()
        try await Self.deleteClusters(of: folder, binary: binary)
        try FileManager.default.removeItem(atPath: folder)
        Glibc.close(lock)
        rmdir(Self.base)
    }

    /// What each run of Slipway did and how long it took: no secret is in it, and it tells what became slower.
    private func keepRunLogs() {
        let files = FileManager.default
        try? files.createDirectory(atPath: "\(artifacts)/runs", withIntermediateDirectories: true)
        for path in (try? files.subpathsOfDirectory(atPath: folder)) ?? [] where path.hasPrefix("state") && path.contains("/runs/") {
            let name = path.split(separator: "/").suffix(1).joined()
            try? files.copyItem(atPath: "\(folder)/\(path)", toPath: "\(artifacts)/runs/\(name)")
        }
    }

    private static func cleanUpDeadRuns() async throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: base) {
            let folder = "\(base)/\(name)"
            guard let lock = lock(folder) else { continue }
            print("    cleaning up after a run that died: \(folder)")
            try await deleteClusters(of: folder, binary: Setup.environment["SLIPWAY_TEST_BINARY"] ?? "")
            try FileManager.default.removeItem(atPath: folder)
            Glibc.close(lock)
        }
    }

    /// The kernel's lock of a run's folder, nil when its run is alive.
    private static func lock(_ folder: String) -> Int32? {
        let file = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(file)
            return nil
        }
        return file
    }

    /// Everything that a run has on the host, by the records of the local cloud, each from the store that it was made from.
    private static func deleteClusters(of folder: String, binary: String) async throws {
        struct Network: Decodable {
            struct Identity: Decodable { var name: String }
            var identity: Identity
            var tags: [String: String]
        }
        let root = "\(folder)/local"
        var left: [(name: String, store: String, made: Date)] = []
        for uid in (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [] {
            let path = "\(root)/\(uid)/network.json"
            guard let network = try? JSONDecoder().decode(Network.self, from: Data(contentsOf: URL(filePath: path))) else { continue }
            let made = (try? FileManager.default.attributesOfItem(atPath: "\(root)/\(uid)")[.creationDate] as? Date) ?? .distantPast
            left.append((network.identity.name, network.tags["slipway.dev/store"] ?? "", made))
        }
        for cluster in left.sorted(by: { $0.made > $1.made }) {
            let deleted = try await Program.run(
                binary, ["delete", "cluster", cluster.name, "--yes", "--state", cluster.store],
                environment: [
                    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "\(folder)/home", "KUBECONFIG": "\(folder)/kubeconfig",
                    "SLIPWAY_LOCAL_ROOT": root, "SLIPWAY_KEY_FILE": "\(folder)/key",
                ], outputsIn: "\(folder)/outputs", limit: .seconds(120))
            print("    deleted what was left of cluster \(cluster.name): \(deleted.status)")
            try deleted.expect(0)
        }
    }

    /// What somebody had in the kubeconfig before; it must stay.
    static let othersKubeconfig = """
        apiVersion: v1
        kind: Config
        clusters:
        - name: elsewhere
          cluster: {server: "https://192.0.2.1:6443"}
        contexts:
        - name: elsewhere
          context: {cluster: elsewhere, user: somebody}
        current-context: elsewhere
        users:
        - name: somebody
          user: {token: not-a-secret}

        """
}
