import Foundation

/// A real terminal with a program in it, at which someone types Ctrl-C.
struct Terminal: Decodable, Sendable {
    /// The program's exit code, negative for a signal.
    var status: Int32
    /// Whether Ctrl-C was typed.
    var typed: Bool
    /// Seconds from Ctrl-C to the end.
    var seconds: Double
    /// False when somebody else still had the terminal open a while after the program's end.
    var closed: Bool
    /// Process and session of the program.
    var session: Int32
    /// Where the program's descriptors led when Ctrl-C was typed.
    var descriptors: [String]
    var transcript: String

    /// Types Ctrl-C once `mark` is to be read.
    static func run(_ store: Store, typingControlCAt mark: String, _ arguments: [String]) async throws -> Terminal {
        let bench = store.bench
        let result = try await bench.run(
            "python3", ["-c", script, mark, bench.binary] + arguments, environment: store.environment.merging(["TERM": "xterm"]) { $1 },
            limit: .seconds(200))
        let terminal = try result.expect(0).json(Terminal.self)
        bench.say("\(text(result.seconds))  \(terminal.status)  at a terminal: slipway \(arguments.prefix(3).joined(separator: " "))")
        return terminal
    }

    private static let script = """
        import json, os, pty, select, sys, time
        mark, command = sys.argv[1].encode(), sys.argv[2:]
        pid, master = pty.fork()
        if pid == 0:
            os.execv(command[0], command)
        text, typed, closed, status, descriptors = b"", None, False, None, []
        deadline, ended = time.time() + 180, None
        while True:
            if select.select([master], [], [], 0.05)[0]:
                try:
                    data = os.read(master, 65536)
                except OSError:
                    data = b""
                if not data:
                    closed = True
                    break
                text += data
                if typed is None and mark in text:
                    for name in os.listdir(f"/proc/{pid}/fd"):
                        try:
                            descriptors.append(os.readlink(f"/proc/{pid}/fd/{name}"))
                        except OSError:
                            pass
                    typed = time.time()
                    os.write(master, b"\\x03")
            if status is None:
                gone, code = os.waitpid(pid, os.WNOHANG)
                if gone:
                    status, ended = os.waitstatus_to_exitcode(code), time.time()
            if ended and time.time() > ended + 3:
                break
            if status is None and time.time() > deadline:
                os.kill(pid, 9)
        if status is None:
            status, ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), time.time()
        print(json.dumps({
            "status": status, "typed": typed is not None, "seconds": ended - (typed or ended), "closed": closed, "session": pid,
            "descriptors": descriptors, "transcript": text.decode(errors="replace")}))
        """
}
