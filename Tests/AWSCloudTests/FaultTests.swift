import AWSCloud
import ClusterModel
import Foundation
import TestSupport
import Testing

@Suite(
    "Every call of AWS failing once",
    .enabled(if: S3Server.python != nil, "SLIPWAY_TEST_S3_PYTHON is not set: run them with make test"))
struct FaultTests {
    /// Each day what AWS did not take up, on every eighth call; all calls, and answers that are lost, in the long tests.
    static let isLong = ProcessInfo.processInfo.environment["SLIPWAY_TEST_LONG"] != nil

    /// How calls fail, and of which cluster.
    struct Trial: CustomTestStringConvertible, Sendable {
        var kind: Faults.Kind
        var topology = AWSTopology.public
        var testDescription: String { "\(kind.rawValue), \(topology.rawValue) subnets" }

        static let daily = [Trial(kind: .throttled), Trial(kind: .failed), Trial(kind: .failed, topology: .private)]
        static let all = AWSTopology.allCases.flatMap { topology in Faults.Kind.allCases.map { Trial(kind: $0, topology: topology) } }
    }

    @Test(arguments: isLong ? Trial.all : Trial.daily)
    func `Converges, makes nothing twice and leaves nothing behind`(_ trial: Trial) async throws {
        let account = try Account()
        let before = try await account.listing()
        let spec = trial.topology == .private ? PrivateNetworkTests.spec(.one) : Sample.spec()
        var struck: [String] = []
        let step = Self.isLong ? 1 : trial.topology == .private ? 16 : 8
        for number in stride(from: 0, to: 1000, by: step) {
            let faults = Faults(trial.kind, at: number)
            try await life(account, spec, faults)
            guard let hit = faults.hit else { break }
            struck.append(hit)
        }
        #expect(struck.count > 40 / step, "only \(struck.count) calls were struck")
        print("AWS, one call \(trial.testDescription): \(struck.count) of \(struck.count) calls converge")
        #expect(try await account.listing() == before)
    }

    /// A cluster of one master and one worker, made and deleted; a step that fails is tried again by a process of its own.
    private func life(_ account: Account, _ spec: ClusterSpec, _ faults: Faults) async throws {
        try await again(account, faults) { _ = try await $0.ensureNetwork(Sample.network(spec)) }
        for (name, role, range) in [(Sample.master, MachineRole.controlPlane, "10.244.0.0/24"), (Sample.worker, .worker, "10.244.1.0/24")] {
            try await again(account, faults) { _ = try await $0.createMachine(Sample.machine(name, role)) }
            try await again(account, faults) {
                try await $0.setRoute(Sample.identity, podCIDR: Fixtures.cidr(range), machine: name)
            }
        }
        try await again(account, faults) { try await $0.joinEndpoint(Sample.identity, machine: Sample.master) }
        let seen = try await account.cloud().observe(Sample.identity)
        let wanted = try spec.networkParts()
        #expect(seen.network?.parts == wanted, "after \(faults.hit ?? "nothing") was \(faults.kind.rawValue)")
        let living = seen.machines.filter { $0.status == .running }.map(\.name)
        #expect(living == [Sample.master, Sample.worker] && seen.routes.count == 2)
        for name in [Sample.master, Sample.worker] {
            try await again(account, faults) { try await $0.deleteMachine(Sample.identity, name: name) }
        }
        try await again(account, faults) { try await $0.deleteNetwork(Sample.identity) }
    }

    private func again(_ account: Account, _ faults: Faults, _ work: (AWSCloud) async throws -> Void) async throws {
        do {
            try await work(account.cloud(faults))
        } catch let error as SlipwayError where error.retry == .transient {
            try await work(account.cloud(faults))
        }
    }
}
