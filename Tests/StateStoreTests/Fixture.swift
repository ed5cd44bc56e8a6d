import ClusterModel
import Foundation
import Synchronization
import Testing

@testable import StateStore

/// A store and a key file in a folder that is removed at the end.
struct Fixture: Sendable {
    let base: String
    var store: FileStateStore

    var root: String { store.root }
    var keyPath: String { store.key.keyFile.path }
    var folder: ClusterFolder { ClusterFolder(path: "\(root)/demo") }

    static func with<Result>(files: FileSystem = FileSystem(), _ body: (Fixture) async throws -> Result) async throws -> Result {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-store-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: base) }
        let store = FileStateStore(
            root: "\(base)/state", key: SecretsKey(keyFile: KeyFile(path: "\(base)/config/key")), context: .live, files: files)
        return try await body(Fixture(base: base, store: store))
    }

    func lock(_ cluster: String = "demo", timeout: Duration = .zero) async throws -> FileStateSession {
        let session = try await store.lock(cluster, as: Sample.owner("test"), timeout: timeout, waiting: { _ in })
        return try #require(session as? FileStateSession)
    }

    /// New secrets are sealed with it, at a cost that a test can bear.
    mutating func usePassphrase(_ text: String) {
        store = FileStateStore(
            root: root,
            key: SecretsKey(
                keyFile: store.key.keyFile, passphrase: Passphrase(from: "a test", rounds: 16) { _ in Secret(text) },
                preferred: .passphrase))
    }

    /// The same files at another place.
    func copy(to name: String) throws -> Fixture {
        let path = "\(base)/\(name)"
        try? FileManager.default.removeItem(atPath: path)
        if FileManager.default.fileExists(atPath: root) { try FileManager.default.copyItem(atPath: root, toPath: path) }
        return Fixture(base: base, store: FileStateStore(root: path, key: store.key))
    }

    func write(_ bytes: some Sequence<UInt8>, to path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
    func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Every file and folder under a path, with what `stat` says of its mode.
    func tree(_ path: String) throws -> [(path: String, isFolder: Bool, mode: Int)] {
        try FileManager.default.subpathsOfDirectory(atPath: path).map { name in
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
            let mode = try #require(attributes[.posixPermissions] as? Int)
            return ("\(path)/\(name)", attributes[.type] as? FileAttributeType == .typeDirectory, mode)
        }
    }
}

enum Sample {
    static let lineage = "7d9f2c1e-0000-4000-8000-000000000001"

    static func owner(_ operation: String) -> LockInfo { .current(operation: operation, version: "0.0-test") }

    static func cidr(_ text: String) throws -> IPv4CIDR { try #require(IPv4CIDR(text)) }

    static func cluster(_ name: String = "demo") throws -> Cluster {
        try Cluster(
            name: name,
            spec: ClusterSpec(
                kubernetesVersion: KubernetesVersion("1.20.2"), cloud: CloudSpec(provider: .local, local: LocalCloudSpec()),
                access: AccessSpec(), controlPlane: ControlPlaneSpec(count: 1, zones: ["local-a"], instanceType: "local.small"),
                pools: [PoolSpec(name: "nodes", zones: ["local-a"], count: 1, instanceType: "local.small")],
                network: NetworkSpec(podCIDR: cidr("10.244.0.0/16"), serviceCIDR: cidr("10.96.0.0/16")), assets: AssetsSpec(),
                deletionProtection: false))
    }

    static func state(_ name: String = "demo", uid: String = "0a1b2c3d") throws -> ClusterState {
        ClusterState(lineage: lineage, uid: uid, desired: try cluster(name))
    }

    static func machine(_ ordinal: Int, pool: String = "nodes") throws -> MachineEntry {
        let range = try #require(cidr("10.0.0.0/8").subrange(prefix: 24, at: ordinal))
        return MachineEntry(
            name: "demo-\(pool)-a-\(ordinal)", pool: pool, zone: "local-a", role: .worker, ordinal: ordinal, instanceType: "local.small",
            podCIDR: range, token: "token-\(ordinal)")
    }

    /// One of each kind of change.
    static func changes() throws -> [StateChange] {
        let address = try #require(IPv4Address("100.96.8.4"))
        let network = try NetworkRecord(id: "net-1", cidr: cidr("100.96.8.0/24"), gateway: address, apiAddress: "\(address)")
        var larger = try cluster()
        larger.spec.pools[0].count = 2
        return [
            .network(network), .etcd(.initialising(token: "t", members: ["demo-control-plane-a-1"])), .machineIntended(try machine(1)),
            .machineMade(name: "demo-nodes-a-1", providerID: "local:///demo-nodes-a-1", address: address), .desired(larger),
            .etcd(.initialised(token: "t")), .machineGone(name: "demo-nodes-a-1"), .network(nil), .deleting,
        ]
    }

    /// Changes and marks of every kind, in the order of a run.
    static func entries() throws -> [(change: StateChange?, mark: JournalMark?)] {
        try [
            (nil, .runStarted(id: "r1", operation: "create cluster demo")), (nil, .stepStarted(id: "network/demo#ensure-network")),
            (nil, .stepStarted(id: "machine/demo-nodes-a-1#create-machine")), (nil, .stepDone(id: "network/demo#ensure-network")),
        ] + changes().map { ($0, nil) } + [
            (.machineIntended(machine(2)), nil), (.machineResized(name: "demo-nodes-a-2", instanceType: "local.medium"), nil),
            (.moving(to: "file:///srv/slipway"), nil), (.moving(to: nil), nil),
            (nil, .stepDone(id: "machine/demo-nodes-a-1#create-machine")), (nil, .runStarted(id: "r2", operation: "delete cluster demo")),
        ]
    }

    /// The same as records of one journal, from the first number on.
    static func records() throws -> [JournalRecord] {
        var serial = 0
        return try entries().enumerated().map { index, entry in
            serial += entry.change == nil ? 0 : 1
            return JournalRecord(
                sequence: index + 1, lineage: lineage, serial: serial, time: Date(timeIntervalSince1970: 1_700_000_000),
                change: entry.change, mark: entry.mark)
        }
    }

    static func event(_ message: String) -> RunEvent {
        RunEvent(time: Date(timeIntervalSince1970: 1_700_000_000), elapsed: 1.5, kind: .message, message: message)
    }
}

/// Runs `body`, which must throw a `SlipwayError` of this code, and returns it.
@discardableResult
func expectError(
    _ code: SlipwayError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async throws -> SlipwayError {
    do {
        try await body()
    } catch let error as SlipwayError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        return error
    }
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    throw CancellationError()
}

/// A value that tasks share.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }
    func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result { mutex.withLock { body(&$0) } }
}
