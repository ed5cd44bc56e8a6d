internal import CLibSSH2
internal import ClusterModel
internal import Glibc

/// Wakes a thread that waits in poll(2), from any other thread.
final class WakeUp: Sendable {
    /// Readable once `signal` was called, until `clear`.
    let descriptor: Int32

    init() throws {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else {
            throw SlipwayError(.failed, doing: "preparing a connection", cause: SystemFailure.text(errno))
        }
    }

    deinit { Glibc.close(descriptor) }

    func signal() {
        var one: UInt64 = 1
        // Fails only when the counter is full, and then the reader is awake anyway.
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    func clear() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
}

/// The C library's words for its error numbers.
enum SystemFailure {
    static func text(_ number: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        // The XSI variant, which is what Swift sees, writes into the buffer.
        guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
