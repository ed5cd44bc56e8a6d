import Glibc

/// Asks on the process' terminal for something that nobody must see: it is not echoed.
enum HiddenAnswer {
    private static let newline = UInt8(ascii: "\n"), escape: UInt8 = 0x03, end: UInt8 = 0x04
    private static let backspaces: [UInt8] = [0x08, 0x7F]

    /// The line without its end; nil when there is no terminal. Blocks.
    /// - Throws: `CancellationError` for Ctrl-C, which is no signal meanwhile: the terminal would stay silent.
    static func ask(_ question: String) throws -> String? {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else { return nil }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        withUnsafeMutableBytes(of: &silent.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
        }
        guard tcsetattr(terminal, TCSAFLUSH, &silent) == 0 else { return nil }
        defer {
            tcsetattr(terminal, TCSAFLUSH, &before)
            say("\n", to: terminal)
        }
        say(question, to: terminal)
        return try line(from: terminal)
    }

    private static func line(from terminal: Int32) throws -> String? {
        var typed: [UInt8] = []
        while true {
            var byte: UInt8 = 0
            let count = read(terminal, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return nil }
            switch byte {
            case newline, UInt8(ascii: "\r"): return String(decoding: typed, as: UTF8.self)
            case escape: throw CancellationError()
            case end: if typed.isEmpty { return nil }
            case _ where backspaces.contains(byte):
                // One character, which may be several bytes.
                while let last = typed.popLast(), last & 0xC0 == 0x80 {}
            default: typed.append(byte)
            }
        }
    }

    private static func say(_ text: String, to terminal: Int32) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
    }
}
