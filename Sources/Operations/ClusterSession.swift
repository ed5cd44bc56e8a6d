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
    /// Each is worked out once, however often is planned.
    private let digests = NodeDigests()
    private let lastSeen = LastSeen()

    /// What the cloud said last, for what has to be noted of it before anything is done.
    private actor LastSeen {
        var cloud: CloudObservation?
        func note(_ cloud: CloudObservation) { self.cloud = cloud }
    }

    var cloud: any Cloud { outside.cloud }

    /// Opens a locked cluster for `work` and closes its connections afterwards, also after a failure.
    static func open<Result: Sendable>(
        _ context: OperationContext, _ session: any StateSession, place: CloudPlace,
        _ work: (ClusterSession) async throws -> Result
    ) async throws -> Result {
        let open = try ClusterSession(context, session: session, place: place)
        do {
            let result = try await work(open)
            await open.api.close()
            return result
        } catch {
            await open.api.close()
            throw error
        }
    }

    private init(_ context: OperationContext, session: any StateSession, place: CloudPlace) throws {
        self.context = context
        self.session = session
        outside = try context.outside(place).behind(Fence(session, interrupt: context.interrupt))
        vault = Vault(
            load: { try await session.secrets() },
            save: { context.sayIfMade(try await session.saveSecrets($0)) })
        login = MachineLogin(hosts: outside.hosts, vault: vault)
        api = APIConnection(vault: vault, run: context.run, connect: outside.connect)
    }

    func observe() async throws -> Observation {
        let observer = Observer(cloud: cloud, hosts: outside.hosts, login: login, api: api, workload: .everything)
        let observation = try await observer.observe(try await session.known(), hasSecrets: try await vault.existing() != nil)
        await lastSeen.note(observation.cloud)
        return observation
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
        let version = try await vault.existing()?.versionID
        let state = try await session.known()
        let content = try ContentDesign(desired: desired, state: state, secretsVersion: version, digests: digests)
        var plan = try planner(
            PlanningInput(
                desired: desired, state: state, observation: try await seen(observation), hasSecrets: version != nil, content: content,
                now: context.run.now(), drain: drain))
        // Of machines that are there already it would be said too late.
        if plan.steps.contains(where: { [.createMachine, .resizeMachine].contains($0.action.name) }) {
            plan.warnings += try await cloud.remarks(on: desired)
        }
        return plan
    }

    private func seen(_ observation: Observation?) async throws -> Observation {
        if let observation { observation } else { try await observe() }
    }

    /// What is wrong with the control plane and with one machine. Other machines may be on their way in or out.
    private func problems(_ machine: String) async throws -> [String] {
        let state = try await session.known()
        let content = try ContentDesign(
            desired: state.desired, state: state, secretsVersion: try await vault.existing()?.versionID, digests: digests)
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
        // From here on the state says where machines are reached: a start in this run may change it again.
        if let seen = await lastSeen.cloud {
            for change in await journal.state().moved(in: seen) { try await journal.record(change) }
        }
        let runID = RunID.text(operation, at: context.run.now())
        let log = try await session.runLog(runID)
        let drivers: [Action.Kind: any Driver] = [
            .cloud: CloudDriver(
                cloud: cloud, vault: vault, assets: outside.assets, store: context.store.location, machines: plan.newMachines),
            .machine: MachineDriver(login: login, assets: outside.assets, vault: vault, cloud: cloud, digests: digests),
            .etcd: EtcdDriver(login: login, cloud: cloud),
            .cluster: ClusterDriver(api: api, machines: login, runID: runID, problems: { try await problems($0) }),
            .record: RecordDriver(cloud: cloud, vault: vault, forget: { try await session.remove() }),
        ]
        let questions = context.approve.map { approve in
            { @Sendable [questions = plan.questions] (step: Step) async -> Bool in
                guard let question = questions[step.id] else { return true }
                return await approve(question)
            }
        }
        let engine = Engine(
            drivers: drivers, journal: journal, run: context.run, limits: EngineLimits(parallelism: context.parallelism, plan: plan),
            interrupt: context.interrupt, approve: questions,
            emit: { event in
                var event = event
                // Those of looking and planning, too.
                if event.kind == .runFinished { event.calls = cloud.calls }
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
