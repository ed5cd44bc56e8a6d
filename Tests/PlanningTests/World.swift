import ClusterModel
import Foundation
import TestSupport

@testable import Planning

/// A cluster without machines: carrying out a step changes what the next planning observes, as real drivers would.
struct World {
    var desired: Cluster
    var state: ClusterState
    var observation = Observation(cloud: CloudObservation())
    var hasSecrets = false
    /// Names of etcd's members.
    var etcdMembers: [String] = []
    /// What is on machines that were stopped.
    private var disks: [String: HostFacts] = [:]
    var now = Date(timeIntervalSince1970: 1_800_000_000)

    init(_ desired: Cluster = Fixtures.cluster()) {
        self.desired = desired
        state = ClusterState(lineage: "lineage", uid: "0011aabb", desired: desired)
    }

    static let content = ContentDesign(
        specDigest: { "digest-of-\($0.name)" },
        node: { design in NodeDesign(podCIDR: design.podCIDR, labels: ["slipway.dev/pool": design.pool], taints: []) },
        manifestsDigest: "manifests", recoveryDigest: "kit")

    var input: PlanningInput {
        PlanningInput(desired: desired, state: state, observation: observation, hasSecrets: hasSecrets, content: World.content, now: now)
    }

    func plan() throws -> Plan { try Planner.converge(input, intent: .update) }

    /// Plans and carries everything out.
    mutating func converge() throws {
        for step in try plan().steps { perform(step) }
    }

    mutating func perform(_ step: Step) {
        let name = step.address.name
        switch step.action {
        case .ensureSecrets: hasSecrets = true
        case .ensureNetwork(let cidr, _, _):
            let record =
                state.network
                ?? NetworkRecord(
                    id: "net", cidr: cidr ?? Fixtures.cidr("100.96.8.0/24"), gateway: Fixtures.address("100.96.8.1"),
                    apiAddress: "100.96.8.2")
            state.apply(.network(record))
            let tags = observation.cloud.network?.tags ?? [:]
            observation.cloud.network = .init(record: record, isUp: true, tags: tags)
        case .createMachine(let design):
            create(design)
        case .startMachine:
            guard let index = observation.cloud.machines.firstIndex(where: { $0.name == name }) else { return }
            observation.cloud.machines[index].status = .running
            if let facts = disks.removeValue(forKey: name) {
                observation.hosts[name] = .reached(facts)
                let units = observation.cloud.machines[index].role == .controlPlane ? NodeService.controlPlane : []
                change(name) { facts in for service in units + NodeService.node { facts.services[service] = "active" } }
            }
        case .setRoute(let podCIDR, let machine): observation.cloud.routes["\(podCIDR)"] = machine
        case .installBinaries(let version): change(name) { $0.binaries = version }
        case .installContent(let digest):
            change(name) {
                $0.specDigest = digest
                $0.damagedFiles = []
            }
        case .keepRecoveryKit(let digest): change(name) { $0.recoveryKit = digest }
        case .startServices(let services):
            let machine = String(name.split(separator: "/")[0])
            change(machine) { facts in for service in services { facts.services[service] = "active" } }
        case .formEtcd(_, let members):
            for member in members { formed(member) }
            etcdMembers = members
            tellMembers()
        case .joinEtcd:
            formed(name)
            etcdMembers.append(name)
            tellMembers()
        case .leaveEtcd:
            etcdMembers.removeAll { $0 == name }
            tellMembers()
        case .stopServices(let services):
            let machine = String(name.split(separator: "/")[0])
            change(machine) { facts in for service in services { facts.services[service] = "inactive" } }
        case .deleteNode: observation.cluster.nodes.removeAll { $0.name == name }
        case .deleteRoute(let podCIDR): observation.cloud.routes["\(podCIDR)"] = nil
        case .deleteMachine:
            state.apply(.machineGone(name: name))
            observation.cloud.machines.removeAll { $0.name == name }
            observation.hosts[name] = nil
        case .markEtcd(let mark):
            state.apply(.etcd(mark))
            observation.cloud.network?.tags[Tag.etcdMark] = mark.tag
        case .waitForAPI: observation.cluster.api = APIHealth(status: .ready)
        case .applyManifests(let digest): observation.cluster.manifestsDigest = digest
        case .admitNode(let design):
            // Who is admitted carries no marks of a roll.
            observation.cluster.nodes.removeAll { $0.name == name }
            observation.cluster.nodes.append(
                NodeObservation(
                    name: name, providerID: state.machines[name]?.providerID, podCIDR: "\(design.podCIDR)", labels: design.labels,
                    conditions: [.init(type: "Ready", status: "True")]))
        case .stopMachine:
            guard let index = observation.cloud.machines.firstIndex(where: { $0.name == name }) else { return }
            observation.cloud.machines[index].status = .stopped
            disks[name] = observation.hosts[name]?.facts
            observation.hosts[name] = nil
        case .taintNode: node(name) { $0.taints.append(NodeDesign.leavingTaint) }
        case .cordonNode:
            node(name) { node in
                node.unschedulable = true
                node.annotations[NodeDesign.cordonAnnotation] = "run"
            }
        case .uncordonNode:
            node(name) { node in
                node.unschedulable = false
                node.annotations[NodeDesign.cordonAnnotation] = nil
                node.taints.removeAll { $0 == NodeDesign.leavingTaint }
            }
        case .resizeMachine(let instanceType):
            state.apply(.machineResized(name: name, instanceType: instanceType))
            guard let index = observation.cloud.machines.firstIndex(where: { $0.name == name }) else { return }
            observation.cloud.machines[index].instanceType = instanceType
        case .connect, .handOverEtcd, .drainNode, .validateNode, .markDeleting, .forgetCluster, .deleteNetwork: break
        }
    }

    mutating func node(_ name: String, _ change: (inout NodeObservation) -> Void) {
        guard let index = observation.cluster.nodes.firstIndex(where: { $0.name == name }) else { return }
        change(&observation.cluster.nodes[index])
    }

    private mutating func create(_ design: MachineDesign) {
        let address = Fixtures.cidr("100.96.8.0/24").address(at: 11 + observation.cloud.machines.count) ?? Fixtures.address("100.96.8.250")
        state.apply(
            .machineIntended(
                MachineEntry(
                    name: design.name, pool: design.pool, zone: design.zone, role: design.role, ordinal: design.ordinal,
                    instanceType: design.instanceType, market: design.market, make: MachineMake(desired.spec.cloud),
                    podCIDR: design.podCIDR,
                    token: "token")))
        state.apply(.machineMade(name: design.name, providerID: "local:///\(design.name)", address: address))
        observation.cloud.machines.append(
            MachineRecord(
                name: design.name, providerID: "local:///\(design.name)", zone: design.zone, role: design.role,
                instanceType: design.instanceType, market: design.market, address: address, status: .running, tags: [:]))
        observation.hosts[design.name] = .reached(HostFacts(specDigest: nil, services: [:]))
    }

    mutating func change(_ machine: String, _ change: (inout HostFacts) -> Void) {
        var facts = observation.hosts[machine]?.facts ?? HostFacts(specDigest: nil, services: [:])
        change(&facts)
        observation.hosts[machine] = .reached(facts)
    }

    /// Every member that runs says whom it counts.
    mutating func tellMembers() {
        let listed = etcdMembers.enumerated().map { EtcdFacts.Member(id: UInt64($0.offset + 1), name: $0.element) }
        for (name, host) in observation.hosts where host.facts?.services[.etcd] == "active" {
            change(name) { $0.etcd = EtcdFacts(id: listed.first { $0.name == name }?.id ?? 0, leader: 1, members: listed) }
        }
    }

    private mutating func formed(_ member: String) {
        change(member) { facts in
            facts.hasEtcdData = true
            facts.services[.etcd] = "active"
        }
    }

    /// All machines stopped and the network down, as after a reboot of the host.
    mutating func reboot() {
        observation.cloud.network?.isUp = false
        for index in observation.cloud.machines.indices { observation.cloud.machines[index].status = .stopped }
        observation.hosts = [:]
        observation.cluster = .unknown
    }
}
