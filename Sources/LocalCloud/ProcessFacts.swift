/// What the kernel tells of a process, read from its files under /proc.
struct ProcessFacts: Sendable, Equatable {
    var pid: Int32
    /// Process ids from the host's namespace inwards; `[4711, 1]` is process 1 of a machine.
    var namespacePIDs: [Int32]
    var isDead: Bool
    var command: String

    /// Nil when `text` (of `/proc/PID/status`) does not look like it.
    init?(status text: String) {
        var fields: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon]] = line[line.index(after: colon)...]
        }
        guard let pid = fields["Pid"].flatMap({ Int32($0.filter { !$0.isWhitespace }) }), let state = fields["State"] else { return nil }
        self.pid = pid
        namespacePIDs = (fields["NSpid"] ?? "").split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
        isDead = state.contains { $0 == "Z" || $0 == "X" }
        command = (fields["Name"] ?? "").drop(while: \.isWhitespace).description
    }

    /// Nil when there is no such process.
    static func read(_ pid: String) -> ProcessFacts? {
        guard let text = try? Files.text("/proc/\(pid)/status") else { return nil }
        return ProcessFacts(status: text)
    }

    /// True for process 1 of a process namespace that lies directly in one with `depth` levels. A pod's process 1 lies
    /// deeper, systemd-nspawn itself less deep.
    func isInit(below depth: Int) -> Bool {
        !isDead && namespacePIDs.count == depth + 1 && namespacePIDs.last == 1
    }
}
