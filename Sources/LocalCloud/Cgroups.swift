import ClusterModel
import Glibc

/// The host's cgroup hierarchies, version 1 and 2, and a machine's place in them: one cgroup of the machine's name in
/// each. It holds all of the machine's processes, also those that systemd-nspawn leaves when it is killed, and thereby
/// answers which they are without a recorded process id, which could be another's after a reboot.
struct Cgroups: Sendable, Equatable {
    struct Hierarchy: Sendable, Equatable {
        var path: String
        var isUnified: Bool
        /// Of version 1 those that it is mounted with; of version 2 those that its top offers.
        var controllers: [String]
    }

    var hierarchies: [Hierarchy]
    /// Where systemd keeps the cgroup of a unit, on a host that runs it: parent folder and ending. Empty elsewhere.
    var unitParent = ""
    var unitSuffix = ""

    /// Reads the text of `/proc/self/mountinfo`. A hierarchy that is mounted twice counts once.
    init(mountinfo: String) {
        hierarchies = []
        for mount in MountTable(mountinfo).mounts where mount.type == "cgroup" || mount.type == "cgroup2" {
            let isUnified = mount.type == "cgroup2"
            let controllers = isUnified ? [] : mount.superOptions.filter { $0 != "rw" && $0 != "ro" }
            let isKnown = hierarchies.contains { $0.isUnified == isUnified && $0.controllers == controllers }
            if !isKnown { hierarchies.append(Hierarchy(path: mount.path, isUnified: isUnified, controllers: controllers)) }
        }
    }

    static func current() throws -> Cgroups {
        var cgroups = Cgroups(mountinfo: try Files.text("/proc/self/mountinfo") ?? "")
        if MachineLaunch.hostRunsSystemd {
            cgroups.unitParent = "system.slice/"
            cgroups.unitSuffix = ".service"
        }
        for index in cgroups.hierarchies.indices where cgroups.hierarchies[index].isUnified {
            let text = try Files.text("\(cgroups.hierarchies[index].path)/cgroup.controllers") ?? ""
            cgroups.hierarchies[index].controllers = text.split(whereSeparator: \.isWhitespace).map(String.init)
        }
        return cgroups
    }

    func folders(_ name: String) -> [String] { hierarchies.map { "\($0.path)/\(unitParent)\(name)\(unitSuffix)" } }
    /// Writing `0` to each of them moves the writer into the cgroup.
    func entrances(_ name: String) -> [String] { folders(name).map { "\($0)/cgroup.procs" } }

    /// Makes the cgroup in every hierarchy, ready to take processes.
    func make(_ name: String) throws {
        // Systemd makes those of its units itself.
        guard unitParent.isEmpty else { return }
        for hierarchy in hierarchies {
            let folder = "\(hierarchy.path)/\(name)"
            try Files.makeFolder(folder, mode: 0o755)
            guard !hierarchy.isUnified, hierarchy.controllers.contains("cpuset") else { continue }
            // A new cpuset is empty and takes no process.
            for setting in ["cpuset.cpus", "cpuset.mems"] where try isEmpty("\(folder)/\(setting)") {
                try Files.poke(try Files.text("\(hierarchy.path)/\(setting)") ?? "", to: "\(folder)/\(setting)")
            }
            try Files.poke("1", to: "\(folder)/cgroup.clone_children")
        }
    }

    /// Sets the limits of a cgroup that was made.
    func limit(_ name: String, to limits: MachineLimits) throws {
        // Systemd is told them with the unit.
        guard unitParent.isEmpty else { return }
        for hierarchy in hierarchies {
            for setting in limits.settings(of: hierarchy, cgroup: name) {
                let path = "\(hierarchy.path)/\(setting.file)"
                if setting.isOptional, !Files.exists(path) { continue }
                try Files.poke(setting.value, to: path)
            }
        }
    }

    private func isEmpty(_ path: String) throws -> Bool {
        (try Files.text(path) ?? "").allSatisfy(\.isWhitespace)
    }

    /// All processes in the cgroup and those below it, in any hierarchy.
    func members(_ name: String) throws -> Set<Int32> {
        var found: Set<Int32> = []
        for folder in folders(name) {
            for cgroup in try Self.tree(folder) {
                let text = (try? Files.text("\(cgroup)/cgroup.procs")) ?? nil
                found.formUnion((text ?? "").split(separator: "\n").compactMap { Int32($0) }.filter { $0 > 0 })
            }
        }
        return found
    }

    /// The machine's process 1, nil when the machine does not run.
    func leader(_ name: String) throws -> ProcessFacts? {
        let depth = ProcessFacts.read("self")?.namespacePIDs.count ?? 1
        // Systemd keeps its own hierarchy in order, so that process 1 is found near the top.
        return try members(name).sorted().lazy.compactMap { ProcessFacts.read("\($0)") }.first { $0.isInit(below: depth) }
    }

    /// Names of the cgroups at the top of any hierarchy that begin so.
    func names(prefix: String) throws -> Set<String> {
        try hierarchies.reduce(into: []) { names, hierarchy in
            let found = try Files.list("\(hierarchy.path)/\(unitParent)").filter { $0.hasPrefix(prefix) && $0.hasSuffix(unitSuffix) }
            names.formUnion(found.map { String($0.dropLast(unitSuffix.count)) })
        }
    }

    /// Removes the cgroup and those below it, deepest first. False while something still lives in them.
    func remove(_ name: String) throws -> Bool {
        var isGone = true
        for folder in folders(name) {
            for cgroup in try Self.tree(folder).reversed() where rmdir(cgroup) != 0 && errno != ENOENT {
                isGone = false
            }
        }
        return isGone
    }

    /// The folder and all folders below it, each after the one it lies in. Empty when there is none.
    private static func tree(_ folder: String) throws -> [String] {
        guard Files.status(folder)?.isFolder == true else { return [] }
        var found = [folder]
        var next = 0
        while next < found.count {
            let names = (try? Files.list(found[next])) ?? []
            found += names.map { "\(found[next])/\($0)" }.filter { Files.status($0)?.isFolder == true }
            next += 1
        }
        return found
    }
}
