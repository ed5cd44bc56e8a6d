import ClusterModel
import Foundation
import SimulatedCloud
import StateStore
import TestSupport
import Testing

@testable import Operations

/// A cluster's state in another store: its tags go with it.
@Suite struct MoveTests {
    private func move(_ bench: Bench, to other: Bench, _ failpoints: Failpoints? = nil, world: SimulatedWorld? = nil) async throws {
        func behind(_ store: FileStateStore) -> any StateStore { failpoints.map { FailpointStore(store, failpoints: $0) } ?? store }
        var context = bench.context
        context.store = behind(bench.store)
        if let world {
            context.outside = { _ in
                Outside(cloud: world, hosts: world, assets: { _ in world.assets }, connect: { world.connect($0) })
            }
        }
        _ = try await MoveState(context, to: behind(other.store))("demo")
    }

    /// The stores that the tags name, of the network and of all machines.
    private func stores(_ world: SimulatedWorld) -> Set<String?> {
        world.with { contents in
            Set(contents.networks.values.map { $0.tags[Tag.store] } + contents.machines.values.map { $0.record.tags[Tag.store] })
        }
    }

    private func loseState(_ bench: Bench) throws { try FileManager.default.removeItem(atPath: "\(bench.store.root)/demo") }

    @Test func theTagsNameTheStoreThatHasTheState() async throws {
        try await Bench.with { bench in
            let other = bench.other(store: "elsewhere")
            try await bench.create()
            #expect(stores(bench.world) == [bench.store.location])
            try await move(bench, to: other)
            #expect(stores(bench.world) == [other.store.location])
            let plan = try await other.update().plan
            #expect(plan.isEmpty, "the planner takes no notice: \(plan.steps.map(\.id))")

            // The state is lost: the old store does not take the cluster, and says whose it is; the new one does.
            try loseState(other)
            let error = try await expectError(.notFound) { _ = try await bench.delete() }
            #expect(error.hint?.contains(other.store.location) == true, "\(error)")
            try await other.delete()
            #expect(bench.world.isEmpty)
        }
    }

    /// There and back again at once, on a cloud that is behind.
    @Test func aCloudThatIsBehindKeepsNoTagBack() async throws {
        try await Bench.with { bench in
            let other = bench.other(store: "elsewhere")
            try await bench.create()
            let lagging = SimulatedWorld(copying: bench.world, run: bench.clock.context, conditions: Conditions(lag: 600))
            try await move(bench, to: other, world: lagging)
            #expect(stores(lagging) == [other.store.location])
            try await move(other, to: bench, world: lagging)
            #expect(stores(lagging) == [bench.store.location])
        }
    }

    /// Killed around every record in either store and around the change of the tags.
    @Test func whereverItIsKilledTheSameMoveEndsIt() async throws {
        let created = try await Bench.with { bench in
            try await bench.create()
            return (world: SimulatedWorld(copying: bench.world), files: try FolderCopy(of: bench.folder))
        }
        var tried = 0
        while true {
            let last = tried + 1
            let isOver = try await Bench.with(world: SimulatedWorld(copying: created.world)) { bench in
                try created.files.write(to: bench.folder)
                let other = bench.other(store: "elsewhere")
                // The copy is of another folder.
                bench.world.with { contents in
                    for uid in contents.networks.keys { contents.networks[uid]?.tags[Tag.store] = bench.store.location }
                    for name in contents.machines.keys { contents.machines[name]?.record.tags[Tag.store] = bench.store.location }
                }
                let secrets = try await bench.store.readSecrets("demo")
                let failpoints = Failpoints(last: last)
                let dying = SimulatedWorld(copying: bench.world, failpoints: failpoints)
                do {
                    try await move(bench, to: other, failpoints, world: dying)
                } catch is Killed {}
                guard failpoints.isDead else { return true }
                let world = SimulatedWorld(copying: dying)
                let place = "killed at \(last), \(failpoints.names.last ?? "")"
                // Whichever store a tag names has the state, at every moment.
                for named in [bench.store, other.store] where stores(world).contains(named.location) {
                    #expect(try await named.readState("demo") != nil, "\(place)")
                }
                do {
                    try await move(bench, to: other, world: world)
                } catch let error as SlipwayError where error.code == .notFound {
                    // It was over.
                }
                #expect(stores(world) == [other.store.location], "\(place)")
                #expect(try await bench.store.readState("demo") == nil, "\(place)")
                #expect(try await other.store.readState("demo")?.movingTo == nil, "\(place)")
                #expect(try await other.store.readSecrets("demo") == secrets, "\(place)")
                return false
            }
            if isOver { break }
            tried = last
        }
        #expect(tried > 8, "\(tried) points")
        print("move: killed at \(tried) points, each ended by the same command")
    }

    @Test func withoutTheCloudBothStoresKeepIt() async throws {
        try await Bench.with { bench in
            let other = bench.other(store: "elsewhere")
            try await bench.create()
            bench.world.fail { what, _ in
                what.hasPrefix("tagNetwork") ? SlipwayError(.unreachable, doing: "tagging", cause: "no answer", retry: .transient) : nil
            }
            let error = try await expectError(.unreachable) { try await move(bench, to: other) }
            #expect(error.hint?.contains("run the same command again where the cloud can be reached") == true, "\(error)")
            #expect(try await bench.state().movingTo == other.store.location)
            #expect(try await other.store.readSecrets("demo") != nil)
            bench.world.fail(nil)
            try await move(bench, to: other)
            #expect(stores(bench.world) == [other.store.location])
        }
    }

    /// Local machines of another host, and a cluster of which nothing was made.
    @Test func whatTheCloudDoesNotShowIsSaid() async throws {
        try await Bench.with { bench in
            let other = bench.other(store: "elsewhere")
            try await bench.create()
            try await move(bench, to: other, world: SimulatedWorld())
            #expect(bench.events.all.contains { $0.message.contains("the cloud shows nothing of cluster demo from here") })
            #expect(try await other.state().movingTo == nil)
        }
        try await Bench.with { bench in
            try await bench.create(yes: false)
            var context = bench.context
            context.outside = { _ in throw UnexpectedCall("outside") }
            _ = try await MoveState(context, to: bench.other(store: "elsewhere").store)("demo")
            #expect(try await bench.store.readState("demo") == nil)
        }
    }
}
