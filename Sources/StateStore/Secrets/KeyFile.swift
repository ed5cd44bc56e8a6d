import ClusterModel
import Foundation
import Glibc

/// The file with the key that secrets are encrypted under: outside of every store, readable by its owner only.
public struct KeyFile: Sendable, Equatable {
    public let path: String

    public init(path: String) { self.path = URL(fileURLWithPath: path).standardizedFileURL.path }

    /// `$SLIPWAY_KEY_FILE`, else `~/.config/slipway/key`. `environment` nil: that of this process.
    public static func standard(environment: [String: String]? = nil) -> KeyFile {
        let environment = environment ?? ProcessInfo.processInfo.environment
        if let path = environment["SLIPWAY_KEY_FILE"], !path.isEmpty { return KeyFile(path: path) }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
        return KeyFile(path: "\(home)/.config/slipway/key")
    }

    private static let header = """
        # Slipway's key. The secrets of your clusters are encrypted under it. Keep a copy in a safe place, apart from
        # the state: without this key the secrets cannot be read, with it and the state anyone can read them.

        """

    /// The key, nil when there is no such file. Throws `.refused` when others may read it or it is no key file. Blocks.
    func load(_ files: FileSystem = FileSystem()) throws -> StoreKey? {
        guard let file = try files.open(path, O_RDONLY) else { return nil }
        let status = try files.status(of: file, path)
        guard status.st_mode & S_IFMT == S_IFREG else { throw refusal("it is not a file", hint: "name a key file with --key-file") }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw refusal("others may read it (mode \(mode))", hint: "if nobody did: chmod 600 \(path)")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw refusal("it belongs to user \(status.st_uid)", hint: "if you trust its content: chown it to yourself")
        }
        let lines = String(decoding: try files.readAll(file, path), as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard lines.count == 1, let bytes = Data(base64Encoded: lines[0]), bytes.count == StoreKey.byteCount else {
            throw refusal(
                "it is no key file: one line of base64 for \(StoreKey.byteCount) bytes is expected", hint: "restore it from a copy")
        }
        return StoreKey([UInt8](bytes))
    }

    /// The key, made when there is none. `neededID` names the key that secrets here were encrypted with, if there are
    /// any: then none is made, and `.notFound` is thrown instead. Blocks.
    func loadOrCreate(neededID: String?, _ files: FileSystem = FileSystem()) throws -> (key: StoreKey, created: Bool) {
        if let key = try load(files) { return (key, false) }
        if let neededID { throw missing(neededID) }
        try files.makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<StoreKey.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let text = Self.header + Data(bytes).base64EncodedString() + "\n"
        // Another process may do the same just now: the first one's key is everybody's.
        let created = try files.createOnce(path, Array(text.utf8))
        guard let key = try load(files) else { throw refusal("it vanished after it was made", hint: nil) }
        return (key, created)
    }

    func missing(_ id: String) -> SlipwayError {
        SlipwayError(
            .notFound, doing: "reading the key file", cause: "the key \(id) that encrypted the secrets is not here: \(path)",
            hint: "bring the key file back from your copy, or name it with --key-file")
    }

    private func refusal(_ cause: String, hint: String?) -> SlipwayError {
        SlipwayError(.refused, doing: "reading the key file \(path)", cause: cause, hint: hint)
    }
}
