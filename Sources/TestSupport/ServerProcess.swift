import Dispatch
import Foundation
import Glibc
import Synchronization

/// A server program of this test run that says on its first line how it is reached, and ends with its standard input: thus with
/// this process, however that ends.
public final class ServerProcess: Sendable {
    /// What it said first, without the line's end.
    public let firstLine: String
    public let pid: Int32
    /// The writing end of its standard input. Nil once it was closed.
    private let input: Mutex<Int32?>

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Starts a program and waits for its first line; blocks meanwhile.
    /// - Parameter path: of the program; the others are its arguments.
    public init(_ path: String, _ arguments: [String], environment: [String: String]) throws {
        var toServer: [Int32] = [0, 0]
        var fromServer: [Int32] = [0, 0]
        guard pipe(&toServer) == 0, pipe(&fromServer) == 0 else { throw Failure(description: "no pipes") }
        // No other child is to hold the server's input open. One that was just being made does, so servers look at their
        // parent, too.
        for end in toServer + fromServer { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toServer[0], 0)
        posix_spawn_file_actions_adddup2(&actions, fromServer[1], 1)
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { (text: String) in strdup(text) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var child = pid_t()
        let failure = posix_spawn(&child, path, &actions, nil, &words, &variables)
        Glibc.close(toServer[0])
        Glibc.close(fromServer[1])
        defer { Glibc.close(fromServer[0]) }
        pid = child
        input = Mutex(toServer[1])
        guard failure == 0 else {
            Glibc.close(toServer[1])
            throw Failure(description: "\(path): \(String(cString: strerror(failure)))")
        }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(fromServer[0], &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        firstLine = String(decoding: line, as: UTF8.self)
        guard !line.isEmpty else {
            end()
            throw Failure(description: "\(path) ended before it was ready")
        }
    }

    /// Closes its standard input and waits, without blocking a thread of Swift's pool, until it has cleaned up and ended.
    public func finish() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                self.closeAndWait()
                continuation.resume()
            }
        }
    }

    /// Kills it at once, so that it cleans up nothing.
    public func kill() {
        Glibc.kill(pid, SIGKILL)
        closeAndWait()
    }

    private func closeAndWait() {
        input.withLock { end in
            guard let open = end else { return }
            end = nil
            Glibc.close(open)
            waitpid(pid, nil, 0)
        }
    }

    /// For a server that has nothing to clean up.
    public func end() {
        guard input.withLock({ $0 != nil }) else { return }
        kill()
    }
}
