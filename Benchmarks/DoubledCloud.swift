import AWSCloud
import ClusterModel
import SimulatedCloud

/// AWS whose instances are no machines: each that is made there is made in a simulated world, too, under the addresses that AWS
/// gave it. Logins and the API find it in that world, where nothing takes time; all that is asked of the cloud is asked of AWS.
struct DoubledCloud: Cloud {
    let aws: AWSCloud
    let world: SimulatedWorld

    var provider: CloudProvider { aws.provider }
    var calls: [String: Int]? { aws.calls }

    // MARK: What only AWS is asked for

    func preflight(_ spec: Cluster) async throws { try await aws.preflight(spec) }
    func remarks(on spec: Cluster) async throws -> [String] { try await aws.remarks(on: spec) }
    func instanceTypes() async throws -> [InstanceOffer] { try await aws.instanceTypes() }
    func observe(_ cluster: ClusterIdentity) async throws -> CloudObservation { try await aws.observe(cluster) }
    func clusters() async throws -> [ClusterFootprint] { try await aws.clusters() }
    func tags(_ cluster: ClusterIdentity, machine: String?) async throws -> [String: String]? {
        try await aws.tags(cluster, machine: machine)
    }
    func tagNetwork(_ cluster: ClusterIdentity, tags: [String: String]) async throws { try await aws.tagNetwork(cluster, tags: tags) }
    func tagMachine(_ cluster: ClusterIdentity, name: String, tags: [String: String]) async throws {
        try await aws.tagMachine(cluster, name: name, tags: tags)
    }
    func endpointLeads(_ cluster: ClusterIdentity, to machine: String) async throws -> Bool {
        try await aws.endpointLeads(cluster, to: machine)
    }
    func consoleTail(_ cluster: ClusterIdentity, name: String, lines: Int) async throws -> [String] {
        try await aws.consoleTail(cluster, name: name, lines: lines)
    }

    // MARK: What the world has to follow

    func ensureNetwork(_ request: NetworkRequest) async throws -> NetworkRecord {
        let record = try await aws.ensureNetwork(request)
        _ = try await world.ensureNetwork(request)
        world.network(request.cluster.uid) { $0.record = record }
        return record
    }

    func deleteNetwork(_ cluster: ClusterIdentity) async throws {
        try await aws.deleteNetwork(cluster)
        try await world.deleteNetwork(cluster)
    }

    func createMachine(_ request: MachineRequest) async throws -> MachineRecord {
        let record = try await aws.createMachine(request)
        _ = try await world.createMachine(request)
        world.machine(request.name) { $0.record = record }
        return record
    }

    func startMachine(_ cluster: ClusterIdentity, name: String) async throws -> MachineRecord {
        let record = try await aws.startMachine(cluster, name: name)
        _ = try await world.startMachine(cluster, name: name)
        world.machine(name) { $0.record = record }
        return record
    }

    func stopMachine(_ cluster: ClusterIdentity, name: String) async throws {
        try await aws.stopMachine(cluster, name: name)
        try await world.stopMachine(cluster, name: name)
    }

    func resizeMachine(_ cluster: ClusterIdentity, name: String, instanceType: String) async throws {
        try await aws.resizeMachine(cluster, name: name, instanceType: instanceType)
        try await world.resizeMachine(cluster, name: name, instanceType: instanceType)
    }

    func deleteMachine(_ cluster: ClusterIdentity, name: String) async throws {
        try await aws.deleteMachine(cluster, name: name)
        try await world.deleteMachine(cluster, name: name)
    }

    func joinEndpoint(_ cluster: ClusterIdentity, machine: String) async throws {
        try await aws.joinEndpoint(cluster, machine: machine)
        try await world.joinEndpoint(cluster, machine: machine)
    }

    func leaveEndpoint(_ cluster: ClusterIdentity, machine: String) async throws {
        try await aws.leaveEndpoint(cluster, machine: machine)
        try await world.leaveEndpoint(cluster, machine: machine)
    }

    func setRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR, machine: String) async throws {
        try await aws.setRoute(cluster, podCIDR: podCIDR, machine: machine)
        try await world.setRoute(cluster, podCIDR: podCIDR, machine: machine)
    }

    func deleteRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR) async throws {
        try await aws.deleteRoute(cluster, podCIDR: podCIDR)
        try await world.deleteRoute(cluster, podCIDR: podCIDR)
    }
}
