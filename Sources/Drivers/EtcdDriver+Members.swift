import Bootstrap
import ClusterModel

extension EtcdDriver {
    /// How long a learner may take to catch up.
    private static let patience: Duration = .seconds(180)

    // MARK: Joining

    /// Goes on wherever an earlier attempt broke off: added, started, promoted.
    func join(_ name: String, state: ClusterState, context: StepContext) async throws -> StepOutcome {
        guard let address = state.machines[name]?.address, case .initialised(let token) = state.etcd else {
            throw SlipwayError(
                .failed, doing: "joining etcd", cause: "the machine has no address yet, or the cluster's etcd was never formed",
                hint: "run the same command again: it plans anew")
        }
        let voter = try await voter(other: name, state: state)
        let url = EtcdFormation.peerURL("\(address)")
        if let own = try await members(on: voter, state: state).first(where: { $0.peerURLs == [url] }) {
            if !own.isLearner, !own.name.isEmpty, try await allHealthy([name], state: state) {
                try await finish(on: name, state: state)
                return .unchanged
            }
        } else {
            context.progress("adding it without a vote")
            try await changing("adding the member", on: voter, Etcdctl.addLearner(name, peerURL: url), state: state, context: context) {
                try await members(on: voter, state: state).contains { $0.peerURLs == [url] }
            }
        }
        try await start(name, token: token, url: url, voter: voter, state: state, context: context)
        // Before it votes: once it does no plan comes back to it, and the file would stay.
        try await finish(on: name, state: state)
        try await promote(url, voter: voter, state: state, context: context)
        try await wait("healthy", name, state: state, context: context) { try await allHealthy([name], state: state) }
        return .changed
    }

    private func start(
        _ name: String, token: String, url: String, voter: String, state: ClusterState, context: StepContext
    ) async throws {
        guard try await !succeeds(Etcdctl.runsScript, on: name, state: state) else { return }
        let listed = try await members(on: voter, state: state)
        let own = listed.first { $0.peerURLs == [url] }
        if own?.name.isEmpty == true {
            // It never started: whatever is there is of an attempt that broke off, or of a member that was removed.
            try await login.run(EtcdFormation.wipeScript, on: name, state: state, doing: "clearing what etcd had here before")
        }
        let formation = try listed.map { member in
            let memberName = member.peerURLs == [url] ? name : member.name
            guard let address = state.machines[memberName]?.address else {
                throw SlipwayError(
                    .refused, doing: "joining etcd",
                    cause: "etcd has a member that the state does not know: \(member.name), \(member.peerURLs)",
                    hint: "see slipway validate cluster \(state.name)")
            }
            return EtcdFormation.Member(name: memberName, address: address)
        }
        context.progress("starting it")
        try await login.run(
            Self.startScript, on: name, state: state, doing: "starting etcd",
            input: archive(of: EtcdFormation.joining(token: token, members: formation)))
        try await wait("running", name, state: state, context: context) { try await succeeds(Etcdctl.runsScript, on: name, state: state) }
    }

    private func promote(_ url: String, voter: String, state: ClusterState, context: StepContext) async throws {
        @Sendable func own() async throws -> EtcdFacts.Member? { try await members(on: voter, state: state).first { $0.peerURLs == [url] } }
        guard let learner = try await own(), learner.isLearner else { return }
        context.progress("giving it a vote once it has caught up")
        try await changing("promoting the learner", on: voter, Etcdctl.promote(learner.id), state: state, context: context) {
            try await own()?.isLearner == false
        }
    }

    private func finish(on name: String, state: ClusterState) async throws {
        try await login.run(EtcdFormation.finishScript, on: name, state: state, doing: "ending the formation")
    }

    // MARK: Leaving

    func leave(_ name: String, state: ClusterState, context: StepContext) async throws -> StepOutcome {
        let voter = try await voter(other: name, state: state)
        let address = state.machines[name]?.address
        let url = address.map { EtcdFormation.peerURL("\($0)") }
        let listed = try await members(on: voter, state: state)
        guard let own = listed.first(where: { $0.name == name || ($0.name.isEmpty && $0.peerURLs == [url ?? ""]) }) else {
            await wipe(name, state: state)
            return .unchanged
        }
        if !own.isLearner { try await refuseLossOfQuorum(leaving: own, of: listed, state: state) }
        await moveLeadership(off: name, own, to: listed.first { $0.name == voter }, state: state, context: context)
        try await changing("removing the member", on: voter, Etcdctl.remove(own.id), state: state, context: context) {
            try await !members(on: voter, state: state).contains { $0.id == own.id }
        }
        await wipe(name, state: state)
        return .changed
    }

    /// Read again right before the act: who is left must have a majority of its own.
    private func refuseLossOfQuorum(leaving: EtcdFacts.Member, of listed: [EtcdFacts.Member], state: ClusterState) async throws {
        let rest = listed.filter { !$0.isLearner && $0.id != leaving.id }
        try await refuseLessThan(
            rest.count / 2 + 1, of: rest, doing: "taking \(leaving.name) out of etcd", state: state)
    }

    private func refuseLessThan(
        _ majority: Int, of rest: [EtcdFacts.Member], doing: String, state: ClusterState
    ) async throws {
        let (healthy, failure) = await healthy(rest.map(\.name).filter { state.machines[$0] != nil }, state: state)
        if healthy.count < majority, let failure, failure.retry == .transient { throw failure }
        guard !rest.isEmpty, healthy.count >= majority else {
            throw SlipwayError(
                .refused, doing: doing,
                cause: "of the \(rest.count) members that would be left, \(healthy.count) are healthy: etcd would lose its majority",
                hint: "bring the others back first: slipway validate cluster \(state.name) names what they lack")
        }
    }

    // MARK: Pausing

    /// It stays a member, so that the others need the majority of all without it.
    func handOver(_ name: String, state: ClusterState, context: StepContext) async throws -> StepOutcome {
        let voter = try await voter(other: name, state: state)
        let voters = try await members(on: voter, state: state).filter { !$0.isLearner }
        guard let own = voters.first(where: { $0.name == name }) else { return .unchanged }
        try await refuseLessThan(
            voters.count / 2 + 1, of: voters.filter { $0.id != own.id }, doing: "stopping \(name)'s etcd for a while", state: state)
        await moveLeadership(off: name, own, to: voters.first { $0.name == voter }, state: state, context: context)
        return .changed
    }

    /// Spares the others an election. Where it does not work they hold one.
    private func moveLeadership(
        off name: String, _ own: EtcdFacts.Member, to next: EtcdFacts.Member?, state: ClusterState, context: StepContext
    ) async {
        guard let next, let endpoint = try? await login.endpoint(name, state: state) else { return }
        let result = try? await login.hosts.run(Etcdctl.moveLeader(to: next.id), on: endpoint, timeout: .seconds(20))
        if result?.exitStatus == 0 { context.progress("leadership moved to \(next.name)") }
    }

    /// A machine that is dead takes its data with it.
    private func wipe(_ name: String, state: ClusterState) async {
        guard let endpoint = try? await login.endpoint(name, state: state) else { return }
        let script = "systemctl disable --quiet --now \(NodeService.etcd.unit) 2>/dev/null; \(EtcdFormation.wipeScript)"
        _ = try? await login.hosts.run(script, on: endpoint, timeout: .seconds(30))
    }

    // MARK: Asking

    /// Another machine than the one that the change is about, with a healthy member.
    private func voter(other name: String, state: ClusterState) async throws -> String {
        let others = state.machines.values.filter { $0.role == .controlPlane && $0.name != name && $0.address != nil }.map(\.name).sorted()
        let (healthy, failure) = await healthy(others, state: state)
        if let first = healthy.first { return first }
        if let failure, failure.retry == .transient { throw failure }
        throw SlipwayError(
            .refused, doing: "changing etcd's members",
            cause: others.isEmpty ? "it is the only one" : "none of \(others.joined(separator: ", ")) is healthy, so there is no majority",
            hint: "slipway validate cluster \(state.name) names what they lack")
    }

    /// Those whose member is healthy, and why one of the others could not be asked.
    private func healthy(_ names: [String], state: ClusterState) async -> (names: [String], failure: SlipwayError?) {
        var found: [String] = []
        var failure: SlipwayError?
        for name in names {
            do {
                if try await allHealthy([name], state: state) { found.append(name) }
            } catch {
                failure = SlipwayError(wrapping: error, doing: "asking etcd on \(name)")
            }
        }
        return (found, failure)
    }

    private func members(on machine: String, state: ClusterState) async throws -> [EtcdFacts.Member] {
        let result = try await login.run(Etcdctl.membersScript, on: machine, state: state, doing: "listing etcd's members")
        return try ObservationScript.etcdMembers(from: result.text)
    }

    /// Makes a change that etcd refuses for a while: within its first seconds, or until a learner has caught up.
    private func changing(
        _ doing: String, on voter: String, _ script: String, state: ClusterState, context: StepContext,
        isDone: @Sendable () async throws -> Bool
    ) async throws {
        let lines = ProgressOnChange(context.progress)
        let endpoint = try await login.endpoint(voter, state: state)
        let done = try await context.run.poll(
            every: .milliseconds(500), for: Self.patience, ridingOut: { lines.say($0.cause) }
        ) { () async throws -> Bool? in
            let result = try await login.hosts.run(script, on: endpoint, timeout: .seconds(30))
            if result.exitStatus == 0 { return true }
            // It may have worked without saying so.
            if try await isDone() { return true }
            if let reason = EtcdDriver.reason(result.errorText) { lines.say(reason) }
            return nil
        }
        guard done == nil else { return }
        throw SlipwayError(
            .failed, doing: doing, cause: "etcd refused it for \(Self.patience)",
            hint: "slipway ssh \(state.name) \(voter) -- journalctl -u etcd -n 50", log: await login.unitLog(.etcd, on: voter, state: state)
        )
    }

    /// The sentence in what etcdctl prints as JSON or as `Error: ...`.
    static func reason(_ output: String) -> String? {
        guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix("Error:") }) ?? output.split(separator: "\n").last else {
            return nil
        }
        return line.hasPrefix("Error: ") ? String(line.dropFirst(7)) : String(line)
    }

    private func wait(
        _ what: String, _ name: String, state: ClusterState, context: StepContext, until condition: @Sendable () async throws -> Bool
    ) async throws {
        let lines = ProgressOnChange(context.progress)
        let done = try await context.run.poll(
            every: .milliseconds(200), for: Self.patience, ridingOut: { lines.say($0.cause) }
        ) { try await condition() ? true : nil }
        guard done == nil else { return }
        throw SlipwayError(
            .failed, doing: "joining etcd", cause: "the member was not \(what) within \(Self.patience)",
            hint: "slipway ssh \(state.name) \(name) -- journalctl -u etcd -n 50; then run the same command again",
            log: await login.unitLog(.etcd, on: name, state: state))
    }

    private func succeeds(_ script: String, on machine: String, state: ClusterState) async throws -> Bool {
        try await login.hosts.run(script, on: login.endpoint(machine, state: state), timeout: .seconds(30)).exitStatus == 0
    }
}
