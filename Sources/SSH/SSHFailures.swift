internal import ClusterModel

/// The connection cannot be made or used now. Trying again may help.
struct ConnectionFailure: Error {
    let reason: String
}

/// The connection broke, or the host ended the command, after the script may have begun.
struct CommandBroken: Error {
    let reason: String
    let log: [String]
}

/// The command did not end within its time.
struct CommandTimedOut: Error {
    let log: [String]
}

/// The command wrote more than is kept.
struct OutputLimitExceeded: Error {
    let log: [String]
}

/// The host's key is another one than the pinned one.
struct HostKeyMismatch: Error {
    let presented: String
    let isEd25519: Bool
}

/// The worker was told to stop.
struct WorkerStopped: Error {}

extension RemoteCommand {
    /// What the caller is told, for anything that can go wrong while the command is carried out.
    func failure(_ error: any Error) -> any Error {
        switch error {
        case let error as SlipwayError:
            return error.at(address)
        case is CancellationError:
            return error
        case let error as CommandBroken:
            return slipway(
                .failed, "the connection broke after the script had begun, so whether it ended is not known: \(error.reason)",
                hint: "run the same command again", log: error.log, retry: .transient)
        case let error as CommandTimedOut:
            return slipway(
                .failed, "timed out after \(timeout.text)",
                hint: "look at the host: slipway ssh CLUSTER \(host.machine)", log: error.log)
        case let error as OutputLimitExceeded:
            return slipway(.failed, "it writes more output than is kept, and was ended", log: error.log)
        case let error as LocalFileFailure:
            return slipway(.failed, "the local file \(error.path) cannot be used: \(error.reason)", hint: "fetch or build the file again")
        case is WorkerStopped:
            return slipway(.tryAgain, "the connections to the hosts were closed meanwhile", hint: "run the same command again")
        default:
            return slipway(.bug, "\(error)")
        }
    }

    func unreachable(_ reason: String, attempts: Int, within time: Duration) -> SlipwayError {
        let count = attempts == 1 ? "one attempt" : "\(attempts) attempts"
        return slipway(
            .unreachable, "\(host.address) port \(host.port) cannot be reached (\(count) in \(time.text)): \(reason)",
            hint: "check that the machine runs and that its SSH port is reachable from here", retry: .transient)
    }

    func mismatch(_ found: HostKeyMismatch) -> SlipwayError {
        slipway(
            .refused,
            "the host key is \(found.presented), but the one pinned for this machine is \(host.acceptedFingerprints.joined(separator: " or "))",
            hint: "something else may answer in the machine's place: find out what runs at \(host.address); "
                + "if the machine was set up anew by other means, replace it")
    }

    func slipway(
        _ code: SlipwayError.Code, _ cause: String, hint: String? = nil, log: [String] = [], retry: SlipwayError.Retry = .permanent
    ) -> SlipwayError {
        SlipwayError(code, at: address, doing: doing, cause: cause, hint: hint, log: log, retry: retry)
    }
}

extension Duration {
    /// As `15 s` or `0.5 s`.
    var text: String {
        let tenths = (self / .milliseconds(100)).rounded()
        let seconds = Int(tenths / 10)
        let rest = Int(tenths) % 10
        return rest == 0 ? "\(seconds) s" : "\(seconds).\(rest) s"
    }
}
