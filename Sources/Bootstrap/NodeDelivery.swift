public import ClusterModel
import Templates

/// A file with its bytes, ready to be written.
public struct DeliveredFile: Sendable, Equatable {
    public var path: String
    public var mode: UInt16
    public var owner: String
    public var bytes: Secret

    public init(path: String, mode: UInt16, owner: String, bytes: Secret) {
        self.path = path
        self.mode = mode
        self.owner = owner
        self.bytes = bytes
    }
}

/// Brings many files to a machine in one round trip: `script` with `archive` on its standard input.
///
/// The script prints, one a line, the path of every file changed since the last finished delivery, interrupted ones included.
/// The caller carries out `NodeContent.effects(ofChanged:)` and then runs `ContentManifest.finishScript`.
public enum NodeDelivery {
    /// - Parameter removing: files that are no longer part of the content.
    public static func script(removing: [String] = []) -> String {
        "set -- \(ShellQuoting.words(removing))\n" + NodeTemplates.installScript
    }

    /// The standard input of `script`.
    /// - Throws: `SlipwayError` (`bug`) when a path is longer than the archive format allows.
    public static func archive(_ files: [DeliveredFile], folders: [NodeFolder] = []) throws -> [UInt8] {
        var archive = TarArchive()
        let list = folders.sorted { $0.path < $1.path }.map { "\(String($0.mode, radix: 8)) \($0.path)\n" }.joined()
        try archive.add(".slipway-folders", mode: 0o600, owner: "root", bytes: Array(list.utf8))
        for file in files.sorted(by: { $0.path < $1.path }) {
            try archive.add(String(file.path.drop { $0 == "/" }), mode: file.mode, owner: file.owner, bytes: file.bytes.reveal())
        }
        return archive.finished
    }

    /// The paths that `script` printed.
    public static func changedFiles(in output: String) -> [String] { output.split(separator: "\n").map(String.init).sorted() }
}

extension NodeContent {
    /// The content's files with their bytes.
    public func delivered(
        secret: (SecretReference) throws -> Secret, certificate: (String) throws -> IssuedCertificate
    ) rethrows -> [DeliveredFile] {
        try files.map { file in
            DeliveredFile(
                path: file.path, mode: file.mode, owner: file.owner,
                bytes: try file.content.bytes(secret: secret, certificate: certificate))
        }
    }

    /// What has to happen after these files changed.
    public func effects(ofChanged paths: [String]) -> ContentEffects {
        var effects = ContentEffects()
        var restarted: Set<NodeService> = []
        var reloaded: Set<NodeService> = []
        for path in paths {
            if path.hasPrefix(NodePaths.units + "/") { effects.reloadsUnits = true }
            switch file(at: path)?.effect ?? .nothing {
            case .nothing: break
            case .reload(let services): reloaded.formUnion(services)
            case .restart(let services): restarted.formUnion(services)
            case .restartControlPlane: restarted.formUnion([.apiserver, .controllerManager, .scheduler])
            case .replace: effects.replaces.append(path)
            }
        }
        effects.restart = services.filter(restarted.contains)
        effects.reload = services.filter { reloaded.contains($0) && !restarted.contains($0) }
        return effects
    }
}

/// The effects of several changed files, taken together. Services are in the order of starting. On a machine where a
/// service does not run yet there is nothing to restart (`systemctl try-restart`).
public struct ContentEffects: Sendable, Equatable {
    /// `systemctl daemon-reload` is due before anything else.
    public var reloadsUnits = false
    public var reload: [NodeService] = []
    public var restart: [NodeService] = []
    /// Changed files that ask for another machine. On a machine that never ran with the old ones they mean nothing.
    public var replaces: [String] = []

    public init() {}
}
