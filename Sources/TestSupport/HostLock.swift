import Glibc

/// One test at a time, over all processes of the host, among those that make machines or compare the host before and after.
public enum HostLock {
    /// Waits, without blocking a thread, until no other test holds the host; holds it while the body runs.
    public static func with<Result>(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result) async throws -> Result
    {
        let file = open("/var/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw Failure(reason: String(cString: strerror(errno))) }
        defer { close(file) }
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw Failure(reason: String(cString: strerror(errno))) }
            try await Task.sleep(for: .milliseconds(100))
        }
        return try await body()
    }

    public struct Failure: Error, Sendable {
        public let reason: String
    }
}
