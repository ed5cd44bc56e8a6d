internal import CLibSSH2
internal import ClusterModel
internal import Foundation
internal import Glibc

/// Reaches hosts directly, or by a channel through the hosts on the way to them. Each of those is logged in to and has its host
/// key checked as every other; what it forwards is the next one's own encrypted connection.
struct JumpTransport: SSHTransport {
    private let direct = TCPTransport()

    func connect(to host: HostEndpoint, options: SSHOptions, waiter: Waiter, until deadline: Deadline) throws -> Int32 {
        guard var gate = host.via.last else {
            return try direct.connect(to: host, options: options, waiter: waiter, until: deadline)
        }
        gate.via = Array(host.via.dropLast())
        let command = RemoteCommand(
            doing: "connecting through \(gate.machine) to \(host.machine)", script: "", input: .bytes([]), host: gate,
            timeout: deadline - .now)
        try command.check()
        var attempts = ConnectAttempts(command: command, start: .now, deadline: deadline)
        let session = try SSHConnector(options: options, transport: self).connect(&attempts, waiter)
        do {
            let channel = try session.openTunnel(to: host, waiter, until: deadline)
            return try Tunnel.start(session, channel)
        } catch let failure as ConnectionFailure {
            session.close()
            throw TransportFailure(reason: "\(gate.machine) does not lead to \(host.address) port \(host.port): \(failure.reason)")
        } catch {
            session.close()
            throw error
        }
    }
}

extension SSHSession {
    /// A channel to another host, from this one on.
    /// - Throws: `ConnectionFailure`, `DeadlinePassed`, or what the waiter throws.
    fileprivate func openTunnel(to host: HostEndpoint, _ waiter: Waiter, until deadline: Deadline) throws -> OpaquePointer {
        while true {
            // The originator is for the host's log only.
            if let channel = libssh2_channel_direct_tcpip_ex(handle, host.address.description, Int32(host.port), "127.0.0.1", 0) {
                return channel
            }
            let status = libssh2_session_last_errno(handle)
            guard status == LIBSSH2_ERROR_EAGAIN else { throw ConnectionFailure(reason: failureText(status)) }
            try waitForSocket(waiter, until: deadline)
        }
    }
}

/// Carries bytes between a channel and one end of a pair of sockets, whose other end is the connection through it. Its thread
/// lives as long as both sides are open, and closes the session in the end.
private final class Tunnel {
    /// Bytes on their way in one direction, in memory that does not move: libssh2 may want the same again.
    private struct Pipe {
        private static let size = 64 << 10
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: Pipe.size, alignment: 16)
        private var pending = 0..<0

        var isEmpty: Bool { pending.isEmpty }
        /// What was not passed on yet.
        var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[pending]) }
        mutating func fill(_ count: Int) { pending = 0..<count }
        mutating func pass(_ count: Int) { pending = pending.lowerBound + count..<pending.upperBound }
    }

    private let session: SSHSession
    private let channel: OpaquePointer
    private let socket: Int32
    private var outgoing = Pipe()
    private var incoming = Pipe()
    /// Which call has sent a packet by half: libssh2 allows no other one before it was repeated.
    private var halfSent: Direction?

    private enum Direction {
        case out, `in`
    }

    private init(_ session: SSHSession, _ channel: OpaquePointer, _ socket: Int32) {
        self.session = session
        self.channel = channel
        self.socket = socket
    }

    deinit {
        outgoing.memory.deallocate()
        incoming.memory.deallocate()
    }

    /// - Returns: the connection's end; closing it ends the tunnel.
    /// - Throws: `TransportFailure`
    static func start(_ session: SSHSession, _ channel: OpaquePointer) throws -> Int32 {
        var ends: [Int32] = [-1, -1]
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        guard socketpair(AF_UNIX, Int32(kind), 0, &ends) == 0 else { throw TransportFailure(reason: SystemFailure.text(errno)) }
        // Handed over whole: whoever made session and channel uses them no more, and from here on one thread has them.
        nonisolated(unsafe) let tunnel = Tunnel(session, channel, ends[1])
        Thread.detachNewThread {
            Thread.current.name = "slipway-tunnel"
            tunnel.carry()
        }
        return ends[0]
    }

    private func carry() {
        while moveOut(), moveIn(), wait() {}
        session.close()
        Glibc.close(socket)
    }

    // Each of these is false when the tunnel is at its end.

    private func moveOut() -> Bool {
        guard halfSent != .in else { return true }
        while true {
            if outgoing.isEmpty {
                let count = read(socket, outgoing.memory.baseAddress, outgoing.memory.count)
                if count < 0 { return errno == EAGAIN || errno == EINTR }
                if count == 0 { return false }
                outgoing.fill(count)
            }
            let rest = outgoing.rest
            let count = libssh2_channel_write_ex(channel, 0, rest.bindMemory(to: CChar.self).baseAddress, rest.count)
            halfSent = count == Int(LIBSSH2_ERROR_EAGAIN) && session.isSendUnfinished ? .out : nil
            if count == Int(LIBSSH2_ERROR_EAGAIN) || count == 0 { return true }
            guard count > 0 else { return false }
            outgoing.pass(count)
        }
    }

    private func moveIn() -> Bool {
        guard halfSent != .out else { return true }
        while true {
            if incoming.isEmpty {
                let memory = incoming.memory
                let count = libssh2_channel_read_ex(channel, 0, memory.bindMemory(to: CChar.self).baseAddress, memory.count)
                halfSent = count == Int(LIBSSH2_ERROR_EAGAIN) && session.isSendUnfinished ? .in : nil
                if count == Int(LIBSSH2_ERROR_EAGAIN) { return true }
                if count == 0 { return libssh2_channel_eof(channel) == 0 }
                guard count > 0 else { return false }
                incoming.fill(count)
            }
            let rest = incoming.rest
            let count = send(socket, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            incoming.pass(count)
        }
    }

    private func wait() -> Bool {
        var due: Duration = .seconds(3600)
        if halfSent == nil {
            guard let next = try? session.keepAlive() else { return false }
            due = next - .now
            // The peer's window grew with what was read last: nothing on the socket tells of it any more.
            if !outgoing.isEmpty, libssh2_channel_window_write_ex(channel, nil) > 0 { return true }
        }
        // No more is read from either side than can be passed on; what waits for the peer's window is told of by what comes in.
        var own: Int16 = outgoing.isEmpty ? Int16(POLLIN) : 0
        if !incoming.isEmpty { own |= Int16(POLLOUT) }
        var remote: Int16 = incoming.isEmpty || !outgoing.isEmpty ? Int16(POLLIN) : 0
        if halfSent != nil { remote |= Int16(POLLOUT) }
        var descriptors = [
            pollfd(fd: socket, events: own, revents: 0), pollfd(fd: session.descriptor, events: remote, revents: 0),
        ]
        guard poll(&descriptors, 2, due.pollMilliseconds) >= 0 else { return errno == EINTR }
        // Whoever closed the other end wants nothing more, whatever is still on its way.
        let isClosed = descriptors[0].revents & Int16(POLLHUP | POLLERR) != 0
        return !isClosed || descriptors[0].revents & Int16(POLLIN) != 0
    }
}
