import Testing

@testable import SSH

extension SSHTests {
    @Suite struct Streams {
        let markers = ScriptMarkers(token: "0123")

        private func feed(_ text: String, by size: Int, limit: Int = 1000) throws -> MarkedStream {
            var stream = MarkedStream(markers, limit: limit)
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                try rest.prefix(size).withUnsafeBytes { try stream.append($0) }
                rest = rest.dropFirst(size)
            }
            return stream
        }

        @Test(arguments: 1...60)
        func `What stands between the markers is kept, however it is cut`(size: Int) throws {
            let stream = try feed("motd\nslipway-begin 0123 77\nout\nput no newlineslipway-end 0123 3\nlate", by: size)
            #expect(String(decoding: stream.bytes, as: UTF8.self) == "out\nput no newline")
            #expect(stream.leader == 77)
            #expect(stream.status == 3)
        }

        @Test(arguments: [1, 7, 500])
        func `Markers of another command are output`(size: Int) throws {
            let stream = try feed("slipway-begin 0123 1\nslipway-end 9999 0\nslipway-end 0123 12\n", by: size)
            #expect(String(decoding: stream.bytes, as: UTF8.self) == "slipway-end 9999 0\n")
            #expect(stream.status == 12)
        }

        @Test func `A marker without a number is output`() throws {
            let text = "slipway-end 0123 $status\nslipway-end 0123 x\n"
            let stream = try feed("slipway-begin 0123 1\n\(text)slipway-end 0123 2\n", by: 9)
            #expect(String(decoding: stream.bytes, as: UTF8.self) == text)
            #expect(stream.status == 2)
        }

        @Test func `Without its end marker a stream has no status`() throws {
            let stream = try feed("slipway-begin 0123 1\nslipway-end 0123 1", by: 5)
            #expect(stream.status == nil)
            #expect(stream.leader == 1)
        }

        @Test func `More than the limit is an error, the limit itself is not`() throws {
            let exact = try feed("slipway-begin 0123 1\n12345slipway-end 0123 0\n", by: 100, limit: 5)
            #expect(exact.status == 0)
            #expect(throws: MarkedStream.LimitExceeded.self) {
                try feed("slipway-begin 0123 1\n123456slipway-end 0123 0\n", by: 100, limit: 5)
            }
            #expect(throws: MarkedStream.LimitExceeded.self) { try feed(String(repeating: "x", count: 2000), by: 100) }
        }
    }
}
