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

    /// Where and as whom to log in to a machine, and the line that a `known_hosts` file has for it.
    public func login(_ name: String, machine: String) async throws -> (endpoint: HostEndpoint, knownHost: String) {
        let (state, secrets) = try await read(name)
        let place = state.desired.spec.cloud.place
        guard place.provider != .simulated else {
            throw SlipwayError(.refused, at: Address(.machine, machine), doing: "logging in", cause: "simulated machines have no shell")
        }
        let outside = try context.outside(place)
        // Where it is reached from outside may have changed since it was noted.
        let isApart = state.machines[machine]?.accessAddress != nil
        let located = isApart ? state.located(by: try await outside.cloud.observe(state.identity)) : state
        let vault = Vault(load: { secrets.encoded() }, save: { _ in })
        let endpoint = try await MachineLogin(hosts: outside.hosts, vault: vault).endpoint(machine, state: located)
        let key = try await publicKey(of: machine, endpoint, noted: state.machines[machine]?.hostKey, secrets: secrets, outside: outside)
        return (endpoint, "\(endpoint.address) \(key)")
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
        await outside.hosts.close()
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
