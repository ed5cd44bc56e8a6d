import Bootstrap
import ClusterModel
import Drivers
import Engine
import Foundation
import PKI
import Planning
import StateStore

/// One cluster, locked: observe, plan, run.
struct ClusterSession: Sendable {
    let context: OperationContext
    let session: any StateSession
    let outside: Outside
    let vault: Vault
    let login: MachineLogin
    let api: APIConnection

    var cloud: any Cloud { outside.cloud }

    /// Opens a locked cluster for `work` and closes its connections afterwards, also after a failure.
    static func open<Result: Sendable>(
        _ context: OperationContext, _ session: any StateSession, provider: CloudProvider,
        _ work: (ClusterSession) async throws -> Result
    ) async throws -> Result {
        let open = try ClusterSession(context, session: session, provider: provider)
        do {
            let result = try await work(open)
            await open.api.close()
            return result
        } catch {
            await open.api.close()
            throw error
        }
    }

    private init(_ context: OperationContext, session: any StateSession, provider: CloudProvider) throws {
        self.context = context
        self.session = session
        outside = try context.outside(provider)
        vault = Vault(
            load: { try await session.secrets() },
            save: { secrets in
                let key = try await session.saveSecrets(secrets)
                guard key.created else { return }
                context.say("made the key \(key.path), which encrypts all secrets: back it up; without it no cluster can be changed")
            })
        login = MachineLogin(hosts: outside.hosts, vault: vault)
        api = APIConnection(vault: vault, run: context.run, connect: outside.connect)
    }

    func observe() async throws -> Observation {
        let observer = Observer(cloud: cloud, hosts: outside.hosts, login: login, api: api, readsWorkload: true)
        return try await observer.observe(try await session.known(), hasSecrets: try await vault.existing() != nil)
    }

    /// Observes and plans towards `desired`.
    func plan(
        _ desired: Cluster, intent: Plan.Intent, drain: DrainOverrides = DrainOverrides(), observation: Observation? = nil
    ) async throws -> Plan {
        try await plan(desired, drain: drain, observation: observation) { try Planner.converge($0, intent: intent) }
    }

    /// Observes, unless `observation` says what was seen, and plans in a way of one's own.
    func plan(
        _ desired: Cluster, drain: DrainOverrides = DrainOverrides(), observation: Observation? = nil,
        _ planner: (PlanningInput) throws -> Plan
    ) async throws -> Plan {
        let hasSecrets = try await vault.existing() != nil
        let state = try await session.known()
        let content = try ContentDesign(desired: desired, state: state, secretsVersion: try await vault.existing()?.versionID)
        return try planner(
            PlanningInput(
                desired: desired, state: state, observation: try await seen(observation), hasSecrets: hasSecrets, content: content,
                now: context.run.now(), drain: drain))
    }

    private func seen(_ observation: Observation?) async throws -> Observation {
        if let observation { observation } else { try await observe() }
    }

    /// What is wrong with the control plane and with one machine. Other machines may be on their way in or out.
    private func problems(_ machine: String) async throws -> [String] {
        let state = try await session.known()
        let content = try ContentDesign(
            desired: state.desired, state: state, secretsVersion: try await vault.existing()?.versionID)
        let report = Validation.report(
            desired: state.desired, state: state, observation: try await observe(), content: content, now: context.run.now())
        let concerned = Set(state.machines.values.filter { $0.role == .controlPlane }.map(\.name) + [machine])
        return report.conditions.filter { !Self.conditionsForLater.contains($0.name) }.flatMap(\.problems).filter { problem in
            let parts = problem.address.split(separator: "/").map(String.init)
            return parts.count > 1 && (parts[1] == state.name || concerned.contains(parts[1]))
        }.map { "\($0.address): \($0.cause)" }
    }

    /// The number of machines is not what it should be while some are replaced, and certificates have time.
    private static let conditionsForLater: Set<String> = ["machines", "certificates"]

    /// Carries a plan out, with every event in the run's log.
    /// - Parameter journal: nil for the state store's own.
    func run(_ plan: Plan, operation: String, journal: (any RunJournal)? = nil) async throws -> RunReport {
        let journal: any RunJournal =
            if let journal { journal } else { SessionJournal(session: session, initial: try await session.known()) }
        try await checkAssets(for: plan)
        context.announce(plan)
        let runID = RunID.text(operation, at: context.run.now())
        let log = try await session.runLog(runID)
        let drivers: [Action.Kind: any Driver] = [
            .cloud: CloudDriver(cloud: cloud, vault: vault, store: context.store.location, machines: plan.newMachines),
            .machine: MachineDriver(login: login, assets: outside.assets, vault: vault),
            .etcd: EtcdDriver(login: login, cloud: cloud),
            .cluster: ClusterDriver(api: api, machines: login, runID: runID, problems: { try await problems($0) }),
            .record: RecordDriver(cloud: cloud, vault: vault, forget: { try await session.remove() }),
        ]
        let engine = Engine(
            drivers: drivers, journal: journal, run: context.run, limits: EngineLimits(parallelism: context.parallelism),
            interrupt: context.interrupt,
            emit: { event in
                log.append(event)
                context.emit(event)
            })
        do {
            let report = try await engine.run(plan)
            await log.close()
            return report
        } catch {
            await log.close()
            throw error
        }
    }
}
