public import ClusterModel
import Foundation
import Glibc

/// A file that only its owner may read, as keys and passphrases need it.
public enum PrivateFile {
    /// What a passphrase's file says, without the newlines at its end. Blocks.
    /// - Throws: `.notFound` when it cannot be opened; `.refused` when others may read it.
    public static func passphrase(at path: String) throws -> Secret {
        func problem(_ code: SlipwayError.Code, _ cause: String, _ hint: String?) -> SlipwayError {
            SlipwayError(code, doing: "reading the passphrase from \(path)", cause: cause, hint: hint)
        }
        let files = FileSystem()
        guard let file = try files.open(path, O_RDONLY) else {
            throw problem(.notFound, "there is no such file", "name it with --passphrase-file")
        }
        let status = try files.status(of: file, path)
        // A pipe is nobody else's.
        if status.st_mode & S_IFMT == S_IFREG { try check(status, path) { throw problem(.refused, $0, $1) } }
        var bytes = try files.readAll(file, path)
        while let last = bytes.last, [UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(last) { bytes.removeLast() }
        guard !bytes.isEmpty else { throw problem(.refused, "it is empty", "put the passphrase into it, on one line") }
        return Secret(bytes)
    }

    /// What is wrong with a file of this mode; nil when only its owner may read it.
    public static func exposure(mode: UInt32, of path: String) -> (cause: String, hint: String)? {
        guard mode & 0o077 != 0 else { return nil }
        return ("others may read it (mode \(String(mode & 0o777, radix: 8)))", "if nobody did: chmod 600 \(path)")
    }

    static func check(_ status: stat, _ path: String, refuse: (_ cause: String, _ hint: String) throws -> Void) throws {
        if let (cause, hint) = exposure(mode: status.st_mode, of: path) { try refuse(cause, hint) }
        if status.st_uid != geteuid(), status.st_uid != 0 {
            try refuse("it belongs to user \(status.st_uid)", "if you trust its content: chown it to yourself")
        }
    }
}
