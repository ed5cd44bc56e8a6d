import ClusterModel
import Foundation
import Operations
import PKI
import Planning
import SimulatedCloud

/// A pool of 1,000 machines rolled on the simulated cloud, beside the least that it can take.
///
/// Only the boot of a machine takes time, from the cloud's answer to the first login: the rest is the schedule's own doing.
/// The bound is what no schedule within the surge can beat: the first machine alone, then the sum of the other boots over
/// the surge, or the longest boot if that is longer, and the time that the first one is watched.
enum RollBench {
    private static let machines = 1_000
    private static let median = 20.0
    private static let seeds: [UInt64] = [1]

    private static var boots: [(name: String, latency: Latency)] {
        let usual = Latency.logNormal(median: median, sigma: 0.3)
        return [
            ("constant", .constant(seconds: median)), ("log-normal", usual),
            ("stragglers", .stragglers(of: usual, share: 0.02, factor: 4)),
        ]
    }

    static func run() async throws {
        note(
            "boots of a median of \(Int(median)) s; stragglers: of a hundred two take four times as long; \(seeds.count) seeds, the worst counts"
        )
        for (surge, goal) in [(10, 1.1), (100, 1.3)] {
            let cluster = try SettledCluster(workers: machines, surge: surge)
            let plan = try Planner.roll(cluster.input(cluster.resized), .differing)
            for boot in boots {
                var worst = (took: 0.0, bound: 1.0)
                let start = ContinuousClock.now
                for seed in seeds {
                    let sample = try await roll(plan, cluster, Conditions(seed: seed, latencies: [.boot: boot.latency]), surge: surge)
                    if sample.took / sample.bound > worst.took / worst.bound { worst = sample }
                }
                Row.ratio(
                    "1,000 machines rolled, surge \(surge), \(boot.name)", seconds(worst.took), to: "bound \(seconds(worst.bound))",
                    worst.took / worst.bound, atMost: goal
                ).show()
                note("simulated in \(seconds((ContinuousClock.now - start) / .seconds(1) / Double(seeds.count))) each")
            }
        }
    }

    private static func roll(
        _ plan: Plan, _ cluster: SettledCluster, _ conditions: Conditions, surge: Int
    ) async throws -> (took: Double, bound: Double) {
        var state = cluster.state
        state.apply(.desired(cluster.resized))
        let rehearsal = try await RehearsePlan(
            plan, state: state, secrets: cluster.secrets.encoded(),
            world: SimulatedWorld.Contents(resembling: cluster.observation, state: cluster.state), conditions: conditions,
            start: SettledCluster.now)()
        guard rehearsal.steps.count == plan.steps.count else {
            throw Surprise("\(rehearsal.steps.count) of \(plan.steps.count) steps were done")
        }
        let watched = rehearsal.steps.filter { $0.action == .validateNode }.map(\.duration).reduce(0, +)
        let times = plan.newMachines.map { conditions.firstDraw(of: .boot, for: $0.name) }
        let others = times.dropFirst()
        let bound = times[0] + max(others.reduce(0, +) / Double(surge), others.max() ?? 0) + watched
        return (rehearsal.duration, bound)
    }
}
