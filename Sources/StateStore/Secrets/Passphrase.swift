public import ClusterModel
import Synchronization

/// A passphrase in the place of a key file. It is asked for when something needs it, once.
public final class Passphrase: Sendable {
    /// Where it comes from, in words: `the file /run/passphrase`.
    public let origin: String
    private let read: @Sendable (_ isNew: Bool) throws -> Secret
    private let rounds: Int
    private let known = Mutex(Known())

    private struct Known {
        var passphrase: Secret?
        var keys: [Derivation: StoreKey] = [:]
        /// What seals for the first time in this process.
        var fresh: Derivation?
    }

    public static let leastLength = 12

    /// - Parameter read: gives it; may ask a person, and is called at most once. Told whether it will seal something that it
    ///   did not seal before.
    public convenience init(from origin: String, read: @escaping @Sendable (_ isNew: Bool) throws -> Secret) {
        self.init(from: origin, rounds: Derivation.standardRounds, read: read)
    }

    init(from origin: String, rounds: Int, read: @escaping @Sendable (_ isNew: Bool) throws -> Secret) {
        self.origin = origin
        self.rounds = rounds
        self.read = read
    }

    /// Whether its key for this derivation was made already.
    func knows(_ derivation: Derivation) -> Bool { known.withLock { $0.keys[derivation] != nil } }

    /// The key that a derivation gives. Blocks.
    func key(_ derivation: Derivation) throws -> StoreKey { try key(derivation, isNew: false) }

    /// A derivation of its own for what is sealed for the first time. Blocks.
    func fresh() throws -> (derivation: Derivation, key: StoreKey) {
        let derivation = known.withLock { known in
            let derivation = known.fresh ?? Derivation(rounds: rounds)
            known.fresh = derivation
            return derivation
        }
        return (derivation, try key(derivation, isNew: true))
    }

    private func key(_ derivation: Derivation, isNew: Bool) throws -> StoreKey {
        try known.withLock { known in
            if let key = known.keys[derivation] { return key }
            let passphrase: Secret
            if let asked = known.passphrase { passphrase = asked } else { passphrase = try read(isNew) }
            known.passphrase = passphrase
            if isNew, passphrase.revealText().count < Self.leastLength {
                throw SlipwayError(
                    .usage, doing: "taking the passphrase from \(origin)", cause: "it has fewer than \(Self.leastLength) characters",
                    hint: "who has the store can try as many as they like: take several words that nobody would put together")
            }
            guard let key = derivation.key(from: passphrase) else {
                throw SlipwayError(
                    .refused, doing: "deriving a key from the passphrase", cause: "how it was derived is not known to this version",
                    hint: "use the version of Slipway that wrote the secrets, or a newer one")
            }
            known.keys[derivation] = key
            return key
        }
    }
}
