import Bootstrap
public import ClusterModel
import PKI

/// Logs in to the cluster's machines: finds address, pinned host key and identity in state and secrets.
public struct MachineLogin: Sendable {
    let hosts: any HostAccess
    let vault: Vault

    public init(hosts: any HostAccess, vault: Vault) {
        self.hosts = hosts
        self.vault = vault
    }

    /// - Throws: `.failed` for a machine that the state does not know or that has no address yet.
    public func endpoint(_ machine: String, state: ClusterState) async throws -> HostEndpoint {
        guard let entry = state.machines[machine], let address = entry.loginAddress, entry.hostKeyFingerprint != nil else {
            throw SlipwayError(
                .notFound, at: Address(.machine, machine), doing: "logging in", cause: "the state knows no address of it",
                hint: "list the machines: slipway get machines \(state.name)")
        }
        let identity = try await vault.secrets().sshKey.privateKeyFile
        var endpoint = HostEndpoint(
            machine: machine, address: address, acceptedFingerprints: entry.acceptedFingerprints, identity: identity)
        if let gate = state.gate(to: entry), let way = gate.loginAddress {
            endpoint.via = [
                HostEndpoint(machine: gate.name, address: way, acceptedFingerprints: gate.acceptedFingerprints, identity: identity)
            ]
        }
        return endpoint
    }

    /// Runs a script and takes any status but zero for a failure.
    @discardableResult
    func run(
        _ script: String, on machine: String, state: ClusterState, doing: String, input: [UInt8] = [],
        timeout: Duration = .seconds(60)
    ) async throws -> HostResult {
        let result = try await hosts.run(script, on: endpoint(machine, state: state), input: input, timeout: timeout)
        guard result.exitStatus == 0 else {
            let said = (result.errorText + result.text).split(separator: "\n").suffix(15).map(String.init)
            throw SlipwayError(
                .failed, at: Address(.host, machine), doing: doing, cause: "it ended with status \(result.exitStatus)",
                hint: "log in and look: slipway ssh \(state.name) \(machine)", log: said)
        }
        return result
    }

    /// The last lines of a unit's log; empty when they cannot be had.
    func unitLog(_ service: NodeService, on machine: String?, state: ClusterState, lines: Int = 15) async -> [String] {
        guard let machine, let endpoint = try? await endpoint(machine, state: state) else { return [] }
        let script = UnitLog.script(for: service, lines: lines)
        let result = try? await hosts.run(script, on: endpoint, timeout: .seconds(20))
        return result?.text.split(separator: "\n").map(String.init) ?? []
    }

    /// Checks from a master that packets to the machine's pods arrive: its pod bridge answers.
    func verifyReachable(_ machine: String, podCIDR: IPv4CIDR, state: ClusterState) async throws {
        let masters = state.machines.values.filter { $0.role == .controlPlane }.map(\.name).sorted()
        guard let bridge = podCIDR.address(at: 1) else { return }
        let script = "for attempt in 1 2 3 4 5; do ping -c 1 -W 2 \(bridge) >/dev/null 2>&1 && exit 0; sleep 0.2; done; exit 1"
        // Another master than the machine itself, and the next one when that one cannot be asked.
        let observers = masters.filter { $0 != machine }
        var failure: (any Error)?
        for master in observers.isEmpty ? masters : observers {
            do {
                try await run(
                    script, on: master, state: state, doing: "checking that \(master) reaches the pods of \(machine) (\(bridge))")
                return
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
