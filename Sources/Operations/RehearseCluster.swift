public import ClusterModel
import Drivers
import Engine
import PKI
import Planning
import SimulatedCloud
import StateStore
import Synchronization

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
        let provider = state.desired.spec.cloud.provider
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
        let events = try await run(plan, state: state, secrets: secrets, provider: provider, world: world, seed: seed)
        return (plan, Rehearsal(plan, seed: seed, events: events))
    }

    private func version(_ desired: Cluster, stored: Cluster) async throws -> KubernetesVersion? {
        if let version = desired.spec.kubernetesVersion ?? stored.spec.kubernetesVersion { return version }
        return try await context.outside(desired.spec.cloud.provider).assets(desired.spec.assets.source).newestVersion()
    }

    private func observe(_ state: ClusterState, secrets: [String: Secret]?) async throws -> Observation {
        let outside = try context.outside(state.desired.spec.cloud.provider)
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

    /// Everything but the engine and the drivers is simulated; nothing is stored.
    private func run(
        _ plan: Plan, state: ClusterState, secrets: [String: Secret]?, provider: CloudProvider, world contents: SimulatedWorld.Contents,
        seed: UInt64
    ) async throws -> [RunEvent] {
        let time = VirtualTime(start: context.run.now())
        let versions = [state.desired.spec.kubernetesVersion].compactMap { $0 }
        let world = SimulatedWorld(
            provider: provider, versions: versions, run: time.context, conditions: .typical(seed: seed), contents: contents)
        let vault = Vault(load: { secrets }, save: { _ in })
        let login = MachineLogin(hosts: world, vault: vault)
        let drivers: [Action.Kind: any Driver] = [
            .cloud: CloudDriver(cloud: world, vault: vault, store: context.store.location, machines: plan.newMachines),
            .machine: MachineDriver(login: login, assets: { _ in world.assets }, vault: vault),
            .etcd: EtcdDriver(login: login, cloud: world),
            .cluster: ClusterDriver(api: APIConnection(vault: vault, run: time.context, connect: { world.connect($0) }), machines: login),
            .record: RecordDriver(cloud: world, vault: vault, forget: {}),
        ]
        let events = Events()
        let engine = Engine(
            drivers: drivers, journal: TransientJournal(state), run: time.context, limits: EngineLimits(parallelism: context.parallelism),
            emit: { events.add($0) })
        _ = try await time.run { try await engine.run(plan) }
        return events.all
    }

    private final class Events: Sendable {
        private let list = Mutex<[RunEvent]>([])
        func add(_ event: RunEvent) { list.withLock { $0.append(event) } }
        var all: [RunEvent] { list.withLock { $0 } }
    }
}
