import Bootstrap
import ClusterModel
import PKI

/// On a cloud where others can read what a machine is made with, the host key among it is good for one thing: to know the
/// machine by at the first login. There it gets a key of its own, and the first one is good for nothing any more.
extension MachineDriver {
    /// How long the first boot may take to end, once it lets anybody in.
    private static let firstBootPatience: Duration = .seconds(900)
    /// How long sshd may take to serve another key.
    private static let reloadPatience: Duration = .seconds(60)

    /// Whether it is still known by the key that it was made with.
    func needsOwnHostKey(_ machine: String, state: ClusterState) async throws -> Bool {
        guard cloud?.hostKeysAreSeeds == true, let known = state.machines[machine]?.hostKeyFingerprint else { return false }
        return known == (try await vault.secrets().hostKey(for: machine).fingerprint)
    }

    /// Makes the key, notes it, activates it, proves it, and only then knows the machine by it alone. Cut short anywhere and run
    /// again it comes to the same end.
    func giveOwnHostKey(_ machine: String, context: StepContext) async throws {
        guard let cloud else { return }
        context.progress("giving it a host key of its own")
        var key = await context.state().machines[machine]?.hostKey
        if key == nil { key = try await stageHostKey(machine, context: context) }
        guard var key else { return }
        var result = try await activate(key, on: machine, context: context)
        if result.exitStatus == HostKeyRenewal.isMissing {
            // As when its disk was lost before the key was on it.
            key = try await stageHostKey(machine, context: context)
            result = try await activate(key, on: machine, context: context)
        }
        guard result.exitStatus == 0 else {
            throw failure(
                machine, doing: "activating its host key", "it ended with status \(result.exitStatus)",
                log: (result.errorText + result.text).split(separator: "\n").suffix(15).map(String.init))
        }
        let state = await context.state()
        let fingerprint = try await prove(key, on: machine, state: state, context: context)
        // The tag first: a state that is rebuilt from it then still knows the machine.
        try await cloud.tagMachine(state.identity, name: machine, tags: [Tag.hostKey: fingerprint])
        try await context.record(.hostKeyPinned(name: machine, fingerprint: fingerprint))
    }

    /// A state that was rebuilt from tags knows the fingerprint of its key and not the key itself.
    func noteOwnHostKey(_ machine: String, context: StepContext) async throws {
        let state = await context.state()
        guard cloud?.hostKeysAreSeeds == true, let entry = state.machines[machine], entry.hostKey == nil else { return }
        let said = try await login.run(HostKeyRenewal.readScript, on: machine, state: state, doing: "reading its host key")
        guard let key = HostKeyRenewal.key(in: said.text), HostKeyRenewal.fingerprint(of: key) == entry.hostKeyFingerprint else {
            throw failure(machine, doing: "reading its host key", "the one that it says it has is not the one that it is known by")
        }
        try await context.record(.hostKeyStaged(name: machine, key: key))
    }

    private func stageHostKey(_ machine: String, context: StepContext) async throws -> String {
        let state = await context.state()
        let result = try await login.run(
            HostKeyRenewal.stageScript(), on: machine, state: state, doing: "making its host key", timeout: Self.firstBootPatience)
        guard let key = HostKeyRenewal.key(in: result.text),
            HostKeyRenewal.fingerprint(of: key) != state.machines[machine]?.hostKeyFingerprint
        else { throw failure(machine, doing: "making its host key", "what it says is no new ed25519 key") }
        try await context.record(.hostKeyStaged(name: machine, key: key))
        return key
    }

    /// Both keys are accepted: what an earlier run did is not known.
    private func activate(_ key: String, on machine: String, context: StepContext) async throws -> HostResult {
        let endpoint = try await login.endpoint(machine, state: await context.state())
        return try await login.hosts.run(HostKeyRenewal.activateScript(key), on: endpoint, timeout: .seconds(120))
    }

    /// Over a connection that accepts the new key alone.
    /// - Returns: its fingerprint.
    private func prove(_ key: String, on machine: String, state: ClusterState, context: StepContext) async throws -> String {
        guard let fingerprint = HostKeyRenewal.fingerprint(of: key) else {
            throw SlipwayError(.bug, at: Address(.host, machine), doing: "proving its host key", cause: "'\(key)' is none")
        }
        var endpoint = try await login.endpoint(machine, state: state)
        endpoint.acceptedFingerprints = [fingerprint]
        let lines = ProgressOnChange(context.progress)
        let result = try await context.run.poll(
            every: .milliseconds(500), for: Self.reloadPatience, ridingOut: { lines.say($0.cause) }
        ) { [endpoint] () -> HostResult? in
            do {
                return try await login.hosts.run(HostKeyRenewal.proofScript(), on: endpoint, timeout: .seconds(20))
            } catch let error as SlipwayError where error.code == .refused {
                // The old one is served until sshd has read its configuration again.
                lines.say(error.cause)
                return nil
            }
        }
        guard let result else {
            throw failure(
                machine, doing: "proving its host key",
                "it did not serve the new key within \(Self.reloadPatience)" + (lines.last.map { ": \($0)" } ?? ""))
        }
        guard result.exitStatus == 0, HostKeyRenewal.key(in: result.text) == key else {
            throw failure(
                machine, doing: "proving its host key", "the new one is not its only one",
                log: result.errorText.split(separator: "\n").suffix(5).map(String.init))
        }
        return fingerprint
    }

    private func failure(_ machine: String, doing: String, _ cause: String, log: [String] = []) -> SlipwayError {
        SlipwayError(
            .failed, at: Address(.host, machine), doing: doing, cause: cause,
            hint: "run the same command again; if that does not help, replace the machine", log: log)
    }
}
