public import ClusterModel
import Drivers
import PKI
import Planning
import SimulatedCloud
import StateStore

/// Makes the plan that an operation would carry out, and carries it out on a simulated cloud that looks like the real one,
/// on a clock that does not wait. Reads only; takes no lock.
public struct RehearseCluster: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// - Parameters:
    ///   - spec: what is wanted; nil for the stored spec. Needed for a cluster that is not stored.
    ///   - deleting: rehearse the delete.
    ///   - seed: the same seed, the same draws of how long things take.
    /// - Throws: what planning throws; `RunFailure` when the plan fails on the simulated cloud.
    public func callAsFunction(
        _ name: String, spec: Cluster? = nil, deleting: Bool = false, seed: UInt64 = 1
    ) async throws -> (plan: Plan, rehearsal: Rehearsal) {
        let stored = try await context.store.readState(name)
        guard var state = stored ?? spec.map({ ClusterState(lineage: "rehearsal", uid: "00000000", desired: $0) }) else {
            _ = try await context.state(of: name)
            throw SlipwayError(.bug, doing: "rehearsing", cause: "neither a state nor a spec")
        }
        let secrets = stored == nil ? nil : try await context.store.readSecrets(name)
        let observation = stored == nil ? Observation(cloud: CloudObservation()) : try await observe(state, secrets: secrets)
        let plan: Plan
        if deleting {
            plan = try Planner.delete(state.identity, state: state, observation: observation.cloud)
        } else {
            var desired = spec ?? state.desired
            desired.spec.kubernetesVersion = try await version(desired, stored: state.desired)
            let vault = Vault(load: { secrets }, save: { _ in })
            let content = try ContentDesign(desired: desired, state: state, secretsVersion: try await vault.existing()?.versionID)
            plan = try Planner.converge(
                PlanningInput(
                    desired: desired, state: state, observation: observation, hasSecrets: secrets != nil, content: content,
                    now: context.run.now()), intent: state.etcd == .none ? .create : .update)
            state.apply(.desired(desired))
        }
        let world = SimulatedWorld.Contents(resembling: observation, state: state)
        let rehearsal = try await RehearsePlan(
            plan, state: state, secrets: secrets, world: world, conditions: .typical(seed: seed), start: context.run.now(),
            parallelism: context.parallelism, store: context.store.location)()
        return (plan, rehearsal)
    }

    private func version(_ desired: Cluster, stored: Cluster) async throws -> KubernetesVersion? {
        if let version = desired.spec.kubernetesVersion ?? stored.spec.kubernetesVersion { return version }
        return try await context.outside(desired.spec.cloud.place).assets(desired.spec.assets.source).newestVersion()
    }

    private func observe(_ state: ClusterState, secrets: [String: Secret]?) async throws -> Observation {
        let outside = try context.outside(state.desired.spec.cloud.place)
        let vault = Vault(load: { secrets }, save: { _ in })
        let api = APIConnection(vault: vault, run: context.run, connect: outside.connect)
        let observer = Observer(
            cloud: outside.cloud, hosts: outside.hosts, login: MachineLogin(hosts: outside.hosts, vault: vault), api: api)
        do {
            let observation = try await observer.observe(state, hasSecrets: secrets != nil)
            await api.close()
            return observation
        } catch {
            await api.close()
            throw error
        }
    }
}
