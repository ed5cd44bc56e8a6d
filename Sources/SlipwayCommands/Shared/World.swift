import Assets
import ClusterModel
import Engine
import Foundation
import KubernetesAPI
import LocalCloud
import Operations
import SSH
import StateStore

/// Makes the real world that operations work on: the one place where clouds, SSH and HTTP are chosen.
enum World {
    /// Gives `work` a context, and closes every connection afterwards, also after a failure.
    static func with<Result: Sendable>(
        _ store: any StateStore, run: RunOptions? = nil, console: Console = .standard(),
        _ work: (OperationContext) async throws -> Result
    ) async throws -> Result {
        let lines = EventLines(console: console, json: run?.output == .json)
        let start = Date()
        let hosts = SSHHosts()
        let interrupt = Interrupt()
        let signals = Signals(interrupt, console: console)
        defer { signals.stop() }
        let context = OperationContext(
            run: .live, store: store,
            cloud: { provider in
                switch provider {
                case .local:
                    LocalCloud(progress: { message in
                        lines.show(RunEvent(time: Date(), elapsed: Date().timeIntervalSince(start), kind: .message, message: message))
                    })
                }
            },
            hosts: hosts, assets: { try AssetSources.resolve($0) }, connect: { try KubernetesClient(endpoint: $0) },
            interrupt: interrupt, emit: { lines.show($0) }, lockTimeout: (run?.lockTimeout ?? Seconds(0)).duration,
            parallelism: run?.parallelism ?? 16)
        do {
            let result = try await work(context)
            await hosts.close()
            return result
        } catch {
            await hosts.close()
            throw error
        }
    }
}

/// Ctrl-C: the first time start nothing new, finish, save; the second time leave at once. The journal makes both safe.
struct Signals: Sendable {
    private let cancel: [@Sendable () -> Void]

    init(_ interrupt: Interrupt, console: Console) {
        cancel = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            // Safe: the source is set up before anyone else sees it, and `cancel` may be called from any thread (libdispatch).
            nonisolated(unsafe) let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if interrupt.isRequested {
                    console.say("leaving at once; run the same command again")
                    _exit(SlipwayExit.code(of: .tryAgain))
                }
                console.say("interrupted: finishing what runs; once more to leave at once")
                interrupt.request()
            }
            source.resume()
            return { source.cancel() }
        }
    }

    func stop() {
        for cancel in cancel { cancel() }
    }
}
