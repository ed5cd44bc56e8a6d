import ClusterModel
import Foundation
import Glibc

/// The file with the key that secrets are encrypted under: outside of every store, readable by its owner only.
///
/// A rotation puts a new key before the old one: the first encrypts, all of them open.
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

    /// The key that encrypts, nil when there is no such file. Throws as `loadAll`. Blocks.
    func load(_ files: FileSystem = FileSystem()) throws -> StoreKey? { try loadAll(files).first }

    /// The keys, none when there is no such file. Throws `.refused` when others may read it or it is no key file. Blocks.
    func loadAll(_ files: FileSystem = FileSystem()) throws -> [StoreKey] { try lines(files).map { StoreKey($0.bytes) } }

    private func lines(_ files: FileSystem) throws -> [(text: String, bytes: [UInt8])] {
        guard let file = try files.open(path, O_RDONLY) else { return [] }
        let status = try files.status(of: file, path)
        guard status.st_mode & S_IFMT == S_IFREG else { throw refusal("it is not a file", hint: "name a key file with --key-file") }
        try PrivateFile.check(status, path) { throw refusal($0, hint: $1) }
        let lines = String(decoding: try files.readAll(file, path), as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty && !$0.hasPrefix("#") }
        let keys = lines.compactMap { line in
            Data(base64Encoded: line).flatMap { $0.count == StoreKey.byteCount ? (text: line, bytes: [UInt8]($0)) : nil }
        }
        guard !keys.isEmpty, keys.count == lines.count, Set(lines).count == lines.count else {
            throw refusal(
                "it is no key file: a line of base64 for \(StoreKey.byteCount) bytes is expected for each key, and each key once",
                hint: "restore it from a copy")
        }
        return keys
    }

    /// Puts a new key before those that are there, which go on opening what they sealed. Durable; a crash leaves the file as
    /// it was or as it is then. Blocks.
    /// - Returns: the new key's name and the one's that encrypted before.
    /// - Throws: `.notFound` when there is no such file: a new key in the place of a lost one would be in the way when that
    ///   comes back.
    public func rotate() throws -> (new: String, old: String) { try rotate(FileSystem()) }

    func rotate(_ files: FileSystem) throws -> (new: String, old: String) {
        let old = try lines(files)
        guard !old.isEmpty else {
            throw SlipwayError(
                .notFound, doing: "rotating the key", cause: "there is no key file \(path)",
                hint: "name it with --key-file, or bring it back from your copy")
        }
        let new = Self.randomBytes()
        let text =
            Self.header + "# It was rotated: the first key encrypts, the others open what they encrypted.\n"
            + ([Data(new).base64EncodedString()] + old.map(\.text)).map { $0 + "\n" }.joined()
        try files.replace(path, Array(text.utf8))
        return (StoreKey(new).id, StoreKey(old[0].bytes).id)
    }

    private static func randomBytes() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<StoreKey.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// The key, made when there is none. `neededID` names the key that secrets here were encrypted with, if there are
    /// any: then none is made, and `.notFound` is thrown instead. Blocks.
    func loadOrCreate(neededID: String?, _ files: FileSystem = FileSystem()) throws -> (key: StoreKey, created: Bool) {
        if let key = try load(files) { return (key, false) }
        if let neededID { throw missing(neededID) }
        try files.makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
        let text = Self.header + Data(Self.randomBytes()).base64EncodedString() + "\n"
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
