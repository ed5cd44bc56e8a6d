import Synchronization

/// Draws that depend on the seed, on what is drawn for and on how often it was drawn for before, and on nothing else: so
/// steps side by side may come in any order and each still gets its own numbers.
final class Dice: Sendable {
    private let seed: UInt64
    private let counts = Mutex<[String: UInt64]>([:])

    init(seed: UInt64) { self.seed = seed }

    func generator(for subject: String) -> SplitMix {
        let count = counts.withLock { counts in
            counts[subject, default: 0] += 1
            return counts[subject] ?? 0
        }
        // FNV-1a: small, and the same in every process.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
        for byte in subject.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return SplitMix(state: hash &+ count &* 0xD1B5_4A32_D192_ED03)
    }

    /// Even over 0..<1.
    func number(for subject: String) -> Double {
        var generator = generator(for: subject)
        return Double.random(in: 0..<1, using: &generator)
    }
}

/// SplitMix64.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
