internal import Glibc

/// The methods that a host's sshd offers, read from its first packet (RFC 4253, section 7.1), which is not encrypted.
/// libssh2 says only that nothing fits; this says what is there, so that the user is told the true reason.
struct MethodOffer {
    let keyExchanges: [String]
    let hostKeys: [String]

    private static let sizeLimit = 64 << 10
    private static let keyExchangeInit: UInt8 = 20

    struct Unreadable: Error {}

    /// Reads it from a connected socket, which it closes.
    /// - Throws: `Unreadable`, `DeadlinePassed` or what the waiter throws.
    init(over descriptor: Int32, waiter: Waiter, until deadline: Deadline) throws {
        defer { Glibc.close(descriptor) }
        let banner = Array("SSH-2.0-slipway\r\n".utf8)
        _ = send(descriptor, banner, banner.count, Int32(MSG_NOSIGNAL))
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 8192)
        while received.count < Self.sizeLimit {
            try waiter.wait(for: descriptor, Int16(POLLIN), until: deadline)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            received += chunk[..<count]
            if let offer = Self(received) {
                self = offer
                return
            }
        }
        throw Unreadable()
    }

    /// Nil when not all of it is there yet.
    init?(_ received: [UInt8]) {
        var rest = received[...]
        while true {
            guard let newline = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            let isBanner = rest.starts(with: Array("SSH-".utf8))
            rest = rest[(newline + 1)...]
            if isBanner { break }
        }
        var fields = SSHFields(Array(rest))
        guard let packet = fields.string() else { return nil }
        var body = SSHFields(packet)
        guard body.take(1) != nil, body.take(1) == [Self.keyExchangeInit], body.take(16) != nil, let keyExchanges = body.text(),
            let hostKeys = body.text()
        else { return nil }
        self.keyExchanges = keyExchanges.split(separator: ",").map(String.init)
        self.hostKeys = hostKeys.split(separator: ",").map(String.init)
    }

    var isRSAOnly: Bool {
        !hostKeys.isEmpty && hostKeys.allSatisfy { $0.hasPrefix("rsa-sha2-") || $0.hasPrefix("ssh-rsa") }
    }
}
