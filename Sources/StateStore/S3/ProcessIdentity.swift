import Foundation

/// A process that cannot be taken for another one: not for one of another machine, of another boot or container, nor for a
/// later one with the same number.
struct ProcessIdentity: Codable, Sendable, Equatable {
    /// The boot of the machine, and the process numbers' name space on it.
    var machine: String
    var pid: Int32
    /// When it was started, in the kernel's ticks since the boot.
    var started: UInt64

    /// This process; nil where the kernel does not say.
    static let current: ProcessIdentity? = {
        guard let machine = currentMachine, let found = read(getpid()) else { return nil }
        return ProcessIdentity(machine: machine, pid: getpid(), started: found.started)
    }()

    private static let currentMachine: String? = {
        guard let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8),
            let space = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
        else { return nil }
        return boot.trimmingCharacters(in: .whitespacesAndNewlines) + " " + space
    }()

    /// True only when it is certain: a process that could be seen from here and is not there.
    var isDead: Bool {
        guard machine == Self.currentMachine else { return false }
        guard let found = Self.read(pid) else { return !FileManager.default.fileExists(atPath: "/proc/\(pid)") }
        return found.started != started || found.hasEnded
    }

    private static func read(_ pid: Int32) -> (started: UInt64, hasEnded: Bool)? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            // The program's name, in parentheses, may hold anything.
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let started = UInt64(fields[19]) else { return nil }
        return (started, ["Z", "X"].contains(fields[0]))
    }
}
