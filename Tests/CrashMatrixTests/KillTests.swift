import ClusterModel
import Foundation
import SimulatedCloud
import StateStore
import Testing

/// Every scenario is killed at failpoints of all its steps, and asked for again: at every one by `make test-long`, and at a part
/// of those of the longer scenarios, spread over all of them, each day.
@Suite(.serialized) struct KillTests {
    @Test(arguments: Scenario.tried)
    func whereverItIsKilledTheSameCommandConverges(_ scenario: Scenario) async throws { try await expectConvergence(scenario) }

    /// What differs there is little of each scenario, so each day tries few points.
    @Test(arguments: Scenario.onCloud)
    func soItIsOnACloudWithItsOwnEndpoint(_ scenario: Scenario) async throws { try await expectConvergence(scenario, daily: 8) }

    /// A bastion that is not there yet, or not any more, hides all the others.
    @Test(arguments: Scenario.hidden)
    func soItIsBehindABastion(_ scenario: Scenario) async throws { try await expectConvergence(scenario, daily: 12) }

    private func expectConvergence(_ scenario: Scenario, daily: Int? = nil) async throws {
        let beginning = try await Stage.beginning(of: scenario)
        let all = Failpoints()
        let wanted = try await beginning.stage(failpoints: all) { stage in
            try await stage.perform(scenario, all)
            return try await stage.next().picture(scenario)
        }
        let points = scenario.times(all.names.count, daily: daily ?? (scenario.isSmall ? 80 : 36), roll: daily ?? 25)
        let stride = max(1, all.names.count / points)
        let outcomes = try await concurrently(Swift.stride(from: 1, through: all.names.count, by: stride)) { last in
            try await kill(at: last, scenario, beginning: beginning, wanted: wanted)
        }
        let failed = outcomes.filter { !$0.wrongs.isEmpty }
        print("crash matrix: \(scenario): \(outcomes.count) of \(all.names.count) points, \(outcomes.count - failed.count) converged")
        for outcome in failed.prefix(5) {
            Issue.record("killed at \(outcome.number), \(outcome.name): \(outcome.wrongs.joined(separator: "\n  "))")
        }
        #expect(failed.count == 0, "\(failed.count) of \(outcomes.count) points")
        #expect(outcomes.count > min(20, daily ?? 20) / 2)
    }

    private struct Outcome: Sendable {
        var number: Int
        var name: String
        var wrongs: [String]
    }

    private func kill(at last: Int, _ scenario: Scenario, beginning: Stage.Beginning, wanted: Picture) async throws -> Outcome {
        let failpoints = Failpoints(last: last)
        return try await beginning.stage(failpoints: failpoints) { stage in
            try? await stage.perform(scenario, failpoints)
            var outcome = Outcome(number: last, name: failpoints.names.last ?? "none", wrongs: [])
            guard failpoints.isDead else {
                outcome.wrongs = ["it was not killed: there were only \(failpoints.names.count) points"]
                return outcome
            }
            let secrets = try await stage.store.readSecrets(scenario.wanted.name)
            let next = stage.next()
            do {
                try await next.repeating(scenario)
                outcome.wrongs = try await next.wrongs(scenario, wanted: wanted)
                if let secrets, scenario.wish != .delete, try await next.store.readSecrets(scenario.wanted.name) != secrets {
                    outcome.wrongs.append("the secrets were made anew")
                }
            } catch {
                outcome.wrongs = ["the same again failed: \(error)"]
            }
            return outcome
        }
    }
}

/// The results for all numbers, a few at a time, in their order.
func concurrently<Result: Sendable>(
    _ numbers: some Sequence<Int>, width: Int = 4, _ work: @escaping @Sendable (Int) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        var left = numbers.makeIterator()
        var results: [(Int, Result)] = []
        for _ in 0..<width {
            if let number = left.next() { group.addTask { (number, try await work(number)) } }
        }
        while let result = try await group.next() {
            results.append(result)
            if let number = left.next() { group.addTask { (number, try await work(number)) } }
        }
        return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
