import Glibc

/// A system call on a file that failed.
struct SystemError: Error, CustomStringConvertible {
    let path: String
    let number: Int32

    /// Takes the number that the last call of this thread left.
    init(_ path: String) {
        self.path = path
        number = errno
    }

    var isMissing: Bool { number == ENOENT || number == ENOTDIR }

    var description: String { "\(path): \(String(cString: strerror(number)))" }
}

extension SystemError {
    /// Makes the call again as long as a signal interrupts it; throws when it fails.
    @discardableResult
    static func check<Result: SignedInteger>(_ path: String, _ call: () -> Result) throws(SystemError) -> Result {
        while true {
            let result = call()
            if result >= 0 { return result }
            guard errno == EINTR else { throw SystemError(path) }
        }
    }
}
