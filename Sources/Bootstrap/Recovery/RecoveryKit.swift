public import ClusterModel
import Crypto
import Foundation

/// What each control plane machine keeps, readable by root alone, for the day on which the state store is lost: the spec and
/// all secrets. Who has a key that the machines let in rebuilds the store from it.
///
/// It is in no content digest, as the spec says how many other machines there are: that must not touch what a machine runs.
public struct RecoveryKit: Sendable, Equatable {
    public static let path = "\(NodePaths.slipway)/recovery.json"
    /// The digest of the kit, and the checksum of its file. Written last.
    public static let checksumPath = "\(NodePaths.slipway)/recovery.sha256"
    public static let formatVersion = 1
    /// What errors of `init(_:)` say was being done.
    public static let reading = "reading the recovery kit"

    public var cluster: ClusterIdentity
    public var lineage: String
    /// The state's, when the kit was written: of two kits the one with the higher serial is the newer.
    public var serial: Int
    public var desired: Cluster
    /// As the state store keeps them, by name.
    public var secrets: [String: Secret]

    public init(cluster: ClusterIdentity, lineage: String, serial: Int, desired: Cluster, secrets: [String: Secret]) {
        self.cluster = cluster
        self.lineage = lineage
        self.serial = serial
        self.desired = desired
        self.secrets = secrets
    }

    /// What decides whether a kit is up to date: spec and secrets, these as their version.
    /// Serial and lineage follow them.
    public static func digest(cluster: ClusterIdentity, desired: Cluster, secretsVersion: String) -> String {
        struct Digested: Encodable {
            var format = RecoveryKit.formatVersion
            var cluster: ClusterIdentity
            var desired: Cluster
            var secretsVersion: String
        }
        return CanonicalJSON.digest(Digested(cluster: cluster, desired: desired, secretsVersion: secretsVersion))
    }

    // MARK: The file

    private struct File: Codable {
        var formatVersion: Int
        var cluster: ClusterIdentity
        var lineage: String
        var serial: Int
        var desired: Cluster
        /// Base64.
        var secrets: [String: String]
    }

    /// The file's content.
    public var bytes: Secret {
        Secret(
            CanonicalJSON.text(
                File(
                    formatVersion: Self.formatVersion, cluster: cluster, lineage: lineage, serial: serial, desired: desired,
                    secrets: secrets.mapValues { Data($0.reveal()).base64EncodedString() })) + "\n")
    }

    /// - Throws: `SlipwayError` that quotes nothing of the content.
    public init(_ bytes: Secret) throws {
        struct Version: Decodable { var formatVersion: Int }
        func failure(_ cause: String, _ hint: String? = nil) -> SlipwayError {
            SlipwayError(.failed, doing: Self.reading, cause: cause, hint: hint)
        }
        let data = Data(bytes.reveal())
        guard let version = try? JSONDecoder().decode(Version.self, from: data).formatVersion else { throw failure("it is damaged") }
        guard version <= Self.formatVersion else {
            throw failure(
                "its format version is \(version), this version of Slipway reads up to \(Self.formatVersion)",
                "use the version of Slipway that wrote it, or a newer one")
        }
        guard let file = try? JSONDecoder().decode(File.self, from: data) else { throw failure("it is damaged") }
        let secrets = try file.secrets.mapValues { text in
            guard let bytes = Data(base64Encoded: text) else { throw failure("it is damaged") }
            return Secret([UInt8](bytes))
        }
        self.init(cluster: file.cluster, lineage: file.lineage, serial: file.serial, desired: file.desired, secrets: secrets)
    }

    // MARK: On a machine

    /// Stores the kit that comes on standard input, if it came whole: beside its place first, the checksum last.
    /// - Parameter digest: `digest` of the kit.
    public func storeScript(digest: String) -> String {
        let sum = SHA256.hash(data: bytes.reveal()).hexadecimal
        return """
            set -eu
            umask 077
            mkdir -p \(NodePaths.slipway)
            cat >\(Self.path).new
            echo "\(sum)  \(Self.path).new" | sha256sum --check --status
            printf '# %s\\n%s  %s\\n' \(ShellQuoting.word(digest)) \(sum) \(Self.path) >\(Self.checksumPath).new
            sync \(Self.path).new \(Self.checksumPath).new
            mv -f \(Self.path).new \(Self.path)
            mv -f \(Self.checksumPath).new \(Self.checksumPath)

            """
    }

    /// Prints the kit. Ends with 3 where there is none, and with 4 when it is not as it was stored.
    public static let readScript = """
        [ -e \(path) ] || exit 3
        sha256sum --check --status \(checksumPath) 2>/dev/null || exit 4
        cat \(path)

        """

    /// Prints the digest of the kit that is there; nothing where there is none or it is not as it was stored.
    public static let digestScript = """
        if sha256sum --check --status \(checksumPath) 2>/dev/null; then sed -n 's/^# \\([0-9a-f]*\\)$/\\1/p' \(checksumPath) | head -n 1; fi

        """
}
