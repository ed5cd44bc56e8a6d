public import ClusterModel

public import struct Foundation.Date

/// The drain of one node as a state machine: pods and answers go in, what to do next comes out. Knows no network and no clock.
public struct Drain: Sendable {
    public enum Move: Sendable, Equatable {
        /// Ask for these evictions, all at once, and then look again.
        case evict([PodObservation])
        /// Look again a little later.
        case wait
        case done
        /// The time is over.
        case giveUp([Blocked])
        /// A pod can never be evicted as things are.
        case stop(pod: PodObservation, reason: String)
        /// Pods would be lost.
        case refuse([Refused])
    }

    /// A pod that is still there, and why.
    public struct Blocked: Sendable, Equatable {
        public var pod: PodObservation
        /// Nil for one that was evicted and takes its time.
        public var reason: String?
    }

    public struct Refused: Sendable, Equatable {
        public var pod: PodObservation
        public var why: String
        public var flag: String

        public init(pod: PodObservation, why: String, flag: String) {
            self.pod = pod
            self.why = why
            self.flag = flag
        }
    }

    /// How long a blocked eviction waits for its next attempt.
    static let pause = 5.0
    /// What a node that is dead leaves of the grace of its pods.
    private static let slack = 5.0

    private let options: DrainOptions
    private let deadline: Date
    /// By uid.
    private var evictedAt: [String: Date] = [:]
    private var blocked: [String: (until: Date, reason: String)] = [:]
    private var hopeless: (pod: PodObservation, reason: String)?

    public init(options: DrainOptions, start: Date) {
        self.options = options
        deadline = start.addingTimeInterval(Double(options.timeout.value))
    }

    /// - Parameters:
    ///   - pods: those that are bound to the node now.
    ///   - orphans: uids of pods whose DaemonSet does not exist.
    ///   - nodeIsReady: a kubelet that is dead never says that a pod has ended: its grace is all that is waited for then.
    public mutating func next(
        pods: [PodObservation], orphans: Set<String> = [], nodeIsReady: Bool = true, now: Date
    ) -> Move {
        if let hopeless { return .stop(pod: hopeless.pod, reason: hopeless.reason) }
        var going: [PodObservation] = []
        var refused: [Refused] = []
        for pod in pods.sorted(by: { $0.title < $1.title }) {
            switch DrainVerdict(pod, options: options, isOrphan: orphans.contains(pod.uid)) {
            case .leave: break
            case .refuse(let why, let flag): refused.append(Refused(pod: pod, why: why, flag: flag))
            case .evict: going.append(pod)
            }
        }
        guard refused.isEmpty else { return .refuse(refused) }
        for pod in going where pod.isEnding && evictedAt[pod.uid] == nil { evictedAt[pod.uid] = now }
        if !nodeIsReady {
            going.removeAll { pod in
                guard let since = evictedAt[pod.uid] else { return false }
                return now.timeIntervalSince(since) > Double(pod.gracePeriod.value) + Drain.slack
            }
        }
        guard !going.isEmpty else { return .done }
        guard now < deadline else {
            return .giveUp(going.map { Blocked(pod: $0, reason: evictedAt[$0.uid] == nil ? blocked[$0.uid]?.reason : nil) })
        }
        let due = going.filter { evictedAt[$0.uid] == nil && (blocked[$0.uid].map { $0.until <= now } ?? true) }
        return due.isEmpty ? .wait : .evict(due)
    }

    /// What came of an eviction.
    public mutating func answered(_ pod: PodObservation, _ answer: EvictionAnswer, now: Date) {
        switch answer {
        case .accepted, .gone:
            evictedAt[pod.uid] = now
            blocked[pod.uid] = nil
        case .blocked(let reason): blocked[pod.uid] = (now.addingTimeInterval(Drain.pause), reason)
        case .impossible(let reason): hopeless = hopeless ?? (pod, reason)
        }
    }

    /// Of these pods, for whoever watches: how many are left, and the first that is blocked.
    public func progress(_ pods: [PodObservation]) -> String {
        let left = pods.filter { DrainVerdict($0, options: options) == .evict }
        guard let held = left.first(where: { blocked[$0.uid] != nil }) else { return "\(left.count) pods left to move" }
        return "\(left.count) pods left to move; \(held.title) is blocked: \(blocked[held.uid]?.reason ?? "")"
    }
}
