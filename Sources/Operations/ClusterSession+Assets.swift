import Bootstrap
import ClusterModel
import Engine

extension ClusterSession {
    /// Before anything is made: the binaries and the image that new machines need are there and are what their checksums say.
    /// - Throws: what the asset source throws, or `CancellationError` when the person interrupts; nothing was changed then.
    func checkAssets(for plan: Plan) async throws {
        let roles = Set(plan.newMachines.map(\.role))
        guard !roles.isEmpty, !context.interrupt.isRequested else { return }
        let versions = plan.steps.compactMap { step -> KubernetesVersion? in
            guard case .installBinaries(let version) = step.action else { return nil }
            return version
        }
        let wanted: [KubernetesBinary] = roles.contains(.controlPlane) ? KubernetesBinary.allCases : [.kubelet, .proxy]
        let source = try outside.assets(try await session.known().desired.spec.assets.source)
        try await context.interrupt.cancelling {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for version in Set(versions) {
                    for binary in wanted { group.addTask { _ = try await source.binary(binary, version: version) } }
                    group.addTask { _ = try await source.pauseImage(named: NodeImages.pause, for: version) }
                }
                try await group.waitForAll()
            }
        }
    }
}
