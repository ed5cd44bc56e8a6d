public import ClusterModel
import Drivers
import Engine
import Foundation
import PKI
public import Planning
import StateStore

/// Looks at everything and says, condition by condition, whether the cluster is healthy. Takes no lock, changes nothing.
public struct ValidateCluster: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// - Throws: `.notFound` when the store does not know the cluster; what the cloud throws when it cannot be asked.
    public func callAsFunction(_ name: String, spec: Cluster? = nil) async throws -> ValidationReport {
        let state = try await context.state(of: name)
        let outside = try context.outside(state.desired.spec.cloud.place)
        let vault = Vault(load: { [context] in try await context.store.readSecrets(name) }, save: { _ in })
        let api = APIConnection(vault: vault, run: context.run, connect: outside.connect)
        do {
            let hasSecrets = try await vault.existing() != nil
            let observer = Observer(
                cloud: outside.cloud, hosts: outside.hosts, login: MachineLogin(hosts: outside.hosts, vault: vault), api: api,
                workload: .systemPods)
            let observation = try await observer.observe(state, hasSecrets: hasSecrets)
            let desired = spec ?? state.desired
            let content = try ContentDesign(desired: desired, state: state, secretsVersion: try await vault.existing()?.versionID)
            await api.close()
            return Validation.report(desired: desired, state: state, observation: observation, content: content, now: context.run.now())
        } catch {
            await api.close()
            throw error
        }
    }

    /// Asks again until the cluster is healthy or `timeout` is over. `changed` hears of each report that differs.
    public func waiting(
        _ name: String, spec: Cluster? = nil, timeout: Duration, changed: @Sendable (ValidationReport) -> Void
    ) async throws -> ValidationReport {
        var last: ValidationReport?
        let start = context.run.now()
        while true {
            let report = try await self(name, spec: spec)
            let elapsed = context.run.now().timeIntervalSince(start)
            if report.isHealthy || elapsed >= timeout / .seconds(1) { return report }
            if report != last { changed(report) }
            last = report
            guard !context.interrupt.isRequested else {
                throw SlipwayError(
                    .tryAgain, at: Address(.cluster, name), doing: "waiting for the cluster to be healthy", cause: "interrupted")
            }
            try await context.run.sleep(.seconds(1))
        }
    }
}
