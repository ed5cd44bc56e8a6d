import ClusterModel
import Engine
import Foundation
import SimulatedCloud
import StateStore
import TestSupport
import Testing

@testable import Operations

/// A cluster whose binaries cannot be had is not begun.
@Suite struct AssetTests {
    /// Has every file but one, which is as its error says.
    private struct Lacking: AssetSource {
        let name = "/mirror"
        let good: any AssetSource
        let bad: KubernetesBinary
        let error: SlipwayError

        func newestVersion() async throws -> KubernetesVersion { try await good.newestVersion() }
        func pauseImage(named name: String, for version: KubernetesVersion) async throws -> AssetFile {
            try await good.pauseImage(named: name, for: version)
        }
        func binary(_ binary: KubernetesBinary, version: KubernetesVersion) async throws -> AssetFile {
            if binary == bad { throw error }
            return try await good.binary(binary, version: version)
        }
    }

    private func context(_ bench: Bench, lacking: KubernetesBinary, _ code: SlipwayError.Code) -> OperationContext {
        var context = bench.context
        let error = SlipwayError(code, doing: "getting \(lacking.rawValue)", cause: "it is not what it should be")
        context.outside = { [world = bench.world] _ in
            Outside(
                cloud: world, hosts: world, assets: { _ in Lacking(good: world.assets, bad: lacking, error: error) },
                connect: { world.connect($0) })
        }
        return context
    }

    /// Missing: out of reach. Another checksum: failed.
    @Test(arguments: KubernetesBinary.allCases, [SlipwayError.Code.unreachable, .failed])
    func nothingIsMadeWithoutThem(_ binary: KubernetesBinary, _ code: SlipwayError.Code) async throws {
        try await Bench.with { bench in
            let context = context(bench, lacking: binary, code)
            let error = try await expectError(code) { _ = try await CreateCluster(context)(Fixtures.cluster(), yes: true) { _ in } }
            #expect(error.doing.contains(binary.rawValue))
            #expect(bench.world.isEmpty && bench.world.changes.all.isEmpty)
            #expect(try await bench.store.readSecrets("demo") == nil)
            try await bench.expectUnlocked()
            _ = try await bench.create()
            #expect(try await bench.validate() == [:], "once they are there the same create goes on")
        }
    }

    /// Has nothing and never says so, as a download over a slow line.
    private struct Endless: AssetSource {
        let name = "/mirror"
        let begun: @Sendable () -> Void

        private func wait<Value>() async throws -> Value {
            begun()
            while true { try await Task.sleep(for: .seconds(3600)) }
        }

        func newestVersion() async throws -> KubernetesVersion { try await wait() }
        func pauseImage(named name: String, for version: KubernetesVersion) async throws -> AssetFile { try await wait() }
        func binary(_ binary: KubernetesBinary, version: KubernetesVersion) async throws -> AssetFile { try await wait() }
    }

    @Test(.timeLimit(.minutes(1))) func anInterruptEndsADownload() async throws {
        try await Bench.with { bench in
            var context = bench.context
            context.outside = { [world = bench.world, interrupt = bench.interrupt] _ in
                Outside(
                    cloud: world, hosts: world, assets: { _ in Endless { interrupt.request() } }, connect: { world.connect($0) })
            }
            await #expect(throws: CancellationError.self) { _ = try await CreateCluster(context)(Fixtures.cluster(), yes: true) { _ in } }
            #expect(bench.world.isEmpty && bench.world.changes.all.isEmpty)
            try await bench.expectUnlocked()
        }
    }

    @Test func whatMakesNoMachineAsksForNone() async throws {
        try await Bench.withCluster { bench in
            let context = context(bench, lacking: .kubelet, .unreachable)
            bench.world.machine(Bench.worker) { $0.services[.proxy] = "inactive" }
            _ = try await UpdateCluster(context)("demo", yes: true) { _ in }
            #expect(try await bench.validate() == [:])
        }
    }
}
