public import ClusterModel
import Foundation
import Synchronization

/// A cloud, its machines and the APIs of the clusters on them, at the level of what Slipway asks of them. No kubelet, no
/// etcd, no packets: a unit that is started is active, a kubelet that is active has registered. It knows the scripts of the
/// drivers, and fails those that it does not know.
///
/// It lives in memory or in a file, on any clock, and as fast and as reliable as its conditions say.
/// Machines are told apart by name and clusters by uid, as in a cloud.
public final class SimulatedWorld: Sendable {
    /// Every call that changes something, in order.
    public let changes = CallHistory()
    /// Every script that was run and every file that was sent, without the bytes of the latter.
    public let scripts = CallHistory()
    public let assets: SimulatedAssets
    public let provider: CloudProvider
    /// Whether machines share the API's address; otherwise there is an endpoint, and people reach machines and API at other
    /// addresses than machines do.
    public let sharesAPIAddress: Bool
    public let hostKeysAreSeeds: Bool
    public let conditions: Conditions
    let run: RunContext
    let failpoints: Failpoints?
    private let dice: Dice
    private let file: WorldFile?
    private let contents: Mutex<Contents>
    private let counts = Mutex<[SimulatedWork: Int]>([:])
    private let failure = Mutex<(@Sendable (String, Bool) -> (any Error)?)?>(nil)

    /// An empty one, or the one in `file`.
    /// - Parameters:
    ///   - provider: the cloud that it stands for.
    ///   - sharesAPIAddress, hostKeysAreSeeds: as the provider has them unless said otherwise.
    ///   - versions: the releases that can be had.
    ///   - run: the clock that its latencies pass on.
    ///   - contents: how it looks in the beginning; not for one in a file.
    public init(
        provider: CloudProvider = .local, sharesAPIAddress: Bool? = nil, hostKeysAreSeeds: Bool? = nil,
        versions: [KubernetesVersion] = [SupportedVersions.example], run: RunContext = .live,
        conditions: Conditions = .instant, failpoints: Failpoints? = nil, file: WorldFile? = nil, contents: Contents = Contents()
    ) {
        self.provider = provider
        self.sharesAPIAddress = sharesAPIAddress ?? provider.sharesAPIAddress
        self.hostKeysAreSeeds = hostKeysAreSeeds ?? provider.hostKeysAreSeeds
        assets = SimulatedAssets(versions: versions)
        self.run = run
        self.conditions = conditions
        self.failpoints = failpoints
        dice = Dice(seed: conditions.seed)
        self.file = file
        self.contents = Mutex(contents)
    }

    /// One that looks like another does now, and goes its own way from here.
    public convenience init(
        copying other: SimulatedWorld, run: RunContext? = nil, conditions: Conditions? = nil, failpoints: Failpoints? = nil
    ) {
        self.init(
            provider: other.provider, sharesAPIAddress: other.sharesAPIAddress, hostKeysAreSeeds: other.hostKeysAreSeeds,
            versions: other.assets.versions, run: run ?? other.run, conditions: conditions ?? other.conditions, failpoints: failpoints,
            contents: other.with { $0 })
    }

    /// Looks into a world in memory, or changes it as an accident would.
    @discardableResult
    public func with<Result>(_ body: (inout sending Contents) throws -> sending Result) rethrows -> sending Result {
        try contents.withLock { try body(&$0) }
    }

    /// Damages or mends one machine.
    public func machine(_ name: String, _ change: (inout Machine) -> Void) {
        with { contents in
            guard var machine = contents.machines[name] else { preconditionFailure("the world has no machine \(name)") }
            change(&machine)
            contents.machines[name] = machine
        }
    }

    /// Damages or mends one network with its cluster's API objects.
    public func network(_ uid: String, _ change: (inout Network) -> Void) {
        with { contents in
            guard var network = contents.networks[uid] else { preconditionFailure("the world has no network of \(uid)") }
            change(&network)
            contents.networks[uid] = network
        }
    }

    /// As after a reboot of the host of local machines.
    public func reboot() {
        with { contents in
            for uid in contents.networks.keys { contents.networks[uid]?.isUp = false }
            for name in contents.machines.keys { contents.machines[name]?.halt() }
        }
    }

    public var isEmpty: Bool { with { $0.machines.isEmpty && $0.networks.isEmpty } }
    /// How often each kind of call was made.
    public var calls: [SimulatedWork: Int] { counts.withLock { $0 } }

    // MARK: Calls

    var moment: Moment { Moment(now: run.now(), conditions: conditions, dice: dice) }

    /// A call that only looks.
    func read<Result: Sendable>(_ work: SimulatedWork, _ subject: String, _ look: (inout Contents) throws -> Result) async throws -> Result
    {
        try failpoints?.checkAlive()
        if let fault = try await travel(work, subject) { throw fault.error(subject) }
        return try transaction(look)
    }

    /// A call that changes something. Notes it, and carries it out unless a test, a fault or a kill comes between.
    func change<Result: Sendable>(
        _ work: SimulatedWork, _ what: String, _ act: (inout Contents) throws -> Result
    ) async throws -> Result {
        try failpoints?.checkAlive()
        let fault = try await travel(work, what)
        if let fault, fault != .lostAnswer { throw fault.error(what) }
        let decide = failure.withLock { $0 }
        if let error = decide?(what, false) { throw error }
        try failpoints?.pass("\(what): asked for, not done")
        changes.add(what)
        let result = try transaction { contents in
            contents.remember(at: run.now(), lag: conditions.lag)
            return try act(&contents)
        }
        try failpoints?.pass("\(what): done, not answered")
        if let error = decide?(what, true) { throw error }
        if let fault { throw fault.error(what) }
        return result
    }

    /// Is asked around every call that changes something (false: before, true: after it took effect): what it gives, the call
    /// throws. Nil: nothing fails.
    public func fail(_ decide: (@Sendable (String, Bool) -> (any Error)?)?) { failure.withLock { $0 = decide } }

    /// Counts the call, lets its time pass, and says what goes wrong with it.
    private func travel(_ work: SimulatedWork, _ what: String) async throws -> Fault? {
        // Without the script, in which there may be digests of what is random.
        let subject = String(what.prefix { $0 != ":" })
        counts.withLock { $0[work, default: 0] += 1 }
        let moment = moment
        if let end = moment.end(of: work, subject) {
            try await run.sleep(.seconds(end.timeIntervalSince(moment.now)))
        }
        guard conditions.faults != FaultRates() else { return nil }
        return conditions.faults.fault(at: dice.number(for: "fault \(work.rawValue) \(subject)"))
    }

    /// Alone with the world, wherever it is kept.
    func transaction<Result: Sendable>(_ act: (inout Contents) throws -> Result) throws -> Result {
        try contents.withLock { contents in
            guard let file else { return try act(&contents) }
            return try file.transaction(&contents, act)
        }
    }
}

extension Fault {
    func error(_ what: String) -> SlipwayError {
        let cause =
            switch self {
            case .throttled: "too many requests (429)"
            case .serverError: "the other side broke (503)"
            case .lostRequest, .lostAnswer: "no answer in time"
            }
        return SlipwayError(.unreachable, doing: what, cause: cause, retry: .transient)
    }
}
