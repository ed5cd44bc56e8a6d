import Foundation

/// How the simulated world behaves beyond doing what it is told: at once and without a fault unless said otherwise.
public struct Conditions: Codable, Sendable, Equatable {
    /// The same seed, the same draws, in whatever order the calls come.
    public var seed: UInt64
    /// What is absent takes no time.
    public var latencies: [SimulatedWork: Latency]
    /// Seconds by which what the cloud says of itself is behind.
    public var lag: Double
    public var faults: FaultRates

    public init(seed: UInt64 = 1, latencies: [SimulatedWork: Latency] = [:], lag: Double = 0, faults: FaultRates = FaultRates()) {
        self.seed = seed
        self.latencies = latencies
        self.lag = lag
        self.faults = faults
    }

    public static let instant = Conditions()

    /// Seconds that this takes for the subject when it happens for the first time.
    public func firstDraw(of work: SimulatedWork, for subject: String) -> Double {
        let now = Date(timeIntervalSince1970: 0)
        let moment = Moment(now: now, conditions: self, dice: Dice(seed: seed))
        return moment.end(of: work, subject)?.timeIntervalSince(now) ?? 0
    }
}

/// The probability, for each call, that it goes wrong in one of these ways.
public struct FaultRates: Codable, Sendable, Equatable {
    /// Refused for being one too many; nothing was done.
    public var throttled: Double
    /// The other side broke (5xx) before it did anything.
    public var serverError: Double
    /// No answer, and nothing was done.
    public var lostRequest: Double
    /// No answer, though it was done.
    public var lostAnswer: Double

    public init(throttled: Double = 0, serverError: Double = 0, lostRequest: Double = 0, lostAnswer: Double = 0) {
        self.throttled = throttled
        self.serverError = serverError
        self.lostRequest = lostRequest
        self.lostAnswer = lostAnswer
    }

    /// All four alike, together this probable.
    public static func evenly(_ probability: Double) -> FaultRates {
        let each = probability / 4
        return FaultRates(throttled: each, serverError: each, lostRequest: each, lostAnswer: each)
    }
}

enum Fault: Sendable {
    case throttled, serverError, lostRequest, lostAnswer
}

extension FaultRates {
    /// - Parameter number: even over 0..<1.
    func fault(at number: Double) -> Fault? {
        var left = number
        for (fault, rate) in [
            (Fault.throttled, throttled), (.serverError, serverError), (.lostRequest, lostRequest), (.lostAnswer, lostAnswer),
        ] {
            if left < rate { return fault }
            left -= rate
        }
        return nil
    }
}
