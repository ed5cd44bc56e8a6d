import Bootstrap
import ClusterModel
import PKI

extension MachineDriver {
    /// Writes down, for root alone, what a successor needs: the spec that is carried out now, and the secrets.
    func keepRecoveryKit(on machine: String, state: ClusterState) async throws -> StepOutcome {
        let secrets = try await vault.secrets()
        let digest = RecoveryKit.digest(
            cluster: state.identity, desired: state.desired, secretsVersion: secrets.versionID)
        let present = try await login.run(RecoveryKit.digestScript, on: machine, state: state, doing: "looking at the recovery kit")
        if present.text.split(separator: "\n").first.map(String.init) == digest { return .unchanged }
        let kit = RecoveryKit(
            cluster: state.identity, lineage: state.lineage, serial: state.serial, desired: state.desired, secrets: secrets.encoded())
        try await login.run(
            kit.storeScript(digest: digest), on: machine, state: state, doing: "storing the recovery kit", input: kit.bytes.reveal())
        return .changed
    }
}
