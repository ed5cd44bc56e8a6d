import Dispatch
import Foundation
import Glibc

/// What local machines could leave on their host, or change there: taken before and after, it shows that they did not.
/// Caches are left out. Meant for a host on which nobody else makes machines meanwhile.
public struct HostSnapshot: Sendable, Equatable {
    /// Folders whose content is compared by name, all of it. Of an empty folder nothing is: mount(8) makes /run/mount the first
    /// time that anybody needs it, and leaves it.
    public static let defaultFolders = ["/var/lib/slipway", "/var/lib/machines", "/run/mount", "/run/netns", "/run/systemd", "/etc/netns"]

    /// Lines by section: `links`, `addresses`, `routes`, `namespaces`, `mounts`, `cgroups`, `processes`, `firewall`, `files`.
    public private(set) var sections: [String: [String]]
    /// Kernel settings by path under /proc/sys, without those that count something.
    public private(set) var settings: [String: String]

    /// Reads the host. Takes a moment; blocks no thread of Swift's pool.
    public static func take(folders: [String] = defaultFolders) async throws -> HostSnapshot {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try HostSnapshot(folders: folders) })
            }
        }
    }

    /// What is in this snapshot and was not in the earlier one (`+`), or the other way round (`-`). Settings are compared
    /// where both have them: a kernel module that was loaded brings new ones. Empty when nothing has changed.
    public func differences(from earlier: HostSnapshot) -> [String] {
        var found: [String] = []
        for section in Set(sections.keys).union(earlier.sections.keys).sorted() {
            let change = (sections[section] ?? []).difference(from: earlier.sections[section] ?? [])
            found += Self.topmost(change.removals).map { "\(section): - \($0)" }
            found += Self.topmost(change.insertions).map { "\(section): + \($0)" }
        }
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            if let old = earlier.settings[name], old != value { found.append("settings: \(name) was '\(old)' and is '\(value)'") }
        }
        return found
    }

    /// The lines of the changes, without those of files that lie in a folder which is among them.
    private static func topmost(_ changes: [CollectionDifference<String>.Change]) -> [String] {
        let lines = changes.map { change in
            switch change {
            case .insert(_, let line, _), .remove(_, let line, _): line
            }
        }
        let all = Set(lines)
        return lines.filter { line in
            guard line.hasPrefix("/"), let slash = line.lastIndex(of: "/") else { return true }
            return !all.contains(String(line[..<slash]))
        }
    }

    private init(folders: [String]) throws {
        let routes = try Self.lines("ip", ["route", "show", "table", "all"]) + Self.lines("ip", ["-6", "route", "show", "table", "all"])
        sections = [
            "links": try Self.lines("ip", ["-br", "link"]),
            "addresses": try Self.lines("ip", ["-br", "addr"]),
            // Some age.
            "routes": routes.map { $0.replacing(/\ expires \S+/, with: "") },
            "namespaces": Self.names(in: "/run/netns"),
            "mounts": Self.text("/proc/self/mountinfo").split(separator: "\n").map(Self.mount),
            "cgroups": Self.cgroups(),
            "processes": Self.processes(),
            "firewall": (try? Self.lines("nft", ["list", "ruleset"])) ?? [],
            "files": folders.flatMap { Self.tree($0) },
        ].mapValues { $0.sorted() }
        settings = Self.readSettings()
    }

    // MARK: Sections

    private static func mount(_ line: some StringProtocol) -> String {
        let fields = line.split(separator: " ")
        guard let dash = fields.firstIndex(of: "-"), dash > 4, fields.count > dash + 2 else { return String(line) }
        return "\(fields[4]) \(fields[dash + 1]) \(fields[dash + 2])"
    }

    /// Those at the top of each hierarchy, where machines have theirs, and what lies below a machine's. Others come and go.
    private static func cgroups() -> [String] {
        names(in: "/sys/fs/cgroup").flatMap { hierarchy in
            (names(in: "/sys/fs/cgroup/\(hierarchy)") + names(in: "/sys/fs/cgroup/\(hierarchy)/system.slice"))
                .filter { isFolder("/sys/fs/cgroup/\(hierarchy)/\($0)") || $0.hasPrefix("slw") }
                .map { "\(hierarchy)/\($0)" }
        }
    }

    /// Processes of a machine's cgroup, and those in another network namespace than this one.
    private static func processes() -> [String] {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        return names(in: "/proc").filter { $0.allSatisfy(\.isNumber) }.compactMap { pid in
            let namespace = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/ns/net")
            let isElsewhere = namespace != nil && namespace != own
            guard isElsewhere || text("/proc/\(pid)/cgroup").contains("/slw-") else { return nil }
            // Ended, and not yet collected by its parent.
            guard !text("/proc/\(pid)/status").contains("State:\tZ") else { return nil }
            return "\(pid) \(text("/proc/\(pid)/comm").trimmingCharacters(in: .whitespacesAndNewlines))"
        }
    }

    private static func tree(_ folder: String) -> [String] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        var found = [folder]
        var next = 0
        while next < found.count {
            let folder = found[next]
            next += 1
            if isFolder(folder) { found += names(in: folder).map { "\(folder)/\($0)" } }
        }
        return Array(found.dropFirst())
    }

    // MARK: Settings

    /// They count, are random, or follow the load.
    private static let restless: Set<String> = [
        "fs/aio-nr", "fs/dentry-state", "fs/epoll", "fs/file-nr", "fs/inode-nr", "fs/inode-state", "fs/quota", "fs/binfmt_misc",
        "kernel/keys", "kernel/ns_last_pid", "kernel/perf_event_max_sample_rate", "kernel/perf_cpu_time_max_percent", "kernel/pty",
        "kernel/random", "kernel/tainted", "net/ipv4/tcp_fastopen_key", "net/netfilter/nf_conntrack_count", "net/sunrpc",
        "vm/stat_refresh", "vm/compact_memory", "vm/drop_caches",
    ]

    private static func readSettings() -> [String: String] {
        var found: [String: String] = [:]
        var folders = ["kernel", "vm", "net", "fs", "user"]
        while let folder = folders.popLast() {
            for name in names(in: "/proc/sys/\(folder)") {
                let path = "\(folder)/\(name)"
                if restless.contains(path) { continue }
                if isFolder("/proc/sys/\(path)") {
                    folders.append(path)
                } else {
                    found[path] = text("/proc/sys/\(path)").trimmingCharacters(in: .whitespacesAndNewlines)
                }
            }
        }
        return found
    }

    // MARK: Reading

    private static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private static func isFolder(_ path: String) -> Bool {
        var found = stat()
        return lstat(path, &found) == 0 && found.st_mode & S_IFMT == S_IFDIR
    }

    /// Empty for what cannot be read, as settings that can only be written.
    private static func text(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(file, &chunk, chunk.count)
            if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    private static func lines(_ tool: String, _ arguments: [String]) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: " ").joined(separator: " ")
        }
    }
}
