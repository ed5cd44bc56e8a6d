import ClusterModel

/// The object that is the lock. It is only ever replaced under a condition, by whoever read it last; no two puts of it hold
/// the same bytes.
struct LockDocument: Codable, Sendable, Equatable {
    static let formatVersion = 1

    enum Status: String, Codable, Sendable {
        case held
        /// Given back, or removed by `unlock`. Anyone may take it.
        case free
    }

    var formatVersion = LockDocument.formatVersion
    var status = Status.held
    /// Whose it is, or was.
    var holder: LockInfo
    var process: ProcessIdentity?
    /// Seconds after its last renewal at which it ends by itself.
    var lease: Double
    /// Grows with each renewal.
    var beat = 0
    /// Who removed it, when its holder did not give it back.
    var removedBy: String?

    func bytes() throws -> [UInt8] { try StateCoding.encode(self) + [UInt8(ascii: "\n")] }

    /// - Throws: `.refused` for what a newer version wrote, or nobody of us.
    init(_ bytes: [UInt8], cluster: String, key: String) throws {
        struct Version: Decodable { var formatVersion: Int }
        func refusal(_ cause: String, _ hint: String) -> SlipwayError {
            SlipwayError(.refused, at: Address(.state, cluster), doing: "reading the lock", cause: cause, hint: hint)
        }
        if let version = try? StateCoding.decode(Version.self, bytes), version.formatVersion > Self.formatVersion {
            throw refusal(
                "its format version is \(version.formatVersion), this version of Slipway reads up to \(Self.formatVersion)",
                "use the version of Slipway that wrote it, or a newer one")
        }
        guard let document = try? StateCoding.decode(Self.self, bytes) else {
            throw refusal("\(key) is damaged", "if nothing works on the cluster, remove that object")
        }
        self = document
    }

    init(holder: LockInfo, lease: Duration) {
        self.holder = holder
        process = ProcessIdentity.current
        self.lease = lease / .seconds(1)
    }
}
