import Bootstrap
public import ClusterModel
import Drivers
public import Engine
public import Foundation
import PKI
public import SimulatedCloud
import StateStore
import Synchronization

/// Carries a plan out on a simulated cloud, on a clock that does not wait. The engine and the drivers are the real ones;
/// nothing is stored.
public struct RehearsePlan: Sendable {
    private let plan: Plan
    private let state: ClusterState
    private let secrets: [String: Secret]?
    private let contents: SimulatedWorld.Contents
    private let conditions: Conditions
    private let start: Date
    private let parallelism: Int?
    private let store: String
    private let journal: (any RunJournal)?

    /// - Parameters:
    ///   - state: with the spec that the plan is for.
    ///   - world: how the cloud looks before the plan.
    ///   - parallelism: as `OperationContext.parallelism`.
    ///   - journal: where the run is written down. Nil: nowhere.
    public init(
        _ plan: Plan, state: ClusterState, secrets: [String: Secret]?, world contents: SimulatedWorld.Contents, conditions: Conditions,
        start: Date, parallelism: Int? = nil, store: String = "rehearsal",
        journal: (any RunJournal)? = nil
    ) {
        self.plan = plan
        self.state = state
        self.secrets = secrets
        self.contents = contents
        self.conditions = conditions
        self.start = start
        self.parallelism = parallelism
        self.store = store
        self.journal = journal
    }

    /// - Throws: `RunFailure` when the plan fails on the simulated cloud.
    public func callAsFunction() async throws -> Rehearsal {
        let time = VirtualTime(start: start)
        let world = SimulatedWorld(
            provider: state.desired.spec.cloud.provider, versions: [state.desired.spec.kubernetesVersion].compactMap { $0 },
            run: time.context, conditions: conditions, contents: contents)
        let vault = Vault(load: { [secrets] in secrets }, save: { _ in })
        let login = MachineLogin(hosts: world, vault: vault)
        let drivers: [Action.Kind: any Driver] = [
            .cloud: CloudDriver(
                cloud: world, vault: vault, assets: { _ in world.assets }, store: store, machines: plan.newMachines),
            .machine: MachineDriver(login: login, assets: { _ in world.assets }, vault: vault, cloud: world, watchesBoots: false),
            .etcd: EtcdDriver(login: login, cloud: world),
            .cluster: ClusterDriver(api: APIConnection(vault: vault, run: time.context, connect: { world.connect($0) }), machines: login),
            .record: RecordDriver(cloud: world, vault: vault, forget: {}),
        ]
        let events = Events()
        let engine = Engine(
            drivers: drivers, journal: journal ?? TransientJournal(state), run: time.context,
            limits: EngineLimits(parallelism: parallelism, plan: plan), emit: { events.add($0) })
        _ = try await time.run { try await engine.run(plan) }
        return Rehearsal(plan, seed: conditions.seed, events: events.all)
    }

    private final class Events: Sendable {
        private let list = Mutex<[RunEvent]>([])
        func add(_ event: RunEvent) { list.withLock { $0.append(event) } }
        var all: [RunEvent] { list.withLock { $0 } }
    }
}
