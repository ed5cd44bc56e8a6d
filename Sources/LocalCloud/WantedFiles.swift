import ClusterModel
import Glibc
import SystemPackage

/// Files that machines have from their first boot on: a lower layer of the machine's disk. Its files are second names of copies
/// in the cache, so all machines share them, on the host's disk and in its memory, and none can change them. Whoever needs
/// them compares their digests in the machine: what is in the cache is not trusted.
struct WantedFiles: Sendable {
    /// Copies in the cache, by their path in a machine.
    private let copies: [String: String]

    /// Finds the copies, or makes them, of several processes only one.
    init(_ files: [String: AssetFile], cacheRoot: String) async throws {
        let folder = "\(cacheRoot)/files"
        func path(_ file: AssetFile) -> String { "\(folder)/\(file.sha256)" }
        func isThere(_ file: AssetFile) -> Bool { Files.status(path(file)).map { $0.size == file.size } ?? false }
        if !files.values.allSatisfy(isThere) {
            try Files.makeFolder(folder, mode: 0o755)
            try await FolderLock.with(folder) {
                for file in files.values where !isThere(file) {
                    let staged = "\(folder)/.new"
                    try await Self.copy(file.path, to: staged)
                    try Files.check(chmod(staged, 0o755), "setting the mode of", staged)
                    try Files.own(staged, owner: 0, group: 0)
                    try Files.move(staged, to: path(file))
                }
            }
        }
        copies = files.mapValues(path)
    }

    /// Lays the files out in a folder that stands for the machine's root.
    func lay(at root: String) async throws {
        for (path, copy) in copies.sorted(by: { $0.key < $1.key }) {
            let target = root + path
            try Files.makeFolder(FilePath(target).removingLastComponent().string, mode: 0o755)
            guard link(copy, target) != 0 else { continue }
            // Another file system, or one without second names.
            try await Self.copy(copy, to: target)
        }
    }

    private static func copy(_ path: String, to target: String) async throws {
        try await Tool.output(
            "cp", ["--reflink=auto", "--preserve=mode,ownership", "--remove-destination", "--", path, target], doing: "copying \(path)")
    }
}
