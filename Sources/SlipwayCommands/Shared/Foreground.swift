import ClusterModel
import Foundation

/// Runs a program that has the terminal for itself, as an editor: in our own process group, or the kernel would stop it as
/// soon as it reads a key.
enum Foreground {
    /// The exit status; 128 and the signal's number for one that was killed.
    static func run(_ program: String, _ arguments: [String], environment: [String: String]) throws -> Int32 {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals that we ignore or block are the program's to handle.
        var none = sigset_t()
        var plain = sigset_t()
        sigemptyset(&none)
        sigemptyset(&plain)
        for number in [SIGINT, SIGTERM, SIGPIPE, SIGQUIT] { sigaddset(&plain, number) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &plain)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var child = pid_t()
        let failure = posix_spawn(&child, program, nil, &attributes, &words, &variables)
        guard failure == 0 else {
            throw SlipwayError(.failed, doing: "starting \(program)", cause: String(cString: strerror(failure)))
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else {
                throw SlipwayError(.failed, doing: "waiting for \(program)", cause: String(cString: strerror(errno)))
            }
        }
        let signalled = status & 0x7F
        return signalled == 0 ? (status >> 8) & 0xFF : 128 + signalled
    }
}
