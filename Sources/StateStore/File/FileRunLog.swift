public import ClusterModel
import Dispatch
import Glibc
import Synchronization

/// A run's log in a file. Events are written one by one, in the order of the calls, on a thread of its own.
public final class FileRunLog: RunLog {
    public let path: String
    private let file: Descriptor
    private let files: FileSystem
    private let queue = DispatchQueue(label: "slipway.state.runlog")
    private let failure = Mutex<SlipwayError?>(nil)

    init(path: String, _ files: FileSystem) throws {
        guard let file = try files.open(path, O_WRONLY | O_CREAT | O_APPEND) else {
            throw SlipwayError(.failed, doing: "making the run's log \(path)", cause: "its folder was removed")
        }
        self.path = path
        self.file = file
        self.files = files
    }

    public func append(_ event: RunEvent) {
        queue.async { [self] in
            attempt { try files.write(StateCoding.line(of: event), to: file, path) }
        }
    }

    @discardableResult
    public func close() async -> SlipwayError? {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                attempt { try files.sync(file, path) }
                continuation.resume(returning: failure.withLock { $0 })
            }
        }
    }

    private func attempt(_ body: () throws -> Void) {
        do {
            try body()
        } catch {
            let found = error as? SlipwayError ?? SlipwayError(.failed, doing: "writing \(path)", cause: "\(error)")
            failure.withLock { $0 = $0 ?? found }
        }
    }
}
