import Foundation
import Glibc

/// What the host's kernel has of the machines of a cluster, looked at behind Slipway's back.
struct HostMachines: Sendable {
    let uid: String

    init(uid: String) { self.uid = uid }

    /// The cluster of that name that was made from this store.
    init(_ cluster: String, of store: Store) async throws {
        struct Cluster: Decodable { var uid: String }
        uid = try await store.slipway("get", "cluster", cluster, "-o", "json").expect(0).json(Cluster.self).uid
    }

    func folder(in bench: Bench) -> String { "\(bench.localRoot)/\(uid)" }

    // MARK: Processes

    struct Member: Sendable {
        var pid: pid_t
        var machine: String
        var command: String
        var session: Int32
        var terminal: Int32
        /// Its number in the namespace that it is in itself.
        var ownPID: Int32

        /// Where its descriptors lead.
        var descriptors: [String] {
            let folder = "/proc/\(pid)/fd"
            return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
            }
        }
    }

    /// Every process in a machine's cgroup.
    func members() -> [Member] {
        Self.names(in: "/proc").compactMap { name in
            guard let pid = pid_t(name), let machine = Self.machine(Self.text("/proc/\(pid)/cgroup"), uid: uid) else { return nil }
            let stat = Self.text("/proc/\(pid)/stat")
            guard let end = stat.lastIndex(of: ")") else { return nil }
            let fields = stat[stat.index(after: end)...].split(separator: " ")
            guard fields.count > 5, fields[0] != "Z", let session = Int32(fields[3]), let terminal = Int32(fields[4]) else { return nil }
            let own = Self.text("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("NSpid:") }
            return Member(
                pid: pid, machine: machine, command: Self.text("/proc/\(pid)/comm").trimmingCharacters(in: .whitespacesAndNewlines),
                session: session, terminal: terminal, ownPID: own?.split(separator: "\t").last.flatMap { Int32($0) } ?? pid)
        }
    }

    /// The machine whose cgroup a process is in.
    private static func machine(_ cgroups: String, uid: String) -> String? {
        let prefix = "/slw-\(uid)-"
        guard let start = cgroups.range(of: prefix) else { return nil }
        return String(cgroups[start.upperBound...].prefix { $0 != "/" && $0 != "\n" && $0 != "." })
    }

    /// Process 1 of each machine that runs.
    func leaders() -> [String: pid_t] {
        Dictionary(members().filter { $0.ownPID == 1 && $0.command == "systemd" }.map { ($0.machine, $0.pid) }) { first, _ in first }
    }

    // MARK: A reboot of the host

    /// What a reboot of the host does to the machines: their processes, namespaces, links, mounts, cgroups and what is of
    /// them under /run are gone; what is on disk stays.
    func reboot(_ bench: Bench) async throws {
        _ = try await until(.seconds(30), every: .milliseconds(50), "all processes are gone") { () -> Bool? in
            let members = members()
            for member in members { kill(member.pid, SIGKILL) }
            return members.isEmpty ? true : nil
        }
        for name in Self.names(in: "/run/netns") where name == "slw-\(uid)" || name.hasPrefix("slw-\(uid)-") {
            try await bench.run("ip", ["netns", "delete", name]).expect(0)
        }
        if FileManager.default.fileExists(atPath: "/sys/class/net/slw\(uid)") {
            // It may go by itself, with the namespace at its other end.
            _ = try await bench.run("ip", ["link", "delete", "slw\(uid)"])
        }
        for folder in cgroups() { try await Self.removeCgroup(folder) }
        let left = traces()
        try check(left.isEmpty, "the reboot left:\n\(left.joined(separator: "\n"))")
    }

    private func cgroups() -> [String] {
        Self.names(in: "/sys/fs/cgroup").flatMap { hierarchy in
            ["/sys/fs/cgroup/\(hierarchy)", "/sys/fs/cgroup/\(hierarchy)/system.slice"].flatMap { folder in
                Self.names(in: folder).filter { $0.hasPrefix("slw-\(uid)-") }.map { "\(folder)/\($0)" }
            }
        } + Self.names(in: "/sys/fs/cgroup").filter { $0.hasPrefix("slw-\(uid)-") }.map { "/sys/fs/cgroup/\($0)" }
    }

    private static func removeCgroup(_ folder: String) async throws {
        for name in names(in: folder) {
            var found = stat()
            if lstat("\(folder)/\(name)", &found) == 0, found.st_mode & S_IFMT == S_IFDIR { try await removeCgroup("\(folder)/\(name)") }
        }
        _ = try await until(.seconds(10), every: .milliseconds(50), "the cgroup \(folder) is removed") { () -> Bool? in
            rmdir(folder) == 0 || errno == ENOENT ? true : nil
        }
    }

    /// Everything that the kernel still has of the machines.
    func traces() -> [String] {
        members().map { "process \($0.pid) (\($0.command))" } + cgroups().map { "cgroup \($0)" }
            + Self.names(in: "/run/netns").filter { $0.contains(uid) }.map { "namespace \($0)" }
            + Self.names(in: "/sys/class/net").filter { $0.contains(uid) }.map { "link \($0)" }
            + Self.text("/proc/self/mountinfo").split(separator: "\n").filter { $0.contains(uid) }.map { "mount \($0)" }
            + Self.names(in: "/run").filter { $0.contains(uid) }.map { "file /run/\($0)" }
    }

    static func names(in folder: String) -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] }

    /// Files under /proc have no size: they are read to their end.
    static func text(_ path: String) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else { return "" }
        defer { try? file.close() }
        return String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
    }
}
