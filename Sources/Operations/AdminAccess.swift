import Bootstrap
public import ClusterModel
import Drivers
import Foundation
public import PKI
import StateStore

/// Credentials for a person: a short-lived client certificate, and the way to log in to a machine.
public struct AdminAccess: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// What goes into a kubeconfig.
    /// - Parameter ttl: how long the certificate is valid; more than a minute.
    public func kubeconfig(_ name: String, ttl: Duration) async throws -> KubeconfigEntry {
        let (state, secrets) = try await read(name)
        guard let url = state.apiURL else {
            throw SlipwayError(
                .failed, at: Address(.cluster, name), doing: "exporting the kubeconfig", cause: "the cluster was not made yet",
                hint: "make it with: slipway update cluster \(name) --yes")
        }
        return KubeconfigEntry(
            identity: state.identity,
            endpoint: try secrets.adminEndpoint(
                url: url, ttl: ttl, now: context.run.now()))
    }

    /// A host and the line that a `known_hosts` file has for it.
    public struct KnownHost: Sendable {
        public var endpoint: HostEndpoint
        public var line: String
    }

    /// Where and as whom to log in to a machine: the hosts that the way leads through, and the machine itself last.
    public func login(_ name: String, machine: String) async throws -> [KnownHost] {
        let (state, secrets) = try await read(name)
        let place = state.desired.spec.cloud.place
        guard place.provider != .simulated else {
            throw SlipwayError(.refused, at: Address(.machine, machine), doing: "logging in", cause: "simulated machines have no shell")
        }
        let outside = try context.outside(place)
        // Where it is reached from outside may have changed since it was noted.
        let gate = state.machines[machine].flatMap { state.gate(to: $0) }
        let isApart = [state.machines[machine], gate].contains { $0?.accessAddress != nil }
        let located = isApart ? state.located(by: try await outside.cloud.observe(state.identity)) : state
        let vault = Vault(load: { secrets.encoded() }, save: { _ in })
        let login = MachineLogin(hosts: outside.hosts, vault: vault)
        var way: [KnownHost] = []
        for hop in [gate?.name, machine].compactMap({ $0 }) {
            let endpoint = try await login.endpoint(hop, state: located)
            let key = try await publicKey(of: hop, endpoint, noted: state.machines[hop]?.hostKey, secrets: secrets, outside: outside)
            way.append(KnownHost(endpoint: endpoint, line: "\(endpoint.address) \(key)"))
        }
        await outside.hosts.close()
        return way
    }

    /// The public half of the host key that it serves: derived where it was given one, noted where it has one of its own, and asked
    /// for where both could be, or where a state that was rebuilt knows its fingerprint only.
    private func publicKey(
        of machine: String, _ endpoint: HostEndpoint, noted: String?, secrets: ClusterSecrets, outside: Outside
    ) async throws -> String {
        let derived = secrets.hostKey(for: machine)
        let known =
            [(derived.fingerprint, derived.authorizedKey(comment: ""))]
            + [noted].compactMap { key in
                key.flatMap { key in HostKeyRenewal.fingerprint(of: key).map { ($0, key) } }
            }
        if let only = endpoint.acceptedFingerprints.first, endpoint.acceptedFingerprints.count == 1,
            let key = known.first(where: { $0.0 == only })
        {
            return key.1
        }
        guard outside.cloud.hostKeysAreSeeds else {
            throw SlipwayError(
                .refused, at: Address(.machine, machine), doing: "logging in",
                cause: "the host key in the state is not the one of the secrets",
                hint: "the state and the secrets are of different clusters; restore both from one backup")
        }
        let said = try await outside.hosts.run(HostKeyRenewal.readScript, on: endpoint, timeout: .seconds(30))
        guard let key = HostKeyRenewal.key(in: said.text), let fingerprint = HostKeyRenewal.fingerprint(of: key),
            endpoint.acceptedFingerprints.contains(fingerprint)
        else {
            throw SlipwayError(
                .refused, at: Address(.machine, machine), doing: "logging in",
                cause: "the host key that it says it has is not the one that it is known by")
        }
        return key
    }

    private func read(_ name: String) async throws -> (ClusterState, ClusterSecrets) {
        let state = try await context.state(of: name)
        guard let stored = try await context.store.readSecrets(name) else {
            throw SlipwayError(
                .failed, at: Address(.cluster, name), doing: "reading its secrets", cause: "they were not made yet",
                hint: "make it with: slipway update cluster \(name) --yes")
        }
        return (state, try ClusterSecrets(decoding: stored))
    }
}
