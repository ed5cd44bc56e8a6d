import ClusterModel
import Foundation
import Glibc
import Testing

@testable import SSH

extension SSHTests {
    @Suite struct Commands {
        @Test func `Output, error output and status come back as they are`() async throws {
            try await TestServer.with { server, hosts in
                func run(_ script: String) async throws -> HostResult { try await hosts.run(script, on: server.endpoint) }

                let result = try await run("printf 'no newline'; echo oops >&2; exit 3")
                #expect(result.text == "no newline")
                #expect(result.errorText == "oops\n")
                #expect(result.exitStatus == 3)
                #expect(try await run("").exitStatus == 0)
                #expect(try await run("false").exitStatus == 1)
                #expect(try await run("false; true").exitStatus == 0)
                #expect(try await run("set -e; false; echo no").text == "")
                #expect(try await run("exit 255").exitStatus == 255)
                #expect(try await run("sh -c 'kill -9 $$'").exitStatus == 137)
                #expect(try await run("if").exitStatus != 0)
                #expect(try await run("cat <<END\nhere $((1 + 1))\nEND").text == "here 2\n")
                #expect(try await run("echo a \\\n").text == "a\n")
                #expect(try await run("# only a comment").exitStatus == 0)
                #expect(try await run("exec echo replaced").text == "replaced\n")
                #expect(
                    try await run("trap 'echo bye' EXIT; exit 4") == HostResult(exitStatus: 4, output: Array("bye\n".utf8), errorOutput: [])
                )
                #expect(try await run("id -u; umask; echo $LC_ALL").text == "0\n0022\nC.UTF-8\n")
                #expect(try await run("cat").text == "")
            }
        }

        @Test func `Input is separate from the script`() async throws {
            try await TestServer.with { server, hosts in
                let result = try await hosts.run(
                    "read -r first; echo \"[$first]\"; cat", on: server.endpoint, input: Array("one\ntwo\0three".utf8),
                    timeout: .seconds(30))
                #expect(result.output == Array("[one]\ntwo\0three".utf8))
                let unread = try await hosts.run("echo done", on: server.endpoint, input: noise(8 << 20), timeout: .seconds(60))
                #expect(unread.text == "done\n")
            }
        }

        @Test func `8 MB in and out on both streams at once`() async throws {
            try await TestServer.with { server, hosts in
                let input = noise(8 << 20)
                let result = try await hosts.run(
                    """
                    mkfifo \(server.folder)/fifo
                    cat \(server.folder)/fifo >&2 &
                    tee \(server.folder)/fifo
                    wait
                    """, on: server.endpoint, input: input, timeout: .seconds(120))
                #expect(result.exitStatus == 0)
                #expect(result.output == input)
                #expect(result.errorOutput == input)
            }
        }

        @Test func `A script of 1 MB runs, and shows in no list of processes`() async throws {
            try await TestServer.with { server, hosts in
                let script = """
                    # hidden-in-the-script
                    for file in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < "$file" 2>/dev/null; echo; done
                    cat
                    : \(String(repeating: "x", count: 1 << 20))
                    """
                let result = try await hosts.run(script, on: server.endpoint, input: Array("the input".utf8), timeout: .seconds(60))
                #expect(result.exitStatus == 0)
                #expect(result.text.hasSuffix("the input"))
                #expect(result.text.contains("sshd"))
                #expect(!result.text.contains("hidden-in-the-script"))
            }
        }

        @Test func `A child that holds the streams open holds up nobody`() async throws {
            try await TestServer.with { server, hosts in
                let start = ContinuousClock.now
                let result = try await hosts.run(
                    "sleep 600 & echo $! > \(server.folder)/child; echo done", on: server.endpoint, timeout: .seconds(60))
                #expect(result.text == "done\n")
                #expect(try await hosts.run("echo next", on: server.endpoint).text == "next\n")
                #expect(ContinuousClock.now - start < .seconds(30))
                let child = try #require(process(in: "\(server.folder)/child"))
                #expect(isAlive(child))
                kill(child, SIGKILL)
            }
        }

        @Test func `Output beyond the limit ends the script`() async throws {
            try await TestServer.with(options: SSHOptions(outputLimit: 1 << 20)) { server, hosts in
                let error = try await #require(throws: SlipwayError.self) {
                    try await hosts.run("echo $$ > \(server.folder)/pid; echo note >&2; exec cat /dev/zero", on: server.endpoint)
                }
                #expect(error.retry == .permanent)
                #expect(error.cause.contains("more output"))
                let pid = try #require(process(in: "\(server.folder)/pid"))
                #expect(await eventually { !isAlive(pid) })
                #expect(try await hosts.run("echo next", on: server.endpoint).text == "next\n")
            }
        }

        @Test func `A script that runs out of time is ended, with its children, and its last lines are told`() async throws {
            try await TestServer.with { server, hosts in
                let error = try await #require(throws: SlipwayError.self) {
                    try await hosts.run(
                        "sleep 600 & echo $! > \(server.folder)/child; echo $$ > \(server.folder)/pid; echo still waiting >&2; sleep 601",
                        on: server.endpoint, timeout: .seconds(2))
                }
                #expect(error.code == .failed)
                #expect(error.retry == .permanent)
                #expect(error.cause == "timed out after 2 s")
                #expect(error.log == ["still waiting"])
                let processes = try [#require(process(in: "\(server.folder)/pid")), #require(process(in: "\(server.folder)/child"))]
                #expect(await eventually { !processes.contains(where: isAlive) })
                #expect(try await hosts.run("echo next", on: server.endpoint).text == "next\n")
            }
        }

        @Test func `A script that ignores the request to end is killed`() async throws {
            try await TestServer.with { server, hosts in
                _ = try await #require(throws: SlipwayError.self) {
                    try await hosts.run(
                        "trap '' TERM; echo $$ > \(server.folder)/pid; while :; do sleep 1; done", on: server.endpoint, timeout: .seconds(1)
                    )
                }
                let pid = try #require(process(in: "\(server.folder)/pid"))
                #expect(await eventually(within: 30) { !isAlive(pid) })
            }
        }

        @Test func `A cancelled call ends its script promptly`() async throws {
            try await TestServer.with { server, hosts in
                let call = Task {
                    try await hosts.run("echo $$ > \(server.folder)/pid; sleep 600", on: server.endpoint, timeout: .seconds(700))
                }
                #expect(await eventually { process(in: "\(server.folder)/pid") != nil })
                let pid = try #require(process(in: "\(server.folder)/pid"))
                let start = ContinuousClock.now
                call.cancel()
                await #expect(throws: CancellationError.self) { try await call.value }
                #expect(ContinuousClock.now - start < .seconds(10))
                #expect(await eventually { !isAlive(pid) })
                #expect(try await hosts.run("echo next", on: server.endpoint).text == "next\n")
            }
        }

        @Test func `A call that is cancelled in the queue never runs`() async throws {
            try await TestServer.with { server, hosts in
                let first = Task {
                    try await hosts.run(
                        "touch \(server.folder)/running; until [ -e \(server.folder)/go ]; do sleep 0.05; done", on: server.endpoint)
                }
                #expect(await eventually { contents(of: "\(server.folder)/running") != nil })
                let second = Task { try await hosts.run("touch \(server.folder)/second", on: server.endpoint) }
                let cancelledAhead = Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return try await hosts.run("touch \(server.folder)/third", on: server.endpoint)
                }
                second.cancel()
                await #expect(throws: CancellationError.self) { try await second.value }
                await #expect(throws: CancellationError.self) { try await cancelledAhead.value }
                #expect(FileManager.default.createFile(atPath: "\(server.folder)/go", contents: nil))
                #expect(try await first.value.exitStatus == 0)
                _ = try await hosts.run("true", on: server.endpoint)
                #expect(contents(of: "\(server.folder)/second") == nil)
                #expect(contents(of: "\(server.folder)/third") == nil)
            }
        }

        @Test func `20 calls at once share one connection`() async throws {
            try await TestServer.with { server, hosts in
                try await withThrowingTaskGroup { group in
                    for number in 0..<20 {
                        group.addTask {
                            let input = noise(200_000, seed: UInt64(number))
                            let result = try await hosts.run(
                                "cat; exit \(number)", on: server.endpoint, input: input, timeout: .seconds(60))
                            return result.exitStatus == number && result.output == input
                        }
                    }
                    for try await isRight in group { #expect(isRight) }
                }
                #expect(server.log.components(separatedBy: "Accepted publickey").count == 2)
            }
        }

        @Test func `A script with a NUL character is refused`() async throws {
            try await TestServer.with { server, hosts in
                let error = try await #require(throws: SlipwayError.self) { try await hosts.run("echo \0", on: server.endpoint) }
                #expect(error.code == .bug)
            }
        }

        @Test func `No error shows the script, the input or the key`() async throws {
            try await TestServer.with { server, hosts in
                let error = try await #require(throws: SlipwayError.self) {
                    try await hosts.run(
                        "read -r line; sleep 600 # script-text", on: server.endpoint, input: Array("input-text\n".utf8),
                        timeout: .seconds(1))
                }
                let key = server.userKey.secret.revealText().split(separator: "\n")[1]
                for secret in ["script-text", "input-text", String(key)] { #expect(!error.everything.contains(secret)) }
            }
        }
    }
}
