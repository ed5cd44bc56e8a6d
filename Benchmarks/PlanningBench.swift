import ClusterModel
import Foundation
import Planning

/// How planning grows with the number of machines, beside reading the same spec and observation from JSON.
enum PlanningBench {
    private struct Sample {
        var create = 0.0, settled = 0.0, roll = 0.0, json = 0.0
        var bytes = 0
    }

    static func run() throws {
        let small = try measure(500)
        let large = try measure(5_000)
        note("JSON of spec and observation: \(small.bytes / 1000) kB and \(large.bytes / 1000) kB")
        let kinds: [(String, KeyPath<Sample, Double>)] = [
            ("update, nothing to do", \.settled), ("create", \.create), ("roll of every worker", \.roll),
        ]
        for (name, path) in kinds {
            let (few, many) = (small[keyPath: path], large[keyPath: path])
            Row.ratio("planning 5,000 machines, \(name)", seconds(many), to: "500 machines \(seconds(few))", many / few, atMost: 11).show()
            Row.ratio("planning 5,000 machines, \(name)", seconds(many), to: "JSON-decoding \(seconds(large.json))", many / large.json)
                .show()
        }
        Row(
            what: "planning 5,000 machines, update, nothing to do", value: seconds(large.settled), goal: "at most 0.5 s",
            isMet: large.settled <= 0.5
        ).show()
    }

    /// Content is rendered and digested in each run, as a command does.
    private static func measure(_ machines: Int) throws -> Sample {
        var sample = Sample()
        let cluster = try SettledCluster(workers: machines - 3, surge: 10)
        var empty = cluster
        empty.observation = Observation(cloud: CloudObservation())
        empty.state = ClusterState(lineage: "bench", uid: "0011aabb", desired: cluster.state.desired)
        sample.settled = try shortest(of: 3) {
            let plan = try Planner.converge(cluster.input(), intent: .update)
            guard plan.isEmpty else { throw Surprise("the update of a settled cluster has \(plan.steps.count) steps: \(plan.steps[0].id)") }
        }
        sample.create = try shortest(of: 3) { [empty] in
            let made = try Planner.converge(empty.input(), intent: .create).newMachines.count
            guard made == machines else { throw Surprise("the create makes \(made) machines, not \(machines)") }
        }
        let resized = cluster.resized
        sample.roll = try shortest(of: 3) {
            let made = try Planner.roll(cluster.input(resized), .differing).newMachines.count
            guard made == machines - 3 else { throw Surprise("the roll makes \(made) machines, not \(machines - 3)") }
        }
        let spec = try JSONEncoder().encode(cluster.state.desired)
        let observation = try JSONEncoder().encode(cluster.observation)
        sample.bytes = spec.count + observation.count
        sample.json = try shortest(of: 3) {
            _ = try JSONDecoder().decode(Cluster.self, from: spec)
            _ = try JSONDecoder().decode(Observation.self, from: observation)
        }
        return sample
    }
}

/// A benchmark that measured something else than it says.
struct Surprise: Error, CustomStringConvertible {
    let description: String
    init(_ text: String) { description = text }
}
