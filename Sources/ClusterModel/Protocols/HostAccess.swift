/// Commands and files on machines, whatever carries them (SSH, or a simulation).
public protocol HostAccess: Sendable {
    /// Runs a POSIX shell script as root and waits for its end. `input` goes to its standard input: secrets travel
    /// there, never in the script. Throws when the host cannot be reached, its key is not the pinned one, the time is
    /// over or the connection broke; an exit status other than zero is a result, not an error.
    func run(_ script: String, on host: HostEndpoint, input: [UInt8], timeout: Duration) async throws -> HostResult

    /// Writes one file: streamed to a temporary name beside `path`, checked against the SHA-256 of what was sent,
    /// given its mode and owner (root), then renamed. Folders on the way are made with mode 755.
    func upload(_ content: HostFileContent, to path: String, mode: UInt16, on host: HostEndpoint, timeout: Duration) async throws

    /// Closes all connections.
    func close() async
}

extension HostAccess {
    public func run(_ script: String, on host: HostEndpoint, timeout: Duration = .seconds(60)) async throws -> HostResult {
        try await run(script, on: host, input: [], timeout: timeout)
    }
}

public enum HostFileContent: Sendable {
    case bytes([UInt8])
    /// A file of this machine, streamed without being read into memory whole. `sha256` in lower-case hex.
    case file(path: String, sha256: String)
}

/// Where and as whom to log in.
public struct HostEndpoint: Sendable, Equatable {
    public var machine: String
    public var address: IPv4Address
    public var port: UInt16
    public var user: String
    /// `SHA256:...` (base64 without padding, as OpenSSH prints it) of the host keys that are accepted: one, or two while a machine
    /// changes from one to the other.
    public var acceptedFingerprints: [String]
    /// The private key to log in with, in OpenSSH's own file format.
    public var identity: Secret
    /// The hosts that the way leads through: the first is reached from here, each next one from the one before. Each is verified and
    /// logged in to like any other; their own `via` counts for nothing.
    public var via: [HostEndpoint] = []

    public init(
        machine: String, address: IPv4Address, port: UInt16 = 22, user: String = "root", acceptedFingerprints: [String], identity: Secret
    ) {
        self.machine = machine
        self.address = address
        self.port = port
        self.user = user
        self.acceptedFingerprints = acceptedFingerprints
        self.identity = identity
    }

    /// With one host key that is accepted.
    public init(
        machine: String, address: IPv4Address, port: UInt16 = 22, user: String = "root", hostKeyFingerprint: String, identity: Secret
    ) {
        self.init(
            machine: machine, address: address, port: port, user: user, acceptedFingerprints: [hostKeyFingerprint], identity: identity)
    }

    /// The first host key that is accepted, and when it is set the only one. Empty for none.
    public var hostKeyFingerprint: String {
        get { acceptedFingerprints.first ?? "" }
        set { acceptedFingerprints = [newValue] }
    }
}

public struct HostResult: Sendable, Equatable {
    public var exitStatus: Int32
    public var output: [UInt8]
    public var errorOutput: [UInt8]

    public init(exitStatus: Int32, output: [UInt8], errorOutput: [UInt8]) {
        self.exitStatus = exitStatus
        self.output = output
        self.errorOutput = errorOutput
    }

    public var text: String { String(decoding: output, as: UTF8.self) }
    public var errorText: String { String(decoding: errorOutput, as: UTF8.self) }
}
