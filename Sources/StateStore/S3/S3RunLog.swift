import AWSAPI
import ClusterModel
import Synchronization

/// A run's log in parts: objects cannot be appended to, so what was gathered is put as one more after a while.
final class S3RunLog: RunLog {
    private let objects: any ObjectStore
    private let keys: ClusterKeys
    private let id: String
    private let status = Mutex(Status())
    private let turns = Turns()

    /// After so many bytes, or so long after the first of them, a part is put.
    private static let partSize = 256 << 10
    private static let pause = Duration.seconds(5)

    private struct Status {
        var bytes: [UInt8] = []
        var parts = 0
        var isWaiting = false
        var failure: SlipwayError?
    }

    init(objects: any ObjectStore, keys: ClusterKeys, id: String) {
        self.objects = objects
        self.keys = keys
        self.id = id
    }

    func append(_ event: RunEvent) {
        let line: [UInt8]
        do {
            line = try StateCoding.line(of: event)
        } catch {
            return status.withLock { $0.failure = $0.failure ?? SlipwayError(wrapping: error, doing: "writing the run's log") }
        }
        let pause: Duration? = status.withLock { status in
            status.bytes += line
            if status.bytes.count >= Self.partSize { return .zero }
            guard !status.isWaiting else { return nil }
            status.isWaiting = true
            return Self.pause
        }
        guard let pause else { return }
        Task {
            if pause > .zero { try? await Task.sleep(for: pause) }
            await self.put()
        }
    }

    @discardableResult
    func close() async -> SlipwayError? {
        await put()
        return status.withLock { $0.failure }
    }

    private func put() async {
        await turns.inTurn { [self] in
            let (bytes, number) = status.withLock { status in
                defer { status.bytes = [] }
                status.isWaiting = false
                if !status.bytes.isEmpty { status.parts += 1 }
                return (status.bytes, status.parts)
            }
            guard !bytes.isEmpty else { return }
            do {
                _ = try await objects.put(keys.runPart(id, number), bytes, if: .none)
            } catch {
                let found = SlipwayError(wrapping: error, doing: "writing the log of run \(id)")
                status.withLock { $0.failure = $0.failure ?? found }
            }
        }
    }
}
