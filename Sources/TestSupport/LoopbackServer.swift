import Foundation
import Glibc

/// A small HTTP server on 127.0.0.1 that answers as it is told, wrong answers included. One thread per connection.
public final class LoopbackServer: Sendable {
    public struct Request: Sendable {
        public var path: String
        /// How often the path was asked for, this time included.
        public var count: Int
        /// By their names in lower case; those that came twice with commas between.
        public var headers: [String: String]
        public var body: [UInt8] = []

        /// FIRST of `Range: bytes=FIRST-`.
        public var first: Int? {
            headers["range"].flatMap { $0.hasPrefix("bytes=") && $0.hasSuffix("-") ? Int($0.dropFirst(6).dropLast()) : nil }
        }
    }

    /// What goes over the wire for one request, byte by byte; then the connection is closed.
    public struct Answer: Sendable {
        public enum End: Sendable {
            /// In an orderly way, however much was promised.
            case close
            /// As a process that dies: the other side gets ECONNRESET.
            case reset
            /// Never, until the other side goes.
            case stall
        }

        public var head: String
        public var body: [UInt8] = []
        public var end = End.close
        /// Sends so many bytes at once, and waits in between.
        public var pace: (bytes: Int, seconds: Double)?

        public init(head: String, body: [UInt8] = []) {
            self.head = head
            self.body = body
        }

        public static func ok(_ body: [UInt8]) -> Answer { ok(body, length: body.count) }
        /// Promises more, or less, than it sends.
        public static func ok(_ body: [UInt8], length: Int) -> Answer { Answer(head: "200 OK\r\nContent-Length: \(length)", body: body) }
        public static func ok(_ text: String) -> Answer { ok(Array(text.utf8)) }
        public static let missing = status("404 Not Found")
        public static func status(_ line: String) -> Answer { Answer(head: "\(line)\r\nContent-Length: 0") }
        public static func redirect(_ location: String) -> Answer {
            Answer(head: "302 Found\r\nLocation: \(location)\r\nContent-Length: 0")
        }

        /// As a server does that knows ranges: the whole file, or what was asked for if the file is still the one it was.
        public static func file(_ body: [UInt8], tag: String, to request: Request) -> Answer {
            let unchanged = request.headers["if-range"].map { $0 == tag } ?? true
            guard let first = request.first, unchanged else {
                return Answer(head: "200 OK\r\nETag: \(tag)\r\nContent-Length: \(body.count)", body: body)
            }
            guard first < body.count else { return status("416 Range Not Satisfiable\r\nContent-Range: bytes */\(body.count)") }
            let head = """
                206 Partial Content\r\nETag: \(tag)\r\nContent-Length: \(body.count - first)\r\n\
                Content-Range: bytes \(first)-\(body.count - 1)/\(body.count)
                """
            return Answer(head: head, body: Array(body[first...]))
        }

        /// The same, but the connection ends after so many bytes of its body.
        public func cut(after count: Int, _ end: End = .close) -> Answer {
            var copy = self
            copy.body = Array(body.prefix(count))
            copy.end = end
            return copy
        }
    }

    public let url: String
    private let socket: Int32
    private let log: Log

    public convenience init(_ answer: @escaping @Sendable (_ path: String, _ count: Int) -> Answer) throws {
        try self.init { request in answer(request.path, request.count) }
    }

    public init(answer: @escaping @Sendable (Request) -> Answer) throws {
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
    public func stop() { shutdown(socket, Int32(SHUT_RDWR)) }

    /// How often the path was asked for.
    public func count(_ path: String) -> Int { log.requests.count { $0.path == path } }

    /// All requests so far.
    public var requests: [Request] { log.requests }

    private static func serve(_ connection: Int32, _ log: Log, _ answer: (Request) -> Answer) {
        defer { close(connection) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        func receive() -> Bool {
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return false }
            bytes += piece[..<count]
            return true
        }
        let end = Array("\r\n\r\n".utf8)
        while bytes.firstRange(of: end) == nil { guard receive() else { return } }
        guard let head = bytes.firstRange(of: end) else { return }
        guard var request = Request(head: String(decoding: bytes[..<head.lowerBound], as: UTF8.self)) else { return }
        // A body may come long after its head, and in pieces.
        let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
        while bytes.count < head.upperBound + length { guard receive() else { return } }
        request.body = Array(bytes[head.upperBound...].prefix(length))
        let answer = answer(log.add(request))
        guard send(connection, Array("HTTP/1.1 \(answer.head)\r\nConnection: close\r\n\r\n".utf8)) else { return }
        if let pace = answer.pace {
            for start in stride(from: 0, to: answer.body.count, by: pace.bytes) {
                guard send(connection, Array(answer.body[start..<min(answer.body.count, start + pace.bytes)])) else { return }
                usleep(UInt32(pace.seconds * 1_000_000))
            }
        } else {
            guard send(connection, answer.body) else { return }
        }
        switch answer.end {
        case .close: shutdown(connection, Int32(SHUT_WR))
        case .reset:
            // What was sent is to arrive before the reset does.
            usleep(50_000)
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
            return
        case .stall: break
        }
        // Let the other side read to the end before the connection goes.
        while recv(connection, &piece, piece.count, 0) > 0 {}
    }

    private static func send(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// `@unchecked`: the lock guards the only variable.
    private final class Log: @unchecked Sendable {
        private let lock = NSLock()
        private var all: [Request] = []

        var requests: [Request] { lock.withLock { all } }

        /// The same with its count.
        func add(_ request: Request) -> Request {
            lock.withLock {
                var request = request
                request.count = all.count { $0.path == request.path } + 1
                all.append(request)
                return request
            }
        }
    }
}

extension LoopbackServer.Request {
    /// Without its body, and not counted yet. Nil for what is no HTTP.
    fileprivate init?(head: String) {
        let lines = head.split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count > 1 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let (name, value) = (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces))
            headers[name] = headers[name].map { "\($0), \(value)" } ?? value
        }
        self.init(path: String(words[1]), count: 0, headers: headers)
    }
}
