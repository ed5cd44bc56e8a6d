public import ClusterModel

/// A cloud that notes every call and fails those that its test has no answer for.
public final class FakeCloud: Cloud {
    public struct Answers: Sendable {
        public var preflight: (@Sendable (Cluster) async throws -> Void)?
        public var remarks: (@Sendable (Cluster) async throws -> [String])?
        public var instanceTypes: (@Sendable () async throws -> [InstanceOffer])?
        public var observe: (@Sendable (ClusterIdentity) async throws -> CloudObservation)?
        public var clusters: (@Sendable () async throws -> [ClusterFootprint])?
        public var ensureNetwork: (@Sendable (NetworkRequest) async throws -> NetworkRecord)?
        public var tagNetwork: (@Sendable (ClusterIdentity, [String: String]) async throws -> Void)?
        public var deleteNetwork: (@Sendable (ClusterIdentity) async throws -> Void)?
        public var createMachine: (@Sendable (MachineRequest) async throws -> MachineRecord)?
        public var startMachine: (@Sendable (ClusterIdentity, String) async throws -> MachineRecord)?
        public var stopMachine: (@Sendable (ClusterIdentity, String) async throws -> Void)?
        public var resizeMachine: (@Sendable (ClusterIdentity, String, String) async throws -> Void)?
        public var deleteMachine: (@Sendable (ClusterIdentity, String) async throws -> Void)?
        public var tagMachine: (@Sendable (ClusterIdentity, String, [String: String]) async throws -> Void)?
        public var joinEndpoint: (@Sendable (ClusterIdentity, String) async throws -> Void)?
        public var leaveEndpoint: (@Sendable (ClusterIdentity, String) async throws -> Void)?
        public var setRoute: (@Sendable (ClusterIdentity, IPv4CIDR, String) async throws -> Void)?
        public var deleteRoute: (@Sendable (ClusterIdentity, IPv4CIDR) async throws -> Void)?
        public var consoleTail: (@Sendable (ClusterIdentity, String, Int) async throws -> [String])?
        public var sharesAPIAddress = true
        public var hostKeysAreSeeds = false
    }

    public let provider = CloudProvider.local
    public var sharesAPIAddress: Bool { answers.sharesAPIAddress }
    public var hostKeysAreSeeds: Bool { answers.hostKeysAreSeeds }
    public let log: CallLog
    private let answers: Answers

    public init(log: CallLog = CallLog(), _ prepare: (inout Answers) -> Void = { _ in }) {
        var answers = Answers()
        prepare(&answers)
        self.answers = answers
        self.log = log
    }

    private func noted<Answer>(_ entry: String, _ answer: Answer?) throws -> Answer {
        log.add("cloud.\(entry)")
        guard let answer else { throw UnexpectedCall("cloud.\(entry)") }
        return answer
    }

    private static func text(_ tags: [String: String]) -> String {
        tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    public func preflight(_ spec: Cluster) async throws { try await noted("preflight \(spec.name)", answers.preflight)(spec) }

    public func remarks(on spec: Cluster) async throws -> [String] {
        try await noted("remarks \(spec.name)", answers.remarks)(spec)
    }

    public func instanceTypes() async throws -> [InstanceOffer] { try await noted("instanceTypes", answers.instanceTypes)() }

    public func observe(_ cluster: ClusterIdentity) async throws -> CloudObservation {
        try await noted("observe \(cluster.name)", answers.observe)(cluster)
    }

    public func clusters() async throws -> [ClusterFootprint] { try await noted("clusters", answers.clusters)() }

    public func ensureNetwork(_ request: NetworkRequest) async throws -> NetworkRecord {
        try await noted("ensureNetwork \(request.cluster.name)", answers.ensureNetwork)(request)
    }

    public func tagNetwork(_ cluster: ClusterIdentity, tags: [String: String]) async throws {
        try await noted("tagNetwork \(FakeCloud.text(tags))", answers.tagNetwork)(cluster, tags)
    }

    public func deleteNetwork(_ cluster: ClusterIdentity) async throws {
        try await noted("deleteNetwork \(cluster.name)", answers.deleteNetwork)(cluster)
    }

    public func createMachine(_ request: MachineRequest) async throws -> MachineRecord {
        try await noted("createMachine \(request.name)", answers.createMachine)(request)
    }

    public func startMachine(_ cluster: ClusterIdentity, name: String) async throws -> MachineRecord {
        try await noted("startMachine \(name)", answers.startMachine)(cluster, name)
    }

    public func stopMachine(_ cluster: ClusterIdentity, name: String) async throws {
        try await noted("stopMachine \(name)", answers.stopMachine)(cluster, name)
    }

    public func resizeMachine(_ cluster: ClusterIdentity, name: String, instanceType: String) async throws {
        try await noted("resizeMachine \(name) \(instanceType)", answers.resizeMachine)(cluster, name, instanceType)
    }

    public func deleteMachine(_ cluster: ClusterIdentity, name: String) async throws {
        try await noted("deleteMachine \(name)", answers.deleteMachine)(cluster, name)
    }

    public func tagMachine(_ cluster: ClusterIdentity, name: String, tags: [String: String]) async throws {
        try await noted("tagMachine \(name) \(FakeCloud.text(tags))", answers.tagMachine)(cluster, name, tags)
    }

    public func joinEndpoint(_ cluster: ClusterIdentity, machine: String) async throws {
        try await noted("joinEndpoint \(machine)", answers.joinEndpoint)(cluster, machine)
    }

    public func leaveEndpoint(_ cluster: ClusterIdentity, machine: String) async throws {
        try await noted("leaveEndpoint \(machine)", answers.leaveEndpoint)(cluster, machine)
    }

    public func setRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR, machine: String) async throws {
        try await noted("setRoute \(podCIDR) \(machine)", answers.setRoute)(cluster, podCIDR, machine)
    }

    public func deleteRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR) async throws {
        try await noted("deleteRoute \(podCIDR)", answers.deleteRoute)(cluster, podCIDR)
    }

    public func consoleTail(_ cluster: ClusterIdentity, name: String, lines: Int) async throws -> [String] {
        try await noted("consoleTail \(name)", answers.consoleTail)(cluster, name, lines)
    }
}
