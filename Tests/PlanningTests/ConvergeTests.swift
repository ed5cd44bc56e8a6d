import ClusterModel
import Engine
import Foundation
import TestSupport
import Testing

@testable import Planning

@Suite struct ConvergeTests {
    private func converged(_ cluster: Cluster = Fixtures.cluster()) throws -> World {
        var world = World(cluster)
        try world.converge()
        return world
    }

    private func actions(_ plan: Plan) -> [String] { plan.steps.map(\.id) }

    @Test func oneRunMakesTheClusterAndTheNextFindsNothingToDo() throws {
        var world = World(Fixtures.cluster(workers: 3, zones: ["local-a", "local-b"]))
        try world.converge()
        #expect(actions(try world.plan()) == [])
        #expect(world.state.machines.keys.sorted() == ["demo-control-plane-a-1", "demo-nodes-a-1", "demo-nodes-a-3", "demo-nodes-b-2"])
        #expect(Set(world.state.machines.values.map(\.podCIDR)).count == 4)
    }

    @Test func identicalInputsGiveByteIdenticalPlans() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let world = World(Fixtures.cluster(workers: 5, zones: ["local-a", "local-b", "local-c"]))
        let first = try encoder.encode(world.plan())
        for _ in 0..<20 { #expect(try encoder.encode(world.plan()) == first) }
    }

    @Test func aPlanSurvivesItsOwnJSON() throws {
        let plan = try World().plan()
        #expect(try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(plan)) == plan)
    }

    @Test func theFirstMarkIsSetBeforeAnyEtcdStartsAndTheSecondBeforeAnyAPIServer() throws {
        let ids = actions(try World().plan())
        let forming = try #require(ids.firstIndex(of: "state/etcd-initialising#mark-etcd"))
        let formed = try #require(ids.firstIndex(of: "etcd/demo#form-etcd"))
        let marked = try #require(ids.firstIndex(of: "state/etcd-initialised#mark-etcd"))
        let api = try #require(ids.firstIndex(of: "service/demo-control-plane-a-1/api#start-services"))
        #expect(forming < formed && formed < marked && marked < api)
        let steps = Dictionary(uniqueKeysWithValues: try World().plan().steps.map { ($0.id, $0) })
        #expect(steps["etcd/demo#form-etcd"]?.after.contains("state/etcd-initialising#mark-etcd") == true)
        #expect(steps["etcd/demo#form-etcd"]?.guards == [.neverInitialised])
        #expect(steps["service/demo-control-plane-a-1/api#start-services"]?.after.contains("state/etcd-initialised#mark-etcd") == true)
    }

    @Test func aRouteIsSetBeforeTheKubeletStartsAndANodeIsAdmittedLast() throws {
        let steps = try World().plan().steps
        let kubelet = try #require(steps.first { $0.id == "service/demo-nodes-a-1/kubelet#start-services" })
        #expect(kubelet.after.contains("route/demo-nodes-a-1#set-route"))
        let admission = try #require(steps.first { $0.id == "node/demo-nodes-a-1#admit-node" })
        #expect(admission.after.contains(kubelet.id))
    }

    /// Nor does the proxy wait for kubelet: after a reboot it is kubelet that is held back until the proxy is up.
    @Test func onlyTheProxyWaitsForTheAPI() throws {
        let plan = try World().plan()
        let steps = Dictionary(uniqueKeysWithValues: plan.steps.map { ($0.id, $0) })
        func allBefore(_ id: String) -> Set<String> {
            (steps[id]?.after ?? []).reduce(into: []) { $0.formUnion(allBefore($1).union([$1])) }
        }
        for machine in ["demo-nodes-a-1", "demo-control-plane-a-1"] {
            let (runtime, kubelet) = ("service/\(machine)/runtime#start-services", "service/\(machine)/kubelet#start-services")
            let (proxy, api) = ("service/\(machine)/proxy#start-services", "cluster/demo#wait-for-api")
            #expect(allBefore(kubelet).isSuperset(of: [runtime, "state/etcd-initialised#mark-etcd"]))
            #expect(allBefore(proxy).isSuperset(of: [runtime, api]))
            #expect(allBefore(kubelet).isDisjoint(with: [api, proxy]) && !allBefore(proxy).contains(kubelet))
            #expect(allBefore("node/\(machine)#admit-node").isSuperset(of: [kubelet, proxy]))
            #expect(allBefore("etcd/demo#form-etcd").isDisjoint(with: [runtime]))
        }
    }

    @Test func onNewMachinesFilesDoNotWaitForBinaries() throws {
        let steps = try World().plan().steps
        let content = try #require(steps.first { $0.id == "host/demo-nodes-a-1#install-content" })
        #expect(content.after == ["host/demo-nodes-a-1#connect"])
    }

    /// A run that was cut anywhere leaves a world from which the next plan gets to the same end.
    @Test func everyPrefixOfAPlanConvergesToTheSameCluster() throws {
        let whole = try converged()
        let count = try World().plan().steps.count
        for cut in 0...count {
            var world = World()
            for step in try world.plan().steps.prefix(cut) { world.perform(step) }
            try world.converge()
            #expect(try world.plan().isEmpty, "cut after \(cut) steps")
            #expect(world.state.machines == whole.state.machines, "cut after \(cut) steps")
            #expect(world.state.etcd == whole.state.etcd)
        }
    }

    @Test func aKilledCreateWithAnIntentAndNoAnswerAsksForTheSameMachineAgain() throws {
        var world = World()
        for step in try world.plan().steps {
            if case .createMachine(let design) = step.action {
                world.state.apply(
                    .machineIntended(
                        MachineEntry(
                            name: design.name, pool: design.pool, zone: design.zone, role: design.role, ordinal: design.ordinal,
                            instanceType: design.instanceType, podCIDR: design.podCIDR, token: "token")))
                break
            }
            world.perform(step)
        }
        let created = try world.plan().steps.compactMap { if case .createMachine(let design) = $0.action { design.name } else { nil } }
        #expect(created == ["demo-control-plane-a-1", "demo-nodes-a-1"])
    }

    @Test func growingAPoolTouchesNothingElse() throws {
        var world = try converged()
        world.desired.spec.pools[0].count = 2
        let plan = try world.plan()
        #expect(plan.steps.allSatisfy { $0.address.name.hasPrefix("demo-nodes-a-2") }, "\(actions(plan))")
        #expect(!plan.isEmpty)
    }

    @Test func ordinalsOnlyGrowAlsoWhenTheStateForgot() throws {
        var world = try converged()
        world.state.apply(.machineGone(name: "demo-nodes-a-1"))
        world.state.highWater = [:]
        world.observation.cloud.network?.tags[Tag.highWaterPrefix + "nodes"] = "7"
        let created = try world.plan().steps.compactMap { if case .createMachine(let design) = $0.action { design.name } else { nil } }
        #expect(created == ["demo-nodes-a-8"])
    }

    @Test func aRebootIsRepairedRoutesAndNetworkFirst() throws {
        var world = try converged()
        world.observation.cloud.routes = [:]
        world.reboot()
        let plan = try world.plan()
        let ids = actions(plan)
        #expect(ids.first == "network/demo#ensure-network")
        #expect(ids.contains("machine/demo-nodes-a-1#start-machine"))
        #expect(!ids.contains { $0.hasSuffix("create-machine") || $0.hasSuffix("form-etcd") })
        let start = try #require(plan.steps.first { $0.id == "machine/demo-nodes-a-1#start-machine" })
        #expect(start.after.contains("route/demo-nodes-a-1#set-route"))
        try world.converge()
        world.change("demo-control-plane-a-1") { $0.hasEtcdData = true }
        #expect(try world.plan().isEmpty)
    }

    @Test func emptiedEtcdDataOfTheOnlyMasterIsRefused() throws {
        var world = try converged()
        world.change("demo-control-plane-a-1") { facts in
            facts.hasEtcdData = false
            facts.services[.etcd] = "failed"
        }
        let error = #expect(throws: SlipwayError.self) { try world.plan() }
        #expect(error?.code == .refused)
        #expect(error?.cause.contains("/var/lib/etcd/member") == true)
    }

    @Test func aLostMasterIsRefusedEvenWhenTheStateWasLostToo() throws {
        var world = try converged()
        world.observation.cloud.machines.removeAll { $0.role == .controlPlane }
        #expect(throws: SlipwayError.self) { try world.plan() }
        world.state = ClusterState(lineage: "other", uid: "0011aabb", desired: world.desired)
        let error = #expect(throws: SlipwayError.self) { try world.plan() }
        #expect(error?.code == .refused, "the network's tag still says that it was initialised")
    }

    /// The mark is written in two places; a kill in between must not leave a cluster that refuses to go on.
    @Test func aMarkThatReachedOnlyTheStateIsWrittenToTheNetworkToo() throws {
        var world = World()
        for step in try world.plan().steps {
            if step.id == "state/etcd-initialising#mark-etcd", case .markEtcd(let mark) = step.action {
                world.state.apply(.etcd(mark))
                break
            }
            world.perform(step)
        }
        #expect(actions(try world.plan()).contains("state/etcd-initialising#mark-etcd"))
        try world.converge()
        world.observation.cloud.network?.tags[Tag.etcdMark] = "initialising demo-0011aabb demo-control-plane-a-1"
        #expect(actions(try world.plan()) == ["state/etcd-initialised#mark-etcd"])
    }

    @Test func certificatesAreRenewedNinetyDaysBeforeTheirEnd() throws {
        var world = try converged()
        let until = Int(world.now.timeIntervalSince1970) + 91 * 86_400
        world.change("demo-nodes-a-1") { $0.certificatesUntil = until }
        #expect(try world.plan().isEmpty)
        world.now.addTimeInterval(2 * 86_400)
        let plan = try world.plan()
        let step = try #require(plan.steps.first { $0.id == "host/demo-nodes-a-1#install-content" })
        #expect(step.reason.description == "certificates: 89 days left -> issued anew")
    }

    @Test func stoppedServicesAreStartedAgain() throws {
        var world = try converged()
        world.change("demo-nodes-a-1") { $0.services[.kubelet] = "inactive" }
        let plan = try world.plan()
        #expect(actions(plan) == ["service/demo-nodes-a-1/node#start-services", "node/demo-nodes-a-1#admit-node"])
        #expect(plan.steps.first?.action == .startServices(services: [.kubelet]))
    }

    @Test func filesChangedOnAMachineAreBroughtBack() throws {
        var world = try converged()
        world.change("demo-nodes-a-1") { $0.damagedFiles = ["/etc/kubernetes/kubelet.yaml"] }
        let plan = try world.plan()
        #expect(actions(plan).contains("host/demo-nodes-a-1#install-content"))
        #expect(plan.steps.first { $0.id == "host/demo-nodes-a-1#install-content" }?.reason.description.contains("kubelet.yaml") == true)
    }

    @Test func nothingIsPlannedOnAnUnknownMachine() throws {
        var world = try converged()
        world.observation.cloud.machines[0].status = .unknown
        let error = #expect(throws: SlipwayError.self) { try world.plan() }
        #expect(error?.code == .unreachable)
    }

    @Test func movingRangesAreRefused() throws {
        var world = try converged(Fixtures.cluster(workers: 2))
        world.desired.spec.network.podCIDR = Fixtures.cidr("10.245.0.0/16")
        #expect(#expect(throws: SlipwayError.self) { try world.plan() }?.code == .refused)
    }

    @Test func everyPlanCanBeScheduled() throws {
        var world = World(Fixtures.cluster(workers: 4, zones: ["local-a", "local-b"]))
        _ = try Schedule(world.plan(), limits: .standard)
        try world.converge()
        world.reboot()
        _ = try Schedule(world.plan(), limits: .standard)
    }
}
