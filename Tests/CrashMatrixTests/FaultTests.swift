import ClusterModel
import SimulatedCloud
import TestSupport
import Testing

/// Scenarios in a world in which calls fail at random, or that is behind with what it says.
@Suite(.serialized) struct FaultTests {
    /// Runs that a person would start, at most, until it is done.
    private static let patience = 25

    /// One call in five goes wrong, in one of four ways.
    @Test(arguments: Scenario.tried)
    func faultsHoldUpButDoNoHarm(_ scenario: Scenario) async throws {
        let beginning = try await Stage.beginning(of: scenario)
        let wanted = try await picture(scenario, beginning)
        let runs = try await concurrently(1...scenario.times(6, daily: 3, roll: 2)) { seed in
            let conditions = Conditions(seed: UInt64(seed), faults: .evenly(0.2))
            return try await runsUntilDone(scenario, beginning, conditions, wanted: wanted, "seed \(seed)")
        }
        print("crash matrix: \(scenario): one call in five fails, \(runs.count) seeds, done after \(runs.max() ?? 0) runs at most")
    }

    /// A cloud that says for some seconds what was true before.
    @Test(arguments: Scenario.tried)
    func aCloudThatIsBehindDoesNoHarm(_ scenario: Scenario) async throws {
        let beginning = try await Stage.beginning(of: scenario)
        let wanted = try await picture(scenario, beginning)
        for lag in [0.5, 4] {
            let conditions = Conditions(latencies: [.createMachine: .constant(seconds: 2), .boot: .constant(seconds: 8)], lag: lag)
            _ = try await runsUntilDone(scenario, beginning, conditions, wanted: wanted, "behind by \(lag) s")
        }
    }

    private func picture(_ scenario: Scenario, _ beginning: Stage.Beginning) async throws -> Picture {
        try await beginning.stage { stage in
            try await stage.perform(scenario)
            return try await stage.next().picture(scenario)
        }
    }

    /// How many runs it took.
    private func runsUntilDone(
        _ scenario: Scenario, _ beginning: Stage.Beginning, _ conditions: Conditions, wanted: Picture, _ label: String
    ) async throws -> Int {
        try await beginning.stage(conditions: conditions) { stage in
            var last: (any Error)?
            for run in 1...Self.patience {
                do {
                    try await stage.repeating(scenario)
                    let next = stage.next()
                    let wrongs = try await next.wrongs(scenario, wanted: wanted)
                    #expect(wrongs.isEmpty, "\(scenario), \(label): \(wrongs.joined(separator: "\n  "))")
                    return run
                } catch {
                    last = error
                    // A person who tries again does not do so in the same moment.
                    try await stage.clock.context.sleep(.seconds(10))
                }
            }
            Issue.record("\(scenario), \(label): not done after \(Self.patience) runs: \(last.map { "\($0)" } ?? "")")
            return Self.patience
        }
    }
}
