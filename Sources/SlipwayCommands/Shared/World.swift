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
        _ options: StoreOptions, run: RunOptions? = nil, _ work: (OperationContext) async throws -> Result
    ) async throws -> Result {
        let store = try options.store()
        let surroundings = Surroundings.current
        let console = surroundings.console
        let lines = EventLines(console: console, json: run?.output == .json, level: options.logLevel)
        // A tree where it can be drawn, and lines everywhere else.
        let live = run?.output == .table && options.logLevel == .info ? LiveDisplay(console, page: surroundings.terminal) : nil
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
        let opened = Ways { provider in
            try simulation.check(provider)
            return provider == .simulated
                ? .simulated(simulation.file, failpoints: simulation.failpoints) : try surroundings.outside(provider, say)
        }
        var context = OperationContext(
            run: surroundings.run, store: simulation.failpoints.map { FailpointStore(store, failpoints: $0) } ?? store,
            outside: { try opened.outside($0) }, interrupt: interrupt, emit: show,
            lockTimeout: (run?.lockTimeout ?? Seconds(0)).duration,
            parallelism: run?.parallelism ?? 16)
        context.announce = { live?.begin($0) }
        do {
            let result = try await work(context)
            await opened.close()
            return result
        } catch {
            await opened.close()
            throw error
        }
    }
}

/// The ways to each provider, made once.
private final class Ways: Sendable {
    private let make: @Sendable (CloudProvider) throws -> Outside
    private let made = Mutex<[CloudProvider: Outside]>([:])

    init(make: @escaping @Sendable (CloudProvider) throws -> Outside) { self.make = make }

    func outside(_ provider: CloudProvider) throws -> Outside {
        try made.withLock { made in
            if let known = made[provider] { return known }
            let outside = try make(provider)
            made[provider] = outside
            return outside
        }
    }

    func close() async {
        for outside in made.withLock({ Array($0.values) }) { await outside.hosts.close() }
    }
}
