import ClusterModel
import Crypto
import Foundation
import Glibc
import Testing

@testable import SSH

extension SSHTests {
    @Suite struct Uploads {
        private func status(_ path: String) throws -> stat {
            var status = stat()
            try #require(lstat(path, &status) == 0)
            return status
        }

        private func names(in folder: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        }

        @Test func `A file arrives whole, with its mode, and its folders are made`() async throws {
            try await TestServer.with { server, hosts in
                let folder = "\(server.folder)/up/a/b"
                for (number, (bytes, mode)) in [
                    ([], 0o644), (Array("key\n".utf8), 0o600), (noise(3_000_000), 0o755), ([0, 255, 10], 0o4755),
                ].enumerated() {
                    try await hosts.upload(
                        .bytes(bytes), to: "\(folder)/\(number)", mode: UInt16(mode), on: server.endpoint, timeout: .seconds(60))
                    #expect(contents(of: "\(folder)/\(number)") == bytes)
                    let status = try status("\(folder)/\(number)")
                    #expect(status.st_mode == S_IFREG | UInt32(mode))
                    #expect(status.st_uid == 0 && status.st_gid == 0)
                }
                #expect(try status("\(server.folder)/up").st_mode == S_IFDIR | 0o755)
                #expect(try status(folder).st_mode == S_IFDIR | 0o755)
                #expect(try names(in: folder) == ["0", "1", "2", "3"])
            }
        }

        @Test func `A file is replaced at once, a link by a file`() async throws {
            try await TestServer.with { server, hosts in
                let folder = "\(server.folder)/up"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
                try FileManager.default.createSymbolicLink(atPath: "\(folder)/file", withDestinationPath: "\(server.folder)/elsewhere")
                for text in ["one", "two"] {
                    try await hosts.upload(
                        .bytes(Array(text.utf8)), to: "\(folder)/file", mode: 0o600, on: server.endpoint, timeout: .seconds(60))
                    #expect(contents(of: "\(folder)/file") == Array(text.utf8))
                }
                #expect(contents(of: "\(server.folder)/elsewhere") == nil)
                #expect(try names(in: folder) == ["file"])
            }
        }

        @Test func `A local file is streamed`() async throws {
            try await TestServer.with { server, hosts in
                let bytes = noise(64 << 20) + [1, 2, 3]
                #expect(FileManager.default.createFile(atPath: "\(server.folder)/local", contents: Data(bytes)))
                let sum = SHA256.hash(data: bytes).hexadecimal
                try await hosts.upload(
                    .file(path: "\(server.folder)/local", sha256: sum), to: "\(server.folder)/remote", mode: 0o755, on: server.endpoint,
                    timeout: .seconds(120))
                #expect(contents(of: "\(server.folder)/remote") == bytes)
            }
        }

        @Test(arguments: [
            "two words", "it's", "\"quoted\"", "$HOME", "$(touch ran)", "`touch ran`", "new\nline", "-n", "back\\slash", "*", "~", "é🛥",
            ";&|",
            "{a,b}", "#", "%s", String(repeating: "x", count: 255),
        ])
        func `Hostile paths are only names`(name: String) async throws {
            try await TestServer.with { server, hosts in
                let folder = "\(server.folder)/up/\(name)"
                try await hosts.upload(.bytes([1]), to: "\(folder)/\(name)", mode: 0o600, on: server.endpoint, timeout: .seconds(60))
                #expect(contents(of: "\(folder)/\(name)") == [1])
                #expect(try names(in: folder) == [name])
                #expect(try names(in: "\(server.folder)/up") == [name])
            }
        }

        @Test(arguments: ["", "relative", "/", "/folder/", "/folder/.", "/folder/..", "/nul\0"])
        func `Paths that name no file are refused`(path: String) async throws {
            let host = HostEndpoint(
                machine: "test-a-1", address: IPv4Address(rawValue: 0x7F00_0001), port: 1, hostKeyFingerprint: "SHA256:x",
                identity: Secret(""))
            let error = try await #require(throws: SlipwayError.self) {
                try await SSHHosts().upload(.bytes([]), to: path, mode: 0o600, on: host, timeout: .seconds(1))
            }
            #expect(error.code == .bug)
        }

        @Test func `What cannot be written is a permanent error with the host's words, and leaves nothing`() async throws {
            try await TestServer.with { server, hosts in
                let folder = "\(server.folder)/up"
                try FileManager.default.createDirectory(atPath: "\(folder)/taken", withIntermediateDirectories: true)
                #expect(FileManager.default.createFile(atPath: "\(folder)/file", contents: nil))
                for path in ["\(folder)/taken", "\(folder)/file/below"] {
                    let error = try await #require(throws: SlipwayError.self) {
                        try await hosts.upload(.bytes(noise(3_000_000)), to: path, mode: 0o600, on: server.endpoint, timeout: .seconds(60))
                    }
                    #expect(error.retry == .permanent)
                    #expect(error.doing == "uploading \(path)")
                    #expect(error.cause.contains("director"), "\(error.cause)")
                    #expect(!error.log.isEmpty)
                }
                #expect(try names(in: folder) == ["file", "taken"])
                #expect(try names(in: "\(folder)/taken") == [])
            }
        }

        @Test func `A local file that is not what was said is not delivered`() async throws {
            try await TestServer.with { server, hosts in
                try FileManager.default.createDirectory(atPath: "\(server.folder)/up", withIntermediateDirectories: false)
                #expect(FileManager.default.createFile(atPath: "\(server.folder)/local", contents: Data([1, 2, 3])))
                let wrong = String(repeating: "0", count: 64)
                for name in ["local", "missing"] {
                    let error = try await #require(throws: SlipwayError.self) {
                        try await hosts.upload(
                            .file(path: "\(server.folder)/\(name)", sha256: wrong), to: "\(server.folder)/up/file", mode: 0o600,
                            on: server.endpoint, timeout: .seconds(60))
                    }
                    #expect(error.retry == .permanent)
                    #expect(error.cause.contains("\(server.folder)/\(name)"))
                }
                #expect(try await eventually { try names(in: "\(server.folder)/up").isEmpty })
                #expect(try await hosts.run("echo next", on: server.endpoint).text == "next\n")
            }
        }

        @Test func `An upload whose connection breaks leaves the old file and nothing else`() async throws {
            try await TestServer.with { server, hosts in
                let folder = "\(server.folder)/up"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
                #expect(FileManager.default.createFile(atPath: "\(folder)/file", contents: Data([7])))
                // A fifo that gets no further bytes: the upload is certainly under way, and certainly not at its end.
                let local = "\(server.folder)/fifo"
                try #require(mkfifo(local, 0o600) == 0)
                let writer = open(local, O_RDWR | O_CLOEXEC)
                defer { Glibc.close(writer) }
                var bytes = noise(1000)
                try #require(write(writer, &bytes, bytes.count) == bytes.count)
                let call = Task {
                    try await hosts.upload(
                        .file(path: local, sha256: "none"), to: "\(folder)/file", mode: 0o600, on: server.endpoint, timeout: .seconds(300))
                }
                #expect(try await eventually { try names(in: folder).count == 2 })
                for session in await server.sessions { kill(session, SIGKILL) }
                // More than the window, so that the worker comes back from the fifo and finds the connection gone.
                try await Self.feed(writer, until: call)
                let error = try await #require(throws: SlipwayError.self) { try await call.value }
                #expect(error.retry == .transient)
                #expect(try await eventually { try names(in: folder) == ["file"] })
                #expect(contents(of: "\(folder)/file") == [7])
            }
        }

        /// Writes into a fifo until the task has ended, without ever blocking.
        private static func feed(_ writer: Int32, until task: Task<Void, any Error>) async throws {
            _ = fcntl(writer, F_SETFL, O_NONBLOCK)
            let feeder = Task.detached {
                var bytes = noise(4096)
                while !Task.isCancelled {
                    _ = write(writer, &bytes, bytes.count)
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
            _ = await task.result
            feeder.cancel()
        }
    }
}
