import ClusterModel

extension KubernetesAPIError {
    /// The error as the rest of Slipway knows it.
    func report(doing: String, at address: Address?, server: String) -> SlipwayError {
        SlipwayError(
            code, at: address, doing: doing, cause: cause(server: server), hint: hint,
            retry: isTransient || isConflict ? .transient : .permanent)
    }

    /// Somebody else changed the object since it was read. The same call cannot succeed; reading again and calling anew can.
    private var isConflict: Bool { if case .refused(let failure) = self { failure.status == 409 } else { false } }

    /// For a person to read, naming the server.
    func cause(server: String) -> String {
        switch self {
        case .unreachable(let reason), .untrusted(let reason), .interrupted(let reason): "\(server): \(reason)"
        case .timedOut(let time): "\(server): timed out after \(time.inSeconds)"
        case .refused(let failure): "\(server) answered \(failure)"
        case .unreadable(let reason): "\(server) sent an answer that makes no sense: \(reason)"
        case .tooLarge(let limit): "\(server) sent an answer of more than \(limit) bytes"
        case .unserved(let kind): "\(server) does not serve \(kind)"
        case .impossible(let reason): reason
        case .closed: "the client of \(server) is closed"
        }
    }

    private var code: SlipwayError.Code {
        switch self {
        case .unreachable, .untrusted, .timedOut, .interrupted: .unreachable
        case .refused, .unreadable, .tooLarge, .unserved: .failed
        case .impossible, .closed: .bug
        }
    }

    private var hint: String? {
        switch self {
        case .unreachable, .timedOut, .interrupted: "see that the control plane's machines run and that this host may reach their API"
        case .untrusted: "see that clocks are right and that the credentials are of this very cluster"
        case .refused(let failure) where failure.status == 401: "the client certificate may have expired, or be of another cluster"
        case .refused(let failure) where failure.isTransient: "try again in a moment"
        case .unserved: "see that the API version fits the cluster's Kubernetes version, and that its definitions are installed"
        case .refused, .unreadable, .tooLarge, .impossible, .closed: nil
        }
    }
}

extension Duration {
    /// As `10 s` or `0.25 s`.
    fileprivate var inSeconds: String {
        let hundredths = Int((self / .milliseconds(10)).rounded())
        guard hundredths % 100 != 0 else { return "\(hundredths / 100) s" }
        return "\(Double(hundredths) / 100) s"
    }
}
