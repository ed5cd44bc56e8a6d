internal import ClusterModel
internal import Crypto
internal import Glibc

/// What goes to a command's standard input.
enum CommandInput: Sendable {
    case bytes([UInt8])
    /// A file of this machine. What is read must have this SHA-256 (lower-case hex) in the end.
    case file(path: String, sha256: String)
}

/// A file of this machine cannot be read, or holds something else than was said.
struct LocalFileFailure: Error {
    let path: String
    let reason: String
}

/// Gives out a command's standard input piece by piece from memory that does not move: libssh2 wants the same pointer
/// again when it could not send at once. Used on one thread.
final class InputReader {
    private static let chunk = 1 << 20

    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: InputReader.chunk, alignment: 16)
    private var filled = 0
    private var sent = 0

    /// What goes ahead of the input, then what is in memory.
    private var memory: [ArraySlice<UInt8>]
    private var file: (descriptor: Int32, path: String, sha256: String, hash: SHA256)?
    private(set) var prologueLeft: Int

    /// - Throws: `LocalFileFailure`
    init(prologue: [UInt8], input: CommandInput) throws {
        prologueLeft = prologue.count
        memory = [prologue[...]]
        switch input {
        case .bytes(let bytes):
            memory.append(bytes[...])
        case .file(let path, let sha256):
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            // All members have their values, so `deinit` runs when this throws.
            guard descriptor >= 0 else { throw LocalFileFailure(path: path, reason: SystemFailure.text(errno)) }
            file = (descriptor, path, sha256, SHA256())
        }
    }

    deinit {
        if let file { Glibc.close(file.descriptor) }
        buffer.deallocate()
    }

    /// What is to be sent next; the same memory until `advance` is called. Nil at the end.
    /// - Throws: `LocalFileFailure`
    func pending() throws -> UnsafeRawBufferPointer? {
        if sent == filled {
            filled = try refill()
            sent = 0
        }
        return sent < filled ? UnsafeRawBufferPointer(rebasing: buffer[sent..<filled]) : nil
    }

    func advance(by count: Int) {
        sent += count
        prologueLeft = max(0, prologueLeft - count)
    }

    private func refill() throws -> Int {
        while let next = memory.first {
            guard !next.isEmpty else {
                memory.removeFirst()
                continue
            }
            let piece = next.prefix(buffer.count)
            piece.withUnsafeBytes { buffer.copyMemory(from: $0) }
            memory[0] = next.dropFirst(piece.count)
            return piece.count
        }
        guard let open = file else { return 0 }
        let count = read(open.descriptor, buffer.baseAddress, buffer.count)
        if count > 0 {
            file?.hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            return count
        }
        let reason = SystemFailure.text(errno)
        file = nil
        Glibc.close(open.descriptor)
        guard count == 0 else { throw LocalFileFailure(path: open.path, reason: reason) }
        let found = open.hash.finalize().hexadecimal
        guard found == open.sha256 else {
            throw LocalFileFailure(path: open.path, reason: "its SHA-256 is \(found), expected was \(open.sha256)")
        }
        return 0
    }
}
