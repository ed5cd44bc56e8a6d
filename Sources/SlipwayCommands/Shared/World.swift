import ClusterModel
import Engine
import Foundation
import Operations
import SimulatedCloud
import StateStore
import Synchronization

/// Makes what operations work on out of a command's surroundings.
enum World {
    /// Gives `work` a context, and closes every connection afterwards, also after a failure.
    static func with<Result: Sendable>(
        _ options: StoreOptions, run: RunOptions? = nil, lock: LockOptions? = nil, interactive: Bool = false,
        successor: SecretsKey.Successor? = nil,
        _ work: (OperationContext) async throws -> Result
    ) async throws -> Result {
        let store = try options.store(successor: successor)
        let surroundings = Surroundings.current
        let console = surroundings.console
        let lines = EventLines(console: console, json: run?.output == .json, level: options.logLevel)
        // A tree where it can be drawn, and lines everywhere else, also where somebody types between them.
        let live =
            run?.output == .table && options.logLevel == .info && !interactive ? LiveDisplay(console, page: surroundings.terminal) : nil
        defer { live?.stop() }
        let show: @Sendable (RunEvent) -> Void = { event in if live?.show(event) != true { lines.show(event) } }
        let speak: @Sendable (String) -> Void = { text in if let live { live.say(text) } else { console.say(text) } }
        let interrupt = Interrupt()
        let signals = surroundings.handlesSignals ? Signals(interrupt, say: speak) : nil
        defer { signals?.stop() }
        let deadline = options.timeout.map { Deadline($0, interrupt, say: speak) }
        defer { deadline?.stop() }
        let start = Date()
        let say: @Sendable (String) -> Void = { message in
            show(RunEvent(time: Date(), elapsed: Date().timeIntervalSince(start), kind: .message, message: message))
        }
        let simulation = try Simulation(surroundings, store: store)
        let opened = Ways { place in
            try simulation.check(place.provider)
            return place.provider == .simulated
                ? .simulated(simulation.file, failpoints: simulation.failpoints) : try surroundings.outside(place, say)
        }
        var context = OperationContext(
            run: surroundings.run, store: simulation.failpoints.map { FailpointStore(store, failpoints: $0) } ?? store,
            outside: { try opened.outside($0) }, interrupt: interrupt, emit: show,
            lockTimeout: ((run?.lock ?? lock)?.lockTimeout ?? Seconds(0)).duration,
            parallelism: run?.parallelism)
        context.recovery = try options.recovery(mayStart: run?.yes ?? false)
        context.announce = { live?.begin($0) }
        if interactive { context.approve = { await Self.ask($0, surroundings) } }
        do {
            let result = try await work(context)
            await opened.close()
            return result
        } catch {
            await opened.close()
            throw error
        }
    }

    /// Waits on a thread of its own, as steps go on meanwhile.
    private static func ask(_ question: String, _ surroundings: Surroundings) async -> Bool {
        surroundings.console.say("\(question) [y/N]")
        let answer = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: surroundings.answer()) }
        }
        guard let answer else {
            surroundings.console.say("there is nobody to ask: --interactive needs a terminal")
            return false
        }
        return ["y", "yes"].contains(answer.trimmingCharacters(in: .whitespaces).lowercased())
    }
}

/// The ways to each cloud, made once.
private final class Ways: Sendable {
    private let make: @Sendable (CloudPlace) throws -> Outside
    private let made = Mutex<[CloudPlace: Outside]>([:])

    init(make: @escaping @Sendable (CloudPlace) throws -> Outside) { self.make = make }

    func outside(_ place: CloudPlace) throws -> Outside {
        try made.withLock { made in
            if let known = made[place] { return known }
            let outside = try make(place)
            made[place] = outside
            return outside
        }
    }

    func close() async {
        for outside in made.withLock({ Array($0.values) }) { await outside.hosts.close() }
    }
}
