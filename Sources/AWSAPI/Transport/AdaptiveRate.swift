import ClusterModel
import Foundation
import Synchronization

/// AWS' adaptive retry mode: once a service has throttled this client, requests wait for tokens. How fast these come follows
/// CUBIC: much slower after a refusal, then back towards the rate that was refused, and carefully beyond. The numbers are
/// those of AWS' own clients.
final class AdaptiveRate: Sendable {
    private struct State {
        var isLimiting = false
        // The tokens.
        var tokens = 0.0
        var capacity = 1.0
        var rate = 0.5
        var filled: Double?
        // The rate at which answers came, measured over half seconds.
        var measured = 0.0
        var answers = 0
        var slice: Double
        // CUBIC: the rate at the last refusal, its time, and how long after it that rate is reached again.
        var peak = 0.0
        var refused: Double
        var recovery = 0.0
    }

    private static let slowest = 0.5
    private static let slicesPerSecond = 2.0
    private static let smoothing = 0.8
    private static let scale = 0.4
    private static let backOff = 0.7
    /// The new rate is at most so many times what was measured.
    private static let lead = 2.0

    private let state: Mutex<State>

    init(at time: Date) {
        let now = time.timeIntervalSince1970
        state = Mutex(State(slice: now.rounded(.down), refused: now))
    }

    /// Takes a token, and waits until there is one.
    func acquire(_ context: RunContext) async throws {
        while let wait = take(at: context.now()) { try await context.sleep(wait) }
    }

    /// Nil with a token, else how long it takes until there is one.
    func take(at time: Date) -> Duration? {
        state.withLock { state in
            guard state.isLimiting else { return nil }
            Self.fill(&state, time.timeIntervalSince1970)
            guard state.tokens < 1 else {
                state.tokens -= 1
                return nil
            }
            // Not a nanosecond too short, or the last bit would be waited for again and again.
            return .seconds((1 - state.tokens) / state.rate) + .milliseconds(1)
        }
    }

    /// An answer came.
    func record(throttled: Bool, at time: Date) {
        let now = time.timeIntervalSince1970
        state.withLock { state in
            Self.measure(&state, now)
            let rate: Double
            if throttled {
                let refused = state.isLimiting ? min(state.measured, state.rate) : state.measured
                state.peak = refused
                state.recovery = cbrt(refused * (1 - Self.backOff) / Self.scale)
                state.refused = now
                state.isLimiting = true
                rate = refused * Self.backOff
            } else {
                let since = now - state.refused - state.recovery
                rate = Self.scale * since * since * since + state.peak
            }
            Self.fill(&state, now)
            let wanted = min(rate, Self.lead * state.measured)
            state.rate = max(wanted, Self.slowest)
            state.capacity = max(wanted, 1)
            state.tokens = min(state.tokens, state.capacity)
        }
    }

    /// Requests a second; nil while nothing limits them.
    var limit: Double? { state.withLock { $0.isLimiting ? $0.rate : nil } }

    private static func fill(_ state: inout State, _ now: Double) {
        if let filled = state.filled { state.tokens = min(state.capacity, state.tokens + max(0, now - filled) * state.rate) }
        state.filled = now
    }

    private static func measure(_ state: inout State, _ now: Double) {
        let slice = (now * slicesPerSecond).rounded(.down) / slicesPerSecond
        state.answers += 1
        guard slice > state.slice else { return }
        let current = Double(state.answers) / (slice - state.slice)
        state.measured = current * smoothing + state.measured * (1 - smoothing)
        state.answers = 0
        state.slice = slice
    }
}
