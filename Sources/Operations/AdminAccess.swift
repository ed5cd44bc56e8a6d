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
        guard let network = state.network else {
            throw SlipwayError(
                .failed, at: Address(.cluster, name), doing: "exporting the kubeconfig", cause: "the cluster was not made yet",
                hint: "make it with: slipway update cluster \(name) --yes")
        }
        let url = "https://\(network.apiAddress):\(APIConnection.port)"
        return KubeconfigEntry(
            identity: state.identity, endpoint: try secrets.adminEndpoint(url: url, ttl: ttl, now: context.run.now()))
    }

    /// Where and as whom to log in to a machine, and the line that a `known_hosts` file has for it.
    public func login(_ name: String, machine: String) async throws -> (endpoint: HostEndpoint, knownHost: String) {
        let (state, secrets) = try await read(name)
        let provider = state.desired.spec.cloud.provider
        guard provider != .simulated else {
            throw SlipwayError(.refused, at: Address(.machine, machine), doing: "logging in", cause: "simulated machines have no shell")
        }
        let vault = Vault(load: { secrets.encoded() }, save: { _ in })
        let endpoint = try await MachineLogin(hosts: context.outside(provider).hosts, vault: vault).endpoint(machine, state: state)
        let key = secrets.hostKey(for: machine)
        guard key.fingerprint == endpoint.hostKeyFingerprint else {
            throw SlipwayError(
                .refused, at: Address(.machine, machine), doing: "logging in",
                cause: "the host key in the state is not the one of the secrets",
                hint: "the state and the secrets are of different clusters; restore both from one backup")
        }
        return (endpoint, "\(endpoint.address) \(key.authorizedKey(comment: ""))")
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
