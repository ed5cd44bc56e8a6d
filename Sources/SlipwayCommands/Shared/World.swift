import ClusterModel
import Engine
import Foundation
import Operations
import StateStore

/// Makes what operations work on out of a command's surroundings.
enum World {
    /// Gives `work` a context, and closes every connection afterwards, also after a failure.
    static func with<Result: Sendable>(
        _ store: any StateStore, run: RunOptions? = nil, _ work: (OperationContext) async throws -> Result
    ) async throws -> Result {
        let surroundings = Surroundings.current
        let lines = EventLines(console: surroundings.console, json: run?.output == .json)
        let interrupt = Interrupt()
        let signals = surroundings.handlesSignals ? Signals(interrupt, console: surroundings.console) : nil
        defer { signals?.stop() }
        let start = Date()
        let outside = surroundings.outside { message in
            lines.show(RunEvent(time: Date(), elapsed: Date().timeIntervalSince(start), kind: .message, message: message))
        }
        let context = OperationContext(
            run: outside.run, store: store, cloud: outside.cloud, hosts: outside.hosts, assets: outside.assets, connect: outside.connect,
            interrupt: interrupt, emit: { lines.show($0) }, lockTimeout: (run?.lockTimeout ?? Seconds(0)).duration,
            parallelism: run?.parallelism ?? 16)
        do {
            let result = try await work(context)
            await outside.hosts.close()
            return result
        } catch {
            await outside.hosts.close()
            throw error
        }
    }
}
