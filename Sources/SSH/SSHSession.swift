internal import CLibSSH2
internal import ClusterModel
internal import Crypto
internal import Foundation
internal import Glibc

/// A connection that is logged in. Made, used and closed on one thread.
final class SSHSession {
    let host: HostEndpoint
    let handle: OpaquePointer
    let descriptor: Int32
    private var isClosed = false

    /// Takes the socket over, also when it throws.
    private init(host: HostEndpoint, descriptor: Int32) throws {
        guard LibSSH2.initialisation == 0, let handle = libssh2_session_init_ex(nil, nil, nil, nil) else {
            Glibc.close(descriptor)
            throw ConnectionFailure(reason: "libssh2 cannot be initialised")
        }
        self.host = host
        self.handle = handle
        self.descriptor = descriptor
    }

    /// Shakes hands over a connected socket, which it takes over, checks the host key and logs in.
    /// - Throws: `ConnectionFailure`, `HostKeyMismatch`, `NoCommonMethod`, `DeadlinePassed`, `SlipwayError` for a login that
    ///   is refused, or what the waiter throws.
    static func open(
        over descriptor: Int32, to command: RemoteCommand, hostKeys: HostKeyPreference, options: SSHOptions, waiter: Waiter,
        until deadline: Deadline
    ) throws -> SSHSession {
        let session = try SSHSession(host: command.host, descriptor: descriptor)
        do {
            try session.shakeHands(hostKeys, waiter, until: deadline)
            try session.checkHostKey()
            try session.logIn(command, waiter, until: deadline)
        } catch {
            session.close()
            throw error
        }
        // Without asking for replies: nothing reads them while the connection is idle. The peer's TCP acknowledges.
        let (seconds, _) = options.keepAliveInterval.components
        libssh2_keepalive_config(session.handle, 0, UInt32(clamping: max(2, seconds)))
        return session
    }

    /// Key exchange found nothing that both sides speak.
    struct NoCommonMethod: Error {}

    private func shakeHands(_ hostKeys: HostKeyPreference, _ waiter: Waiter, until deadline: Deadline) throws {
        libssh2_session_set_blocking(handle, 0)
        for (kind, names) in LibSSH2.methods + [(LIBSSH2_METHOD_HOSTKEY, hostKeys.rawValue)] {
            guard libssh2_session_method_pref(handle, kind, names) == 0 else {
                throw ConnectionFailure(reason: "this libssh2 supports none of \(names)")
            }
        }
        let status = try repeating(waiter, until: deadline) { libssh2_session_handshake(handle, descriptor) }
        if status == LIBSSH2_ERROR_KEX_FAILURE { throw NoCommonMethod() }
        guard status == 0 else { throw ConnectionFailure(reason: "no SSH handshake: \(failureText(status))") }
    }

    private func checkHostKey() throws {
        var count = 0
        var type: Int32 = 0
        guard let key = libssh2_session_hostkey(handle, &count, &type) else {
            throw ConnectionFailure(reason: "the host shows no host key")
        }
        let digest = SHA256.hash(data: UnsafeRawBufferPointer(start: key, count: count))
        let base64 = Data(digest).base64EncodedString().prefix { $0 != "=" }
        let fingerprint = "SHA256:\(base64)"
        guard host.acceptedFingerprints.contains(fingerprint) else {
            throw HostKeyMismatch(presented: fingerprint, isEd25519: type == LIBSSH2_HOSTKEY_TYPE_ED25519)
        }
    }

    private func logIn(_ command: RemoteCommand, _ waiter: Waiter, until deadline: Deadline) throws {
        let identity = try SSHIdentity(host.identity)
        let status = try host.user.withCString { user in
            try identity.publicKey.withUnsafeBytes { publicKey in
                try identity.privateKey.withUnsafeBytes { privateKey in
                    try repeating(waiter, until: deadline) {
                        libssh2_userauth_publickey_frommemory(
                            handle, user, strlen(user), publicKey.bindMemory(to: CChar.self).baseAddress, publicKey.count,
                            privateKey.bindMemory(to: CChar.self).baseAddress, privateKey.count, "")
                    }
                }
            }
        }
        switch status {
        case 0:
            return
        case LIBSSH2_ERROR_AUTHENTICATION_FAILED, LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED:
            throw command.slipway(
                .failed, "the host does not let \(host.user) in with this key",
                hint: "check that the machine has the cluster's key in the authorized_keys of \(host.user)")
        case LIBSSH2_ERROR_FILE:
            throw command.slipway(.failed, "libssh2 cannot read the key to log in with: \(failureText(status))")
        default:
            throw ConnectionFailure(reason: "no login: \(failureText(status))")
        }
    }

    // MARK: Calls

    /// Repeats a call for as long as it says that it would block, waiting for the socket between.
    func repeating(_ waiter: Waiter, until deadline: Deadline, _ call: () -> Int32) throws -> Int32 {
        while true {
            let status = call()
            guard status == LIBSSH2_ERROR_EAGAIN else { return status }
            try waitForSocket(waiter, until: deadline)
        }
    }

    /// Repeats a call for as long as a packet of it is only half sent: libssh2 allows no other call before. That it would
    /// block for want of something to read is an answer here.
    func sendingWhole(_ waiter: Waiter, until deadline: Deadline, _ call: () -> Int) throws -> Int {
        while true {
            let status = call()
            guard status == Int(LIBSSH2_ERROR_EAGAIN), isSendUnfinished else { return status }
            try waitForSocket(waiter, until: deadline)
        }
    }

    func waitForSocket(_ waiter: Waiter, until deadline: Deadline) throws {
        let directions = libssh2_session_block_directions(handle)
        var events: Int16 = 0
        if directions & LIBSSH2_SESSION_BLOCK_OUTBOUND != 0 { events |= Int16(POLLOUT) }
        if directions & LIBSSH2_SESSION_BLOCK_INBOUND != 0 || events == 0 { events |= Int16(POLLIN) }
        // While something is half sent a keep-alive may not be sent, and is of no use.
        guard !isSendUnfinished else { return try waiter.wait(for: descriptor, events, until: deadline) }
        while true {
            let next = try keepAlive()
            do {
                return try waiter.wait(for: descriptor, events, until: min(deadline, next))
            } catch is DeadlinePassed where next < deadline {}
        }
    }

    var isSendUnfinished: Bool { libssh2_session_block_directions(handle) & LIBSSH2_SESSION_BLOCK_OUTBOUND != 0 }

    /// Sends a keep-alive when one is due.
    /// - Returns: When the next one is due.
    /// - Throws: `ConnectionFailure`
    func keepAlive() throws -> Deadline {
        var seconds: Int32 = 0
        let status = libssh2_keepalive_send(handle, &seconds)
        guard status == 0 else { throw ConnectionFailure(reason: failureText(status)) }
        // 0 means that none is configured yet: during the handshake.
        return .now + .seconds(seconds > 0 ? Int(seconds) : 3600)
    }

    /// True when the peer has closed the connection or it broke. Finds out without reading from it.
    var isHungUp: Bool {
        var descriptors = [pollfd(fd: descriptor, events: Self.hangUp, revents: 0)]
        return poll(&descriptors, 1, 0) > 0 && descriptors[0].revents != 0
    }

    /// The poll(2) event for a peer that has closed its side (Linux's POLLRDHUP, which Swift does not see).
    static let hangUp: Int16 = 0x2000

    /// What went wrong in the last call, in the library's words.
    func failureText(_ status: Int32) -> String {
        var message: UnsafeMutablePointer<CChar>?
        var length: Int32 = 0
        libssh2_session_last_error(handle, &message, &length, 0)
        guard let message, length > 0 else { return "libssh2 error \(status)" }
        return "\(String(cString: message)) (libssh2 error \(status))"
    }

    // MARK: The end

    /// Says good-bye where that is possible at once, and gives everything back. Never waits for the peer.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        if !isSendUnfinished {
            _ = libssh2_session_disconnect_ex(handle, SSH_DISCONNECT_BY_APPLICATION, "", "")
        }
        // After this nothing that libssh2 still wants to send or read can block.
        shutdown(descriptor, Int32(SHUT_RDWR))
        for _ in 0..<100 where libssh2_session_free(handle) != LIBSSH2_ERROR_EAGAIN { break }
        Glibc.close(descriptor)
    }

    deinit { close() }
}
