import ClusterModel
import Foundation
import PKI
import Planning
import TestSupport

/// A cluster as it stands when all is done: its state, and what is seen of it. Made from the plan of its create, without
/// carrying that out.
struct SettledCluster {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    let secrets: ClusterSecrets
    var state: ClusterState
    var observation: Observation

    /// Three masters in three zones, and a pool of `workers` over the same zones with three pods on each.
    init(workers: Int, surge: Int = 1) throws {
        secrets = try ClusterSecrets.generate(clusterName: "demo", now: Self.now)
        let zones = ["local-a", "local-b", "local-c"]
        var cluster = Fixtures.cluster(workers: workers, zones: zones)
        cluster.spec.controlPlane = ControlPlaneSpec(count: 3, zones: zones, instanceType: "local.small")
        cluster.spec.pools[0].update.maxSurge = .count(surge)
        // Room for 32,768 machines.
        cluster.spec.network = NetworkSpec(podCIDR: Fixtures.cidr("10.128.0.0/9"), serviceCIDR: Fixtures.serviceCIDR)
        cluster.spec.cloud.local = LocalCloudSpec(cidr: Fixtures.cidr("100.96.0.0/16"))
        state = ClusterState(lineage: "bench", uid: "0011aabb", desired: cluster)
        observation = Observation(cloud: CloudObservation())
        let designs = try Planner.converge(input(), intent: .create).newMachines
        state.etcd = .initialised(token: "demo-0011aabb")
        let network = NetworkRecord(
            id: "net-1", cidr: Fixtures.cidr("100.96.0.0/16"), gateway: Fixtures.address("100.96.0.1"),
            apiAddress: "100.96.0.2")
        state.network = network
        let content = try ContentDesign(desired: cluster, state: state, secretsVersion: secrets.versionID)
        observation.cloud.network = .init(record: network, isUp: true, tags: [Tag.etcdMark: state.etcd.tag ?? ""])
        for design in designs { try settle(design, content: content) }
        observation.cloud.machines.sort { $0.name < $1.name }
        observation.cluster.api = APIHealth(status: .ready)
        observation.cluster.manifestsDigest = content.manifestsDigest
        observation.cluster.workload = .init(pods: designs.filter { $0.role == .worker }.flatMap(pods), budgets: [])
        tellMembers()
    }

    /// What is planned from, towards the stored spec or another one.
    func input(_ desired: Cluster? = nil) throws -> PlanningInput {
        let desired = desired ?? state.desired
        return PlanningInput(
            desired: desired, state: state, observation: observation, hasSecrets: state.network != nil,
            content: try ContentDesign(desired: desired, state: state, secretsVersion: secrets.versionID), now: Self.now)
    }

    /// The spec with workers of another size: every one of them is to be replaced.
    var resized: Cluster {
        var cluster = state.desired
        cluster.spec.pools[0].instanceType = "local.medium"
        return cluster
    }

    private mutating func settle(_ design: MachineDesign, content: ContentDesign) throws {
        let place = Int(design.podCIDR.base.rawValue >> 8 & 0x7FFF)
        let address = Fixtures.cidr("100.96.0.0/16").address(at: 11 + place) ?? Fixtures.address("100.96.255.254")
        let id = "local:///\(state.uid)/\(design.name)"
        let hostKey = secrets.hostKey(for: design.name).fingerprint
        state.apply(
            .machineIntended(
                MachineEntry(
                    name: design.name, pool: design.pool, zone: design.zone, role: design.role, ordinal: design.ordinal,
                    instanceType: design.instanceType, podCIDR: design.podCIDR, token: "\(state.uid)-\(design.name)",
                    hostKeyFingerprint: hostKey)))
        state.apply(.machineMade(name: design.name, providerID: id, address: address))
        observation.cloud.machines.append(
            MachineRecord(
                name: design.name, providerID: id, zone: design.zone, role: design.role, instanceType: design.instanceType,
                address: address, status: .running, tags: [Tag.clusterUID: state.uid, Tag.hostKey: hostKey]))
        observation.cloud.routes["\(design.podCIDR)"] = design.name
        let services = (design.role == .controlPlane ? NodeService.controlPlane : []) + NodeService.node
        observation.hosts[design.name] = .reached(
            HostFacts(
                specDigest: try content.specDigest(design), binaries: state.desired.spec.kubernetesVersion,
                services: Dictionary(uniqueKeysWithValues: services.map { ($0, "active") }), hasEtcdData: design.role == .controlPlane,
                bootID: "boot-1", certificatesUntil: Int(Self.now.timeIntervalSince1970) + 365 * 86400,
                recoveryKit: design.role == .controlPlane ? content.recoveryDigest : nil))
        let wanted = content.node(design)
        observation.cluster.nodes.append(
            NodeObservation(
                name: design.name, providerID: id, podCIDR: "\(design.podCIDR)", labels: wanted.labels, taints: wanted.taints,
                conditions: [.init(type: "Ready", status: "True", message: "kubelet is posting ready status")],
                kubeletVersion: "v1.20.2", addresses: ["\(address)"], resourceVersion: "1"))
        if design.role == .controlPlane { observation.cluster.masters[design.name] = APIHealth(status: .ready) }
    }

    private func pods(_ design: MachineDesign) -> [PodObservation] {
        (1...3).map { number in
            PodObservation(
                namespace: "default", name: "web-\(design.ordinal)-\(number)", uid: "\(design.name)-\(number)", node: design.name,
                phase: "Running", isReady: true, podIP: "\(design.podCIDR.base)", labels: ["app": "web"],
                controller: .init(kind: "ReplicaSet", name: "web"))
        }
    }

    private mutating func tellMembers() {
        let masters = state.machines.values.filter { $0.role == .controlPlane }.map(\.name).sorted()
        let members = masters.enumerated().map { EtcdFacts.Member(id: UInt64($0.offset + 1), name: $0.element) }
        for member in members {
            guard var facts = observation.hosts[member.name]?.facts else { continue }
            facts.etcd = EtcdFacts(id: member.id, leader: 1, members: members)
            observation.hosts[member.name] = .reached(facts)
        }
    }
}
