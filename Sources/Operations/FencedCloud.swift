import ClusterModel

/// A cloud whose changing calls ask the fence first.
struct FencedCloud: Cloud {
    let base: any Cloud
    let fence: Fence

    /// A request to a cloud's API.
    private static let request = Duration.seconds(30)
    /// Until a machine has come up or gone down.
    private static let machine = Duration.seconds(300)

    var provider: CloudProvider { base.provider }
    var sharesAPIAddress: Bool { base.sharesAPIAddress }
    var hostKeysAreSeeds: Bool { base.hostKeysAreSeeds }
    var calls: [String: Int]? { base.calls }
    func preflight(_ spec: Cluster) async throws { try await base.preflight(spec) }
    func remarks(on spec: Cluster) async throws -> [String] { try await base.remarks(on: spec) }
    func instanceTypes() async throws -> [InstanceOffer] { try await base.instanceTypes() }
    func observe(_ cluster: ClusterIdentity) async throws -> CloudObservation { try await base.observe(cluster) }
    func clusters() async throws -> [ClusterFootprint] { try await base.clusters() }
    func consoleTail(_ cluster: ClusterIdentity, name: String, lines: Int) async throws -> [String] {
        try await base.consoleTail(cluster, name: name, lines: lines)
    }

    func ensureNetwork(_ request: NetworkRequest) async throws -> NetworkRecord {
        try await fence.acting(for: Self.request) { try await base.ensureNetwork(request) }
    }
    func tagNetwork(_ cluster: ClusterIdentity, tags: [String: String]) async throws {
        try await fence.acting(for: Self.request) { try await base.tagNetwork(cluster, tags: tags) }
    }
    func deleteNetwork(_ cluster: ClusterIdentity) async throws {
        try await fence.acting(for: Self.request) { try await base.deleteNetwork(cluster) }
    }
    func createMachine(_ request: MachineRequest) async throws -> MachineRecord {
        try await fence.acting(for: Self.machine) { try await base.createMachine(request) }
    }
    func startMachine(_ cluster: ClusterIdentity, name: String) async throws -> MachineRecord {
        try await fence.acting(for: Self.machine) { try await base.startMachine(cluster, name: name) }
    }
    func stopMachine(_ cluster: ClusterIdentity, name: String) async throws {
        try await fence.acting(for: Self.machine) { try await base.stopMachine(cluster, name: name) }
    }
    func resizeMachine(_ cluster: ClusterIdentity, name: String, instanceType: String) async throws {
        try await fence.acting(for: Self.request) { try await base.resizeMachine(cluster, name: name, instanceType: instanceType) }
    }
    func deleteMachine(_ cluster: ClusterIdentity, name: String) async throws {
        try await fence.acting(for: Self.machine) { try await base.deleteMachine(cluster, name: name) }
    }
    func tagMachine(_ cluster: ClusterIdentity, name: String, tags: [String: String]) async throws {
        try await fence.acting(for: Self.request) { try await base.tagMachine(cluster, name: name, tags: tags) }
    }
    func joinEndpoint(_ cluster: ClusterIdentity, machine: String) async throws {
        try await fence.acting(for: Self.request) { try await base.joinEndpoint(cluster, machine: machine) }
    }
    func leaveEndpoint(_ cluster: ClusterIdentity, machine: String) async throws {
        try await fence.acting(for: Self.machine) { try await base.leaveEndpoint(cluster, machine: machine) }
    }

    func tags(_ cluster: ClusterIdentity, machine: String?) async throws -> [String: String]? {
        try await base.tags(cluster, machine: machine)
    }

    func endpointLeads(_ cluster: ClusterIdentity, to machine: String) async throws -> Bool {
        try await base.endpointLeads(cluster, to: machine)
    }
    func setRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR, machine: String) async throws {
        try await fence.acting(for: Self.request) { try await base.setRoute(cluster, podCIDR: podCIDR, machine: machine) }
    }
    func deleteRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR) async throws {
        try await fence.acting(for: Self.request) { try await base.deleteRoute(cluster, podCIDR: podCIDR) }
    }
}
