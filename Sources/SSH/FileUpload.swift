internal import ClusterModel
internal import Crypto

/// One file on its way to a host.
struct FileUpload {
    /// Exit status of the script when what arrived is not what was sent.
    private static let corrupted: Int32 = 86
    /// Files up to this size are flushed to the disk before they are renamed: they are configuration, and a host that
    /// loses its power must not come back with an empty one. What is bigger (binaries) is checked by digest later.
    private static let flushLimit = 1 << 20

    private let host: HostEndpoint
    private let path: String
    private let input: CommandInput
    private let script: String
    private var doing: String { "uploading \(path)" }

    /// - Throws: `SlipwayError` for a path or mode that no file can have.
    init(_ content: HostFileContent, to path: String, mode: UInt16, on host: HostEndpoint) throws {
        self.host = host
        self.path = path
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        guard path.utf8.first == UInt8(ascii: "/"), let slash, !["", ".", ".."].contains(path[path.utf8.index(after: slash)...]),
            !path.utf8.contains(0), mode <= 0o7777
        else {
            throw SlipwayError(
                .bug, at: Address(.host, host.machine), doing: "uploading \(path.debugDescription)",
                cause: "the path is not absolute, does not name a file or holds a NUL character, or the mode \(String(mode, radix: 8)) is none")
        }
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        let sha256: String
        let isFlushed: Bool
        switch content {
        case .bytes(let bytes):
            sha256 = SHA256.hash(data: bytes).hexadecimal
            input = .bytes(bytes)
            isFlushed = bytes.count <= Self.flushLimit
        case .file(let file, let expected):
            sha256 = expected
            input = .file(path: file, sha256: expected)
            isFlushed = false
        }
        script = """
            set -eu
            umask 022
            folder=\(folder.shellQuoted)
            path=\(path.shellQuoted)
            mkdir -p -- "$folder"
            umask 077
            new=$(mktemp -- "$folder/.slipway-XXXXXXXXXX")
            trap 'rm -f -- "$new"' EXIT
            trap 'exit 1' HUP INT TERM
            cat > "$new"
            sum=$(sha256sum < "$new")
            if [ "${sum%% *}" != \(sha256.shellQuoted) ]; then
                echo "what arrived has SHA-256 ${sum%% *}" >&2
                exit \(Self.corrupted)
            fi
            chown 0:0 -- "$new"
            chmod \(String(mode, radix: 8)) -- "$new"
            \(isFlushed ? "sync -- \"$new\"" : ":")
            mv -fT -- "$new" "$path"
            """
    }

    func command(timeout: Duration) -> RemoteCommand {
        RemoteCommand(doing: doing, script: script, input: input, host: host, timeout: timeout)
    }

    /// - Throws: `SlipwayError` when the script did not do it.
    func check(_ result: HostResult) throws {
        guard result.exitStatus != 0 else { return }
        let lines = result.errorText.lastLines()
        throw SlipwayError(
            .failed, at: Address(.host, host.machine), doing: doing,
            cause: lines.last ?? "the host's script ended with status \(result.exitStatus)", log: lines,
            retry: result.exitStatus == Self.corrupted ? .transient : .permanent)
    }
}

extension String {
    /// The last lines, oldest first, for the log of an error.
    func lastLines(_ count: Int = 20) -> [String] {
        split(whereSeparator: \.isNewline).suffix(count).map(String.init)
    }
}
