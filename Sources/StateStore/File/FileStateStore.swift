public import ClusterModel
import Foundation
import Glibc

/// A store in a folder: one folder for each cluster, everything readable by its owner only.
///
///     ROOT/CLUSTER/state.json      the state document
///                  journal.jsonl   the changes since
///                  secrets.enc     the secrets, encrypted
///                  lock            locked by whoever changes something
///                  lock.owner      who that is
///                  backups/        the last ten state documents, and a copy of the secrets
///                  runs/           one log for each run
///     ROOT/.deleted/CLUSTER-UID/runs/   logs of clusters that are no more
public struct FileStateStore: StateStore {
    public let root: String
    public let key: SecretsKey
    let context: RunContext
    let files: FileSystem
    /// A journal larger than this, in bytes, and than four times the document is folded while a run goes on.
    var foldingSize = 8 << 20

    /// Touches nothing yet: the folder is made when the first lock is taken. A relative path is made absolute now.
    public init(root: String, keyFile: KeyFile = .standard(), context: RunContext = .live) {
        self.init(root: root, key: SecretsKey(keyFile: keyFile), context: context)
    }

    /// The same with any key.
    public init(root: String, key: SecretsKey, context: RunContext = .live) {
        self.init(root: root, key: key, context: context, files: FileSystem())
    }

    init(root: String, key: SecretsKey, context: RunContext, files: FileSystem) {
        self.root = URL(fileURLWithPath: root).standardizedFileURL.path
        self.key = key
        self.context = context
        self.files = files
    }

    public var location: String { URL(fileURLWithPath: root, isDirectory: false).absoluteString }

    func folder(_ cluster: String) throws -> ClusterFolder {
        try FileName.check(cluster, "cluster")
        return ClusterFolder(path: "\(root)/\(cluster)")
    }

    // MARK: Reading

    public func clusters() async throws -> [String] {
        try await BlockingWork.run { try clusterNames() }
    }

    func clusterNames() throws -> [String] {
        try files.list(root).filter { name in
            guard let folder = try? folder(name), files.mode(folder.path).map({ $0 & S_IFMT == S_IFDIR }) == true else { return false }
            return try files.size(folder.state) != nil || !folder.traces(files).isEmpty
        }
    }

    public func readState(_ cluster: String) async throws -> ClusterState? {
        let folder = try folder(cluster)
        return try await BlockingWork.run {
            if let loaded = try folder.load(files, name: cluster) { return loaded.document.state }
            if let loss = try folder.loss(files, name: cluster) { throw loss }
            return nil
        }
    }

    public func readSecrets(_ cluster: String) async throws -> [String: Secret]? {
        let folder = try folder(cluster)
        return try await BlockingWork.run { try secrets(in: folder, cluster: cluster, lineage: nil) }
    }

    public func runs(_ cluster: String) async throws -> [String] {
        let folder = try folder(cluster)
        return try await BlockingWork.run {
            try files.list(folder.runs).filter { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(".jsonl".count)) }
        }
    }

    public func runEvents(_ cluster: String, run: String) async throws -> [RunEvent] {
        let folder = try folder(cluster)
        try FileName.check(run, "run")
        return try await BlockingWork.run {
            guard let log = try files.read(folder.run(run)) else {
                throw SlipwayError(
                    .notFound, at: Address(.cluster, cluster), doing: "reading the log of run \(run)", cause: "there is no such run",
                    hint: "slipway get runs \(cluster)")
            }
            return StateCoding.events(in: log)
        }
    }
}
