import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import Planning

/// The facts of a plan are exactly what the planner looks at: everything else in an observation is a trap that no plan steps
/// into, and each kind of fact changes some plan.
@Suite struct FactsTests {
    // MARK: Worlds

    /// Clusters in different need, each with something in every field that an observation has.
    private static func worlds() throws -> [(name: String, world: World)] {
        var settled = World(Fixtures.cluster(workers: 2))
        try settled.converge()
        var many = Fixtures.cluster(workers: 2)
        many.spec.controlPlane = ControlPlaneSpec(count: 3, zones: ["local-a"], instanceType: "local.small")
        var masters = World(many)
        try masters.converge()
        masters.tellMembers()
        var worlds: [(String, World)] = [("settled", settled), ("three masters", masters)]
        func add(_ name: String, _ base: World, _ change: (inout World) -> Void) {
            var world = base
            change(&world)
            worlds.append((name, world))
        }
        add("unreachable", settled) { $0.observation.hosts["demo-nodes-a-1"] = .unreachable(reason: "no answer") }
        add("scaled down", settled) { $0.desired.spec.pools[0].count = 1 }
        add("scaled up", settled) { $0.desired.spec.pools[0].count = 3 }
        add("learner", masters) { world in
            world.change("demo-control-plane-a-3") { $0.etcd?.members[2].isLearner = true }
            world.change("demo-control-plane-a-1") { $0.etcd?.members[2].isLearner = true }
        }
        add("cordoned by a roll", settled) { world in
            world.node("demo-nodes-a-1") { node in
                node.annotations[NodeDesign.cordonAnnotation] = "run"
                node.unschedulable = true
            }
        }
        add("about to leave", settled) { $0.node("demo-nodes-a-1") { $0.taints = [NodeDesign.leavingTaint] } }
        add("a label too many", settled) { world in
            world.node("demo-nodes-a-1") { node in
                node.annotations[NodeDesign.labelsAnnotation] = "old,slipway.dev/pool"
                node.labels["old"] = "1"
            }
        }
        add("a taint too many", settled) { world in
            world.node("demo-nodes-a-1") { node in
                node.annotations[NodeDesign.taintsAnnotation] = Taint(key: "old", effect: .noSchedule).description
                node.taints = [Taint(key: "old", effect: .noSchedule)]
            }
        }
        return worlds.map { ($0.0, filled($0.1)) }
    }

    /// With something in every field.
    private static func filled(_ world: World) -> World {
        var world = world
        world.observation.cloud.network?.tags[Tag.store] = "file:///srv"
        world.observation.cloud.network?.tags[Tag.highWaterPrefix + "nodes"] = "2"
        for index in world.observation.cloud.machines.indices { world.observation.cloud.machines[index].tags = [Tag.hostKey: "SHA256:x"] }
        let expiry = Int(world.now.timeIntervalSince1970) + 365 * 86_400
        for name in world.observation.hosts.keys where world.observation.hosts[name]?.facts != nil {
            world.change(name) { facts in
                facts.bootID = "boot-1"
                facts.certificatesUntil = expiry
                facts.etcd?.errors = ["noisy"]
                if facts.etcd != nil { facts.etcd?.members[0].peerURLs = ["https://10.0.0.1:2380"] }
            }
        }
        world.observation.cluster.api.details = ["fine"]
        world.observation.cluster.masters = ["demo-control-plane-a-1": APIHealth(status: .ready, details: ["fine"])]
        for index in world.observation.cluster.nodes.indices {
            world.observation.cluster.nodes[index].labels["kubernetes.io/os"] = "linux"
            world.observation.cluster.nodes[index].annotations["other"] = "x"
            world.observation.cluster.nodes[index].taints.append(Taint(key: "node.kubernetes.io/other", effect: .preferNoSchedule))
            world.observation.cluster.nodes[index].conditions += [.init(type: "MemoryPressure", status: "False", reason: "r", message: "m")]
            world.observation.cluster.nodes[index].kubeletVersion = "v1.20.2"
            world.observation.cluster.nodes[index].addresses = ["100.96.8.11"]
            world.observation.cluster.nodes[index].resourceVersion = "7"
        }
        return world
    }

    /// What is planned, or why nothing is.
    private static func outcome(_ world: World, _ observation: Observation) throws -> [String] {
        var world = world
        world.observation = observation
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return [{ try Planner.converge(world.input, intent: .update) }, { try Planner.roll(world.input, .all) }].map { plan in
            do { return String(decoding: try encoder.encode(plan()), as: UTF8.self) } catch { return "\(error)" }
        }
    }

    private static func facts(_ world: World, _ observation: Observation) -> Observation {
        PlanningInput.facts(of: observation, state: world.state, content: World.content)
    }

    // MARK: The traps

    @Test func everythingElseIsATrapThatNoPlanStepsInto() throws {
        for (name, world) in try Self.worlds() {
            let before = try Self.outcome(world, world.observation)
            let tree = try JSON.tree(world.observation)
            var trapped = tree
            var traps: Set<String> = []
            for path in JSON.leaves(tree) {
                // The trap alone must not be a fact; then all of them are set at once.
                guard let value = JSON.value(tree, path), let trap = Self.trap(value),
                    let one = try? JSON.decode(JSON.set(tree, path, trap)),
                    Self.facts(world, one) == Self.facts(world, world.observation)
                else { continue }
                trapped = JSON.set(trapped, path, trap)
                traps.insert(Self.kind(path))
            }
            let observation = try JSON.decode(trapped)
            #expect(observation != world.observation)
            #expect(Self.facts(world, observation) == Self.facts(world, world.observation), "\(name)")
            let after = try Self.outcome(world, observation)
            #expect(after == before, "\(name)")
            for text in after { #expect(!text.contains("TRAP"), "\(name)") }
            // What they are, so that nobody widens the facts without noticing.
            #expect(
                traps.isSuperset(
                    of: [
                        "cloud.machines.providerID", "cloud.machines.zone", "cloud.machines.instanceType", "hosts.bootID",
                        "cluster.api.details",
                        "cluster.nodes.kubeletVersion", "cluster.nodes.addresses", "cluster.nodes.resourceVersion",
                        "cluster.nodes.conditions.reason",
                    ].filter { !(name == "unreachable" && $0.hasPrefix("hosts")) }), "\(name): \(traps.sorted())")
        }
    }

    private static func trap(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .string: .string("TRAP")
        case .int(let number): .int(number &+ 1)
        case .bool(let flag): .bool(!flag)
        default: nil
        }
    }

    // MARK: Each fact counts

    @Test func everyKindOfFactChangesSomePlan() throws {
        let candidates: [JSONValue?] = [
            nil, .bool(true), .bool(false), .int(0), .string("stopped"), .string("unknown"), .string("running"), .string("notReady"),
            .string("False"), .string("inactive"), .string("9"), .string("1.21.0"), .string("10.9.9.0/24"), .string("10.9.9.9"),
            .string("TRAP"),
        ]
        var counting: Set<String> = []
        var idle: Set<String> = []
        for (_, world) in try Self.worlds() {
            let before = try Self.outcome(world, world.observation)
            let facts = Self.facts(world, world.observation)
            let tree = try JSON.tree(world.observation)
            for path in JSON.leaves(tree) where !counting.contains(Self.kind(path)) {
                for candidate in candidates {
                    guard candidate != JSON.value(tree, path), let changed = try? JSON.decode(JSON.set(tree, path, candidate)),
                        Self.facts(world, changed) != facts
                    else { continue }
                    guard try Self.outcome(world, changed) == before else {
                        counting.insert(Self.kind(path))
                        break
                    }
                    idle.insert(Self.kind(path))
                }
            }
        }
        #expect(idle.subtracting(counting) == [], "in the facts, and no plan is another for it")
        #expect(counting.count > 20, "\(counting.sorted())")
    }

    /// A path without the names in it.
    private static func kind(_ path: [String]) -> String {
        path.filter { Int($0) == nil && !$0.hasPrefix("demo-") && $0 != "_0" && $0 != "reached" }
            .map { $0.contains("/") && !$0.hasPrefix("slipway.dev") ? "*" : $0 }.joined(separator: ".")
    }
}

/// An observation as a tree whose leaves can be changed one by one.
private enum JSON {
    static func tree(_ observation: Observation) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(observation))
    }

    static func decode(_ tree: JSONValue) throws -> Observation {
        try JSONDecoder().decode(Observation.self, from: JSONEncoder().encode(tree))
    }

    static func leaves(_ value: JSONValue) -> [[String]] {
        switch value {
        case .object(let members): members.sorted { $0.key < $1.key }.flatMap { key, member in leaves(member).map { [key] + $0 } }
        case .array(let elements): elements.enumerated().flatMap { index, element in leaves(element).map { ["\(index)"] + $0 } }
        default: [[]]
        }
    }

    static func value(_ value: JSONValue, _ path: [String]) -> JSONValue? {
        guard let first = path.first else { return value }
        let rest = Array(path.dropFirst())
        if case .array(let elements) = value { return Int(first).flatMap { JSON.value(elements[$0], rest) } }
        return value[first].flatMap { JSON.value($0, rest) }
    }

    /// Nil removes.
    static func set(_ value: JSONValue, _ path: [String], _ leaf: JSONValue?) -> JSONValue {
        guard let first = path.first else { return leaf ?? .null }
        let rest = Array(path.dropFirst())
        switch value {
        case .array(var elements):
            guard let index = Int(first) else { return value }
            if rest.isEmpty, leaf == nil { elements.remove(at: index) } else { elements[index] = set(elements[index], rest, leaf) }
            return .array(elements)
        case .object(var members):
            if rest.isEmpty { members[first] = leaf } else { members[first] = members[first].map { set($0, rest, leaf) } }
            return .object(members)
        default: return value
        }
    }
}
