internal import ClusterModel

/// The attempts of one call to get a connection that works, and the time it has for them.
struct ConnectAttempts {
    let command: RemoteCommand
    let start: Deadline
    let deadline: Deadline
    private(set) var count = 0
    private var lastReason = "there was no time left to try"

    init(command: RemoteCommand, start: Deadline, deadline: Deadline) {
        self.command = command
        self.start = start
        self.deadline = deadline
    }

    mutating func begin() { count += 1 }

    /// Waits before the next attempt: longer each time, up to two seconds, and not for the same time as others that
    /// were turned away at the same moment.
    /// - Throws: `SlipwayError` when no time is left for one.
    mutating func pause(after reason: String, _ waiter: Waiter) throws {
        lastReason = reason
        let longest = min(2.0, 0.1 * Double(1 << min(max(0, count - 1), 5)))
        let next = Deadline.now + .seconds(Double.random(in: longest / 2...longest))
        guard next < deadline else { throw unreachable }
        try waiter.sleep(until: next)
    }

    /// - Throws: `SlipwayError` when the time is over.
    func checkTime() throws {
        if Deadline.now >= deadline { throw unreachable }
    }

    private var unreachable: SlipwayError {
        command.unreachable(lastReason, attempts: count, within: Deadline.now - start)
    }
}

/// Makes connections that are logged in.
struct SSHConnector: Sendable {
    let options: SSHOptions
    let transport: any SSHTransport

    /// Tries until there is a connection or no time is left. What time does not mend ends it at once.
    /// - Throws: `SlipwayError`, or what the waiter throws.
    func connect(_ attempts: inout ConnectAttempts, _ waiter: Waiter) throws -> SSHSession {
        var hostKeys = HostKeyPreference.any
        var firstMismatch: HostKeyMismatch?
        while true {
            try attempts.checkTime()
            attempts.begin()
            let command = attempts.command
            do {
                return try attempt(command, hostKeys, waiter, until: attempts.deadline)
            } catch let mismatch as HostKeyMismatch {
                // The pin may be that of the host's ECDSA key.
                guard hostKeys == .any, mismatch.isEd25519 else { throw command.mismatch(firstMismatch ?? mismatch) }
                hostKeys = .ecdsa
                firstMismatch = mismatch
            } catch is SSHSession.NoCommonMethod {
                if let firstMismatch { throw command.mismatch(firstMismatch) }
                throw noCommonMethod(command, offer: try? offer(command, waiter, until: attempts.deadline))
            } catch let failure as ConnectionFailure {
                try attempts.pause(after: failure.reason, waiter)
            } catch let failure as TransportFailure {
                try attempts.pause(after: failure.reason, waiter)
            }
        }
    }

    private func attempt(
        _ command: RemoteCommand, _ hostKeys: HostKeyPreference, _ waiter: Waiter, until deadline: Deadline
    ) throws -> SSHSession {
        let descriptor = try open(command, waiter, until: deadline)
        do {
            return try SSHSession.open(
                over: descriptor, to: command, hostKeys: hostKeys, options: options, waiter: waiter,
                until: min(deadline, .now + options.handshakeTimeout))
        } catch is DeadlinePassed {
            throw ConnectionFailure(reason: "the host accepts the connection but does not finish the SSH handshake")
        }
    }

    private func open(_ command: RemoteCommand, _ waiter: Waiter, until deadline: Deadline) throws -> Int32 {
        // Each host on the way is connected to and logged in to.
        let time = options.connectTimeout + (options.connectTimeout + options.handshakeTimeout) * command.host.via.count
        do {
            return try transport.connect(to: command.host, options: options, waiter: waiter, until: min(deadline, .now + time))
        } catch is DeadlinePassed {
            throw ConnectionFailure(reason: "no answer to the TCP connection")
        }
    }

    // MARK: No common method

    private func offer(_ command: RemoteCommand, _ waiter: Waiter, until deadline: Deadline) throws -> MethodOffer {
        let descriptor = try open(command, waiter, until: deadline)
        return try MethodOffer(over: descriptor, waiter: waiter, until: min(deadline, .now + options.handshakeTimeout))
    }

    private func noCommonMethod(_ command: RemoteCommand, offer: MethodOffer?) -> SlipwayError {
        let library = "libssh2 \(LibSSH2.version)"
        guard let offer else {
            return command.slipway(
                .failed,
                "key exchange failed: the host and \(library) have no method in common, most often because the host has only an "
                    + "RSA host key", hint: "give the host an ed25519 host key (ssh-keygen -A) and restart its sshd")
        }
        let keys = offer.hostKeys.joined(separator: ", ")
        if offer.isRSAOnly {
            return command.slipway(
                .failed,
                "key exchange failed: the host offers only an RSA host key (\(keys)), and \(library) knows RSA only with SHA-1, "
                    + "which is not accepted", hint: "give the host an ed25519 host key (ssh-keygen -A) and restart its sshd")
        }
        return command.slipway(
            .failed,
            "key exchange failed: the host and \(library) have no method in common; it offers key exchange by "
                + "\(offer.keyExchanges.joined(separator: ", ")) and host keys \(keys)",
            hint: "allow curve25519-sha256, aes128-ctr, hmac-sha2-256 and ed25519 host keys in the host's sshd_config")
    }
}
