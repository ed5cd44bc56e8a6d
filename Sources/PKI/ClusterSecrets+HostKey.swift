import ClusterModel
import Crypto
import Foundation

extension ClusterSecrets {
    /// The host key of a machine: derived from the seed and the machine's name (HKDF-SHA256), so it needs no storage,
    /// is known before the first connection, and is the same again whenever it is asked for.
    public func hostKey(for machine: String) -> SSHKeyPair {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: hostKeySeed.reveal()), salt: Array("slipway.dev ssh host key v1".utf8),
            info: Array(machine.utf8), outputByteCount: 32)
        let seed = derived.withUnsafeBytes { Secret(Array($0)) }
        guard let pair = SSHKeyPair(seed: seed) else {
            // RFC 8032, 5.1.5: every string of 32 bytes is an ed25519 private key.
            preconditionFailure("a seed of 32 bytes gave no ed25519 key")
        }
        return pair
    }
}
