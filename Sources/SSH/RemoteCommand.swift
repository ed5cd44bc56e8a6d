internal import ClusterModel

/// A script with its input, bound for a host.
struct RemoteCommand: Sendable {
    /// What it is, for errors.
    var doing: String
    var script: String
    var input: CommandInput
    var host: HostEndpoint
    /// Counts from the moment the host's connection is free for it.
    var timeout: Duration

    var address: Address { Address(.host, host.machine) }

    /// - Throws: `SlipwayError` for what can be known to fail without asking the host.
    func check() throws {
        guard !script.utf8.contains(0) else {
            throw SlipwayError(.bug, at: address, doing: doing, cause: "the script holds a NUL character, which no shell can read")
        }
        guard !host.acceptedFingerprints.isEmpty, host.acceptedFingerprints.allSatisfy({ $0.hasPrefix("SHA256:") }) else {
            throw SlipwayError(
                .refused, at: address, doing: doing, cause: "no host key is pinned for this machine (SHA256:...), so it cannot be known",
                hint: "run the same command again; if that does not help, replace the machine")
        }
        do { _ = try SSHIdentity(host.identity) } catch let error as SlipwayError { throw error.at(address) }
    }
}

/// How a script travels and comes back.
///
/// It goes over standard input, ahead of the command's own input, so it shows in no list of processes and may be as
/// long as it likes. Its end tells whether all of it arrived: a part of a script is never run. What is written before the
/// `begin` marker (by the user's shell profile) is dropped. Its status comes back by an `end` marker on both streams,
/// since the SSH exit status is 0 for a channel that died, and since a child that the script leaves behind would hold
/// the streams open.
struct RemoteScript {
    /// What sshd is asked to run. Standard input must begin with `prologue`.
    let command: String
    /// The script in its travelling form.
    let prologue: [UInt8]
    let markers: ScriptMarkers

    init(_ script: String, timeout: Duration, token: String) {
        markers = ScriptMarkers(token: token)
        prologue = Array("\(script)\n#\(token)".utf8)
        // The marker's own status says nothing about how the script's shell is called: `eval` in a subshell keeps an
        // `exit` or a syntax error from taking the marker with it.
        let inner = """
            slipway_token=\(token)
            slipway_script=$(head -c \(prologue.count))
            case $slipway_script in *"#$slipway_token") ;; *) exit 1 ;; esac
            slipway_script=${slipway_script%"#$slipway_token"}
            (eval "$slipway_script")
            slipway_status=$?
            echo "\(ScriptMarkers.end) $slipway_token $slipway_status"
            echo "\(ScriptMarkers.end) $slipway_token $slipway_status" >&2
            """
        // `timeout` ends what is left when nobody is there any more to do it. It leads the process group, so one signal
        // to it ends all of it; it sends SIGKILL to what ignores SIGTERM.
        let outer = """
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
            export PATH LC_ALL
            slipway_token=\(token)
            echo "\(ScriptMarkers.begin) $slipway_token $$"
            echo "\(ScriptMarkers.begin) $slipway_token $$" >&2
            exec timeout -k 5 \(Self.remoteSeconds(timeout)) /bin/sh -c \(inner.shellQuoted)
            """
        command = "exec /bin/sh -c \(outer.shellQuoted)"
    }

    /// Longer than the caller waits, so that it is the caller who says that the time is over.
    static func remoteSeconds(_ timeout: Duration) -> Int64 { max(0, timeout.components.seconds) + 10 }

    /// Ends the process group that `timeout` leads.
    static func termination(of leader: Int32) -> String { "exec /bin/sh -c 'kill -TERM \(leader)'" }
}

/// Lines that frame a script's output. The token is random, so no output holds one by chance; and not even a script that
/// prints the host's list of processes prints one, since word and token stand apart in what the host is asked to run.
struct ScriptMarkers {
    static let begin = "slipway-begin"
    static let end = "slipway-end"

    let beginPrefix: String
    let endPrefix: String

    init(token: String) {
        beginPrefix = "\(Self.begin) \(token) "
        endPrefix = "\(Self.end) \(token) "
    }

    static func newToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
