import Foundation
import Glibc

/// A small HTTP server on 127.0.0.1 that answers as it is told, wrong answers included. One thread per connection.
final class LoopbackServer: Sendable {
    /// What goes over the wire for one request, byte by byte; then the connection is closed.
    struct Answer: Sendable {
        var head: String
        var body: [UInt8] = []

        static func ok(_ body: [UInt8]) -> Answer { ok(body, length: body.count) }
        /// Promises more, or less, than it sends.
        static func ok(_ body: [UInt8], length: Int) -> Answer { Answer(head: "200 OK\r\nContent-Length: \(length)", body: body) }
        static func ok(_ text: String) -> Answer { ok(Array(text.utf8)) }
        static let missing = status("404 Not Found")
        static func status(_ line: String) -> Answer { Answer(head: "\(line)\r\nContent-Length: 0") }
        static func redirect(_ location: String) -> Answer { Answer(head: "302 Found\r\nLocation: \(location)\r\nContent-Length: 0") }
    }

    let url: String
    private let socket: Int32
    private let log: Log

    /// `answer` gets the path and the number of requests for it so far, this one included.
    init(_ answer: @escaping @Sendable (_ path: String, _ count: Int) -> Answer) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, length) | listen(socket, 64) | getsockname(socket, address, &length)
            }
        }
        guard socket >= 0, result == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        let log = Log()
        self.socket = socket
        self.log = log
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread.detachNewThread {
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { break }
                Thread.detachNewThread { Self.serve(connection, log, answer) }
            }
            close(socket)
        }
    }

    /// Ends the accepting thread, which closes the socket.
    func stop() { shutdown(socket, Int32(SHUT_RDWR)) }

    /// How often the path was asked for.
    func count(_ path: String) -> Int { log.count(path) }

    private static func serve(_ connection: Int32, _ log: Log, _ answer: (String, Int) -> Answer) {
        defer { close(connection) }
        var request: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: request, as: UTF8.self).contains("\r\n\r\n") {
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return }
            request += piece[..<count]
        }
        let words = String(decoding: request, as: UTF8.self).split(separator: " ")
        guard words.count > 1 else { return }
        let path = String(words[1])
        let answer = answer(path, log.add(path))
        let bytes = Array("HTTP/1.1 \(answer.head)\r\nConnection: close\r\n\r\n".utf8) + answer.body
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(connection, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
        // Let the other side read to the end before the connection goes.
        shutdown(connection, Int32(SHUT_WR))
        while recv(connection, &piece, piece.count, 0) > 0 {}
    }

    /// `@unchecked`: the lock guards the only variable.
    private final class Log: @unchecked Sendable {
        private let lock = NSLock()
        private var counts: [String: Int] = [:]

        func add(_ path: String) -> Int {
            lock.withLock {
                counts[path, default: 0] += 1
                return counts[path, default: 0]
            }
        }

        func count(_ path: String) -> Int { lock.withLock { counts[path, default: 0] } }
    }
}
