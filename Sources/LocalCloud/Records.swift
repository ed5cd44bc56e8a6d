import ClusterModel
import Foundation

/// What the cloud keeps of a cluster's network, in `network.json`.
struct NetworkFile: Codable, Sendable, Equatable {
    struct Route: Codable, Sendable, Equatable {
        var machine: String
        var via: IPv4Address
    }

    static let currentFormatVersion = 1

    var formatVersion = NetworkFile.currentFormatVersion
    var identity: ClusterIdentity
    var cidr: IPv4CIDR
    var podCIDR: IPv4CIDR
    var serviceCIDR: IPv4CIDR
    var tags: [String: String]
    /// By pod range.
    var routes: [String: Route]

    init(identity: ClusterIdentity, cidr: IPv4CIDR, podCIDR: IPv4CIDR, serviceCIDR: IPv4CIDR, tags: [String: String]) {
        self.identity = identity
        self.cidr = cidr
        self.podCIDR = podCIDR
        self.serviceCIDR = serviceCIDR
        self.tags = tags
        routes = [:]
    }

    func addresses() throws -> AddressPlan { try AddressPlan(cidr) }

    func record() throws -> NetworkRecord {
        let addresses = try addresses()
        return NetworkRecord(
            id: try LocalNames(uid: identity.uid).namespace, cidr: cidr, gateway: addresses.router, apiAddress: addresses.api.description)
    }
}

/// What the cloud keeps of a machine, in `machine.json`. It appears together with the machine's whole disk, by one
/// rename: there are no half-made machines.
struct MachineFile: Codable, Sendable, Equatable {
    static let currentFormatVersion = 1

    var formatVersion = MachineFile.currentFormatVersion
    var name: String
    var providerID: String
    var zone: String
    var role: MachineRole
    var instanceType: String
    var token: String
    var address: IPv4Address
    var tags: [String: String]
    /// Digest of the recipe of the image that the disk is laid over.
    var image: String
    /// True from the moment a delete began.
    var isTerminated = false

    func record(_ status: MachineRecord.Status) -> MachineRecord {
        MachineRecord(
            name: name, providerID: providerID, zone: zone, role: role, instanceType: instanceType, address: address,
            status: isTerminated ? .terminated : status, tags: tags)
    }
}

/// The records of all clusters, in folders under one root: `UID/network.json` and `UID/machines/NAME/machine.json`.
struct Records: Sendable {
    let root: String

    func cluster(_ uid: String) -> String { "\(root)/\(uid)" }
    func networkPath(_ uid: String) -> String { "\(cluster(uid))/network.json" }
    func machines(_ uid: String) -> String { "\(cluster(uid))/machines" }
    func machine(_ uid: String, _ name: String) -> String { "\(machines(uid))/\(name)" }

    func network(_ uid: String) throws -> NetworkFile? {
        try Self.read(NetworkFile.self, at: networkPath(uid))
    }

    func write(_ network: NetworkFile) throws {
        try Files.writeDurably(try Self.encode(network), to: networkPath(network.identity.uid))
    }

    func machine(_ uid: String, named name: String) throws -> MachineFile? {
        try Self.read(MachineFile.self, at: "\(machine(uid, name))/machine.json")
    }

    func write(_ machine: MachineFile, of uid: String) throws {
        try Files.writeDurably(try Self.encode(machine), to: "\(self.machine(uid, machine.name))/machine.json")
    }

    /// Sorted by name.
    func allMachines(_ uid: String) throws -> [MachineFile] {
        try Files.list(machines(uid)).filter { !$0.hasPrefix(".") }.compactMap { try machine(uid, named: $0) }
    }

    /// Every cluster that has a record here.
    func networks() throws -> [NetworkFile] {
        try Files.list(root).filter { !$0.hasPrefix(".") }.compactMap { try network($0) }
    }

    private struct Format: Decodable {
        var formatVersion: Int
    }

    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    private static func read<Value: Decodable>(_ type: Value.Type, at path: String) throws -> Value? {
        guard let bytes = try Files.read(path) else { return nil }
        do {
            let format = try JSONDecoder().decode(Format.self, from: Data(bytes))
            guard format.formatVersion == 1 else {
                throw SlipwayError(
                    .failed, doing: "reading \(path)", cause: "its format \(format.formatVersion) is newer than this Slipway",
                    hint: "use a newer Slipway")
            }
            return try JSONDecoder().decode(Value.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw SlipwayError(
                .failed, doing: "reading \(path)", cause: "it is damaged: \(error)",
                hint: "restore the file, or remove the cluster's folder: a delete then removes what it had by name")
        }
    }
}
