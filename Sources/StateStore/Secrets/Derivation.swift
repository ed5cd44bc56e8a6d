import ClusterModel
import Crypto
import CryptoExtras
import Foundation

/// How a key is made of a passphrase: scrypt, with the numbers that it took. In clear beside what the key seals.
struct Derivation: Codable, Sendable, Hashable {
    var algorithm = "scrypt"
    /// Rounds, a power of two. Memory is 128 bytes times rounds times block size.
    var rounds: Int
    var blockSize: Int
    var parallelism: Int
    /// Base64.
    var salt: String

    /// 128 MiB and about half a second: what it costs to try one passphrase.
    static let standardRounds = 1 << 17
    private static let saltBytes = 16
    /// More than this is no derivation of ours, and would only stop the program.
    private static let mostMemory = 1 << 30

    /// A new one, with a salt of its own.
    init(rounds: Int = standardRounds) {
        self.rounds = rounds
        blockSize = 8
        parallelism = 1
        var generator = SystemRandomNumberGenerator()
        salt = Data((0..<Self.saltBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }).base64EncodedString()
    }

    /// Takes memory and time. Nil when the numbers are none that Slipway writes.
    func key(from passphrase: Secret) -> StoreKey? {
        guard algorithm == "scrypt", (2...1 << 30).contains(rounds), rounds & (rounds - 1) == 0, (1...64).contains(blockSize),
            (1...16).contains(parallelism), 128 * rounds * blockSize <= Self.mostMemory,
            let salt = Data(base64Encoded: salt), salt.count >= Self.saltBytes, !passphrase.reveal().isEmpty,
            let derived = try? KDF.Scrypt.deriveKey(
                from: passphrase.reveal(), salt: salt, outputByteCount: StoreKey.byteCount, rounds: rounds, blockSize: blockSize,
                parallelism: parallelism)
        else { return nil }
        return derived.withUnsafeBytes { StoreKey([UInt8]($0)) }
    }
}
