import Bootstrap
public import ClusterModel
import Drivers
import Engine
import Foundation
import PKI
import Planning
import StateStore

/// Rebuilds what the store has lost of a cluster: its state, its secrets, or both.
///
/// The tags of the cloud say which machines there are and how far etcd came; the masters keep spec and secrets for root alone,
/// reached with the cluster's own SSH key where the store still has it, else with one that the operator brings; nodes and
/// etcd's members tell of machines that are gone. Nothing is changed but the store, and nothing is guessed.
public struct RecoverCluster: Sendable {
    /// A kit is older than the last state. No state before had so high a serial.
    private static let serialsLeftOut = 1000
    /// How long machines that were started may take to answer, and their API after them.
    private static let wakingPatience: Duration = .seconds(120)

    private let context: OperationContext
    private let request: RecoveryRequest

    public init(_ context: OperationContext, _ request: RecoveryRequest) {
        self.context = context
        self.request = request
    }

    /// Does nothing when the store has everything.
    /// - Parameter spec: what is wanted, where no master can say it.
    /// - Throws: `.notFound` when the cloud does not know the cluster either; `.refused` when neither the secrets nor a key are
    ///   here, or no member of its control plane can be asked.
    public func callAsFunction(_ name: String, spec: Cluster? = nil) async throws {
        guard try await isLost(name) else { return }
        try await context.locked(name, "recover") { session in
            if let state = await session.state {
                try await recoverSecrets(of: state, into: session)
            } else {
                try await recoverState(of: name, spec: spec, into: session)
            }
        }
    }

    private func isLost(_ name: String) async throws -> Bool {
        do {
            guard let state = try await context.store.readState(name) else { return true }
            guard state.livesBySecrets else { return false }
        } catch let error as SlipwayError where error.code == .notFound {
            return true
        }
        do {
            return try await context.store.readSecrets(name) == nil
        } catch {
            // They are there and cannot be read: whoever needs them is told why.
            return false
        }
    }

    // MARK: The state

    private func recoverState(of name: String, spec: Cluster?, into session: any StateSession) async throws {
        let (cluster, open) = try await find(name, spec: spec)
        let outside = open.behind(Fence(session, interrupt: context.interrupt))
        let stored = try await session.secrets()
        guard let identity = try stored.map({ try ClusterSecrets(decoding: $0).sshKey.privateKeyFile }) ?? request.sshKey else {
            throw Self.noKey(name, "the state and the secrets are lost, and no key is here that its machines let in")
        }
        let asked = try await ask(cluster, outside, identity: identity)
        let kit = newest(asked.answers)
        if kit == nil { try refuse(cluster, asked, spec: spec, hasSecrets: stored != nil) }
        guard let secrets = stored ?? kit?.secrets, let desired = kit?.desired ?? spec else {
            throw SlipwayError(.bug, doing: "rebuilding the state", cause: "there are neither secrets nor a spec")
        }
        guard desired.spec.kubernetesVersion != nil else {
            throw SlipwayError(
                .refused, at: Address(.cluster, name), doing: "recovering the cluster",
                cause: "the spec that was given does not name the Kubernetes version that its machines run",
                hint: "add spec.kubernetesVersion to it")
        }
        var rebuilt = try StateRebuild(
            cluster, lineage: kit?.lineage ?? UUID().uuidString.lowercased(), serial: (kit?.serial ?? 0) + Self.serialsLeftOut,
            desired: desired, cloud: asked.seen)
        let remark = try await addLost(
            to: &rebuilt, outside: outside, secrets: secrets, isWaking: asked.isWaking)
        context.sayIfMade(try await session.rebuild(rebuilt.state, secrets: secrets))
        var text = "rebuilt the state of cluster \(name): \(rebuilt.state.machines.count) machines by their tags"
        text += kit == nil ? ", the spec as given" : ", the spec" + (stored == nil ? " and the secrets" : "") + " from its control plane"
        if !rebuilt.lost.isEmpty { text += "; gone from the cloud, and to be replaced by update: \(rebuilt.lost.joined(separator: ", "))" }
        await say([text] + rebuilt.remarks + (remark.map { [$0] } ?? []), log: session)
    }

    /// Machines of which only their nodes, or their places in etcd, are left.
    /// - Returns: what could not be asked.
    private func addLost(
        to rebuilt: inout StateRebuild, outside: Outside, secrets: [String: Secret], isWaking: Bool
    ) async throws -> String? {
        guard case .initialised = rebuilt.state.etcd else { return nil }
        let vault = Vault(load: { secrets }, save: { _ in })
        let api = APIConnection(vault: vault, run: context.run, connect: outside.connect)
        let observer = Observer(
            cloud: outside.cloud, hosts: outside.hosts, login: MachineLogin(hosts: outside.hosts, vault: vault), api: api)
        let state = rebuilt.state
        var seen: Observation?
        if isWaking {
            seen = try await context.run.poll(every: .seconds(2), for: Self.wakingPatience) { () -> Observation? in
                let seen = try? await observer.observe(state, hasSecrets: true)
                return seen?.cluster.api.status == .ready ? seen : nil
            }
        }
        if seen == nil { seen = try? await observer.observe(state, hasSecrets: true) }
        await api.close()
        guard let seen else { return "nodes and members of etcd could not be asked" }
        rebuilt.add(seen.cluster.nodes)
        if let members = ControlPlaneMembers.known(seen) { rebuilt.add(members) }
        return seen.cluster.api.status == .ready ? nil : "the API does not answer: of machines that are gone nothing could be asked there"
    }

    // MARK: The secrets

    private func recoverSecrets(of state: ClusterState, into session: any StateSession) async throws {
        guard let identity = request.sshKey else {
            throw Self.noKey(state.name, "the secrets are lost, and no key is here that its machines let in")
        }
        let outside = try context.outside(state.desired.spec.cloud.place).behind(Fence(session, interrupt: context.interrupt))
        let asked = try await ask(state.identity, outside, identity: identity)
        guard let kit = newest(asked.answers) else {
            try refuse(state.identity, asked, spec: nil, hasSecrets: false)
            return
        }
        guard kit.lineage == state.lineage else {
            throw SlipwayError(
                .refused, at: Address(.secrets, state.name), doing: "recovering the secrets",
                cause: "the state is of another lineage than what its machines keep",
                hint: "move state.json and journal.jsonl away and run the same again: the state is rebuilt, too")
        }
        context.sayIfMade(try await session.saveSecrets(kit.secrets))
        await say(["recovered the secrets of cluster \(state.name) from its control plane"], log: session)
    }

    // MARK: Parts

    /// Where its tags are.
    private func find(_ name: String, spec: Cluster?) async throws -> (ClusterIdentity, Outside) {
        let lost = LostCluster(name: name, store: context.store.location)
        var clouds: [any Cloud] = []
        for place in spec.map({ [$0.spec.cloud.place] }) ?? request.places {
            let outside = try context.outside(place)
            if let found = try await lost.find(in: outside.cloud, doing: "recovering the cluster") { return (found, outside) }
            clouds.append(outside.cloud)
        }
        throw try await lost.unknown(clouds, doing: "recovering the cluster")
    }

    /// What the cloud shows, and what came of each master.
    private struct Asked {
        var seen: CloudObservation
        var answers: [String: KitReading.Answer]
        /// Masters were started to be asked: they have their time.
        var isWaking: Bool
    }

    /// Asks every master that runs; those that are stopped are started first where that is allowed.
    private func ask(_ cluster: ClusterIdentity, _ outside: Outside, identity: Secret) async throws -> Asked {
        var seen = try await outside.cloud.observe(cluster)
        let isWaking = request.mayStart ? try await wake(cluster, seen, outside.cloud) : false
        if isWaking { seen = try await outside.cloud.observe(cluster) }
        let masters = seen.machines.filter { $0.role == .controlPlane && $0.status == .running }
        let reading = KitReading(
            cluster: cluster, hosts: outside.hosts, identity: identity, hostKeysAreSeeds: outside.cloud.hostKeysAreSeeds,
            gate: seen.machines.first { $0.role == .bastion && $0.status == .running })
        var answers: [String: KitReading.Answer]?
        if isWaking {
            answers = try await context.run.poll(every: .seconds(2), for: Self.wakingPatience) {
                () -> [String: KitReading.Answer]? in
                let answers = await reading.answers(of: masters)
                let isSilent = answers.values.allSatisfy { if case .silent = $0 { true } else { false } }
                return isSilent && !masters.isEmpty ? nil : answers
            }
        }
        if answers == nil { answers = await reading.answers(of: masters) }
        return Asked(seen: seen, answers: answers ?? [:], isWaking: isWaking)
    }

    /// Brings the network up and starts masters that are stopped, as after a reboot of their host. True when it did anything.
    private func wake(_ cluster: ClusterIdentity, _ seen: CloudObservation, _ cloud: any Cloud) async throws -> Bool {
        guard let network = seen.network, let pods = IPv4CIDR(NetworkSpec.defaultPodCIDR),
            let services = IPv4CIDR(NetworkSpec.defaultServiceCIDR)
        else { return false }
        let stopped = seen.machines.filter { $0.role == .controlPlane && $0.status == .stopped }
        guard !network.isUp || !stopped.isEmpty else { return false }
        context.say("bringing up the network and the control plane of cluster \(cluster.name), which keeps what is asked for")
        // It exists: its ranges are its own, whatever is asked for.
        _ = try await cloud.ensureNetwork(
            NetworkRequest(cluster: cluster, cidr: network.record.cidr, podCIDR: pods, serviceCIDR: services, tags: [:]))
        for machine in stopped { _ = try await cloud.startMachine(cluster, name: machine.name) }
        return true
    }

    /// Of several the one that was written last.
    private func newest(_ answers: [String: KitReading.Answer]) -> RecoveryKit? {
        answers.sorted { $0.key < $1.key }.compactMap { answer -> RecoveryKit? in
            if case .kit(let kit) = answer.value { kit } else { nil }
        }.max { $0.serial < $1.serial }
    }

    /// Why it ends here when no master gave a kit.
    /// - Parameters:
    ///   - hasSecrets: whether the store has them: with a spec as well the kit can be done without.
    private func refuse(_ cluster: ClusterIdentity, _ asked: Asked, spec: Cluster?, hasSecrets: Bool) throws {
        let (seen, answers) = (asked.seen, asked.answers)
        let masters = seen.machines.filter { $0.role == .controlPlane }
        let isInitialised = seen.network?.tags[Tag.etcdMark].flatMap(EtcdMark.init(tag:))?.mayHaveAPI == true
        let isReached = answers.values.contains { if case .without = $0 { true } else { false } }
        if hasSecrets, spec != nil, isReached || !isInitialised { return }
        let each = masters.map { master in
            let why =
                switch answers[master.name] {
                case .kit: "it has one"
                case .without(let why), .silent(let why), .locked(let why): why
                case nil: "it is \(master.status.rawValue)"
                }
            return "\(master.name): \(why)"
        }
        let isStopped = masters.contains { $0.status == .stopped } || seen.network?.isUp == false
        throw SlipwayError(
            .refused, at: Address(.cluster, cluster.name), doing: "recovering the cluster",
            cause: (isReached
                ? "no machine of its control plane has what a successor needs" : "no machine of its control plane can be asked")
                + (each.isEmpty ? ": it has none" : " (\(each.joined(separator: "; ")))")
                + (isInitialised ? "; it was initialised once, and is never begun anew" : ""),
            hint: isStopped && !request.mayStart
                ? "with --yes the network is brought up and the control plane started, to be asked"
                : isReached && spec == nil && hasSecrets
                    ? "give the spec with -f FILE: the secrets are here, and the rest is in tags"
                    : "bring the control plane back, or a copy of the store; else all that is left is: "
                        + "slipway delete cluster \(cluster.name) --yes")
    }

    private static func noKey(_ name: String, _ cause: String) -> SlipwayError {
        SlipwayError(
            .refused, at: Address(.cluster, name), doing: "recovering the cluster", cause: cause,
            hint: "bring a copy of the store back; or give the private key of one of the spec's access.sshPublicKeys with --ssh-key FILE; "
                + "else all that is left is: slipway delete cluster \(name) --yes, which finds what it owns by tags")
    }

    /// Also in a log of its own, among those of the cluster's runs.
    private func say(_ lines: [String], log session: any StateSession) async {
        for line in lines { context.say(line) }
        guard let log = try? await session.runLog(RunID.text("recover", at: context.run.now())) else { return }
        for line in lines { log.append(RunEvent(time: context.run.now(), elapsed: 0, kind: .message, message: line)) }
        await log.close()
    }
}

extension ClusterState {
    /// Secrets were made for it, and its machines live by them.
    fileprivate var livesBySecrets: Bool { machines.values.contains { $0.providerID != nil } || etcd != .none }
}
