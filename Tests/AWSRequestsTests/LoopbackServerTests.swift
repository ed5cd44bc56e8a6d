import Foundation
import Glibc
import TestSupport
import Testing

/// The server that other tests ask hears all that it is asked.
@Suite struct LoopbackServerTests {
    /// As a busy machine sends it: the body some time after the head, and in pieces.
    @Test func aBodyThatComesAfterItsHeadIsReadWhole() async throws {
        let server = try LoopbackServer { .ok(String(decoding: $0.body, as: UTF8.self)) }
        defer { server.stop() }
        let connection = try Self.connect(to: server.url)
        defer { close(connection) }
        for piece in ["POST /a HTTP/1.1\r\nhost: x\r\nContent-Length: 10\r\n\r\n", "hello", "there"] {
            try #require(send(connection, piece, piece.utf8.count, Int32(MSG_NOSIGNAL)) == piece.utf8.count)
            try await Task.sleep(for: .milliseconds(50))
        }
        var bytes = [UInt8](repeating: 0, count: 1000)
        var answer: [UInt8] = []
        while case let count = recv(connection, &bytes, bytes.count, 0), count > 0 { answer += bytes[..<count] }
        #expect(String(decoding: answer, as: UTF8.self).hasSuffix("\r\n\r\nhellothere"))
        #expect(server.requests.map { String(decoding: $0.body, as: UTF8.self) } == ["hellothere"])
    }

    private static func connect(to url: String) throws -> Int32 {
        let port = try #require(url.split(separator: ":").last.flatMap { UInt16($0) })
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = port.bigEndian
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
        return connection
    }
}
