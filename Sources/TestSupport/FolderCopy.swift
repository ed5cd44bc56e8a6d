import Foundation

/// All that is in a folder, in memory, to be written out elsewhere as often as tests want to start from it.
public struct FolderCopy: Sendable {
    private struct Entry: Sendable {
        var path: String
        var mode: Int
        /// Nil for a folder.
        var bytes: Data?
    }

    private var entries: [Entry] = []

    public init(of folder: String) throws {
        let files = FileManager.default
        for path in try files.subpathsOfDirectory(atPath: folder).sorted() {
            let whole = "\(folder)/\(path)"
            let attributes = try files.attributesOfItem(atPath: whole)
            let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
            let bytes = isFolder ? nil : try Data(contentsOf: URL(fileURLWithPath: whole))
            entries.append(Entry(path: path, mode: attributes[.posixPermissions] as? Int ?? 0o600, bytes: bytes))
        }
    }

    /// Equal for equal folders: names, modes and contents.
    public var digest: [String] { entries.map { "\($0.path) \($0.mode) \($0.bytes?.hashValue ?? 0) \($0.bytes?.count ?? -1)" } }

    /// Writes everything into a folder that exists.
    public func write(to folder: String) throws {
        let files = FileManager.default
        for entry in entries {
            let path = "\(folder)/\(entry.path)"
            let attributes: [FileAttributeKey: Any] = [.posixPermissions: entry.mode]
            if let bytes = entry.bytes {
                guard files.createFile(atPath: path, contents: bytes, attributes: attributes) else { throw CocoaError(.fileWriteUnknown) }
            } else {
                try files.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: attributes)
            }
        }
    }
}
