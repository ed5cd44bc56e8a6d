internal import ClusterModel
internal import Glibc

/// Opens the byte stream that an SSH connection runs over: a TCP connection, or a channel through a jump host.
protocol SSHTransport: Sendable {
    /// A connected, non-blocking, close-on-exec socket that is now the caller's to close.
    /// - Throws: `TransportFailure`, `DeadlinePassed`, or what the waiter throws.
    func connect(to host: HostEndpoint, options: SSHOptions, waiter: Waiter, until deadline: Deadline) throws -> Int32
}

/// Why there is no byte stream. Trying again may help.
struct TransportFailure: Error {
    let reason: String
}

struct TCPTransport: SSHTransport {
    func connect(to host: HostEndpoint, options: SSHOptions, waiter: Waiter, until deadline: Deadline) throws -> Int32 {
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let descriptor = socket(AF_INET, Int32(kind), 0)
        guard descriptor >= 0 else { throw TransportFailure(reason: SystemFailure.text(errno)) }
        do {
            set(descriptor, TCP_NODELAY, 1)
            // Ends a connection whose peer is gone without a word; keep-alives see to it that there is something to
            // acknowledge.
            set(descriptor, TCP_USER_TIMEOUT, options.deadPeerTimeout.pollMilliseconds)
            try connect(descriptor, to: host)
            try waiter.wait(for: descriptor, Int16(POLLOUT), until: deadline)
            let failure = pendingError(descriptor)
            guard failure == 0 else { throw TransportFailure(reason: SystemFailure.text(failure)) }
            return descriptor
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    private func connect(_ descriptor: Int32, to host: HostEndpoint) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = host.port.bigEndian
        address.sin_addr.s_addr = host.address.rawValue.bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 || errno == EINPROGRESS else { throw TransportFailure(reason: SystemFailure.text(errno)) }
    }

    private func set(_ descriptor: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        _ = setsockopt(descriptor, Int32(IPPROTO_TCP), option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private func pendingError(_ descriptor: Int32) -> Int32 {
        var failure: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 ? failure : errno
    }
}
