import Foundation

/// How long something takes: the same each time, or drawn anew.
public indirect enum Latency: Codable, Sendable, Equatable {
    case constant(seconds: Double)
    /// Half of the draws are below the median; of a hundred a few take several times as long, as of real calls.
    case logNormal(median: Double, sigma: Double)
    /// Of all draws this share takes longer, by the factor.
    case stragglers(of: Latency, share: Double, factor: Double)

    /// Seconds, never negative.
    func draw(using generator: inout some RandomNumberGenerator) -> Double {
        switch self {
        case .constant(let seconds): return max(0, seconds)
        case .logNormal(let median, let sigma):
            // Box and Muller's way from two even draws to a normal one.
            let first = Double.random(in: Double.leastNonzeroMagnitude..<1, using: &generator)
            let second = Double.random(in: 0..<1, using: &generator)
            return max(0, median) * exp(sigma * sqrt(-2 * log(first)) * cos(2 * .pi * second))
        case .stragglers(let usual, let share, let factor):
            let isStraggler = Double.random(in: 0..<1, using: &generator) < share
            return usual.draw(using: &generator) * (isStraggler ? factor : 1)
        }
    }
}
