public import ClusterModel
import Glibc
import SystemPackage

extension LocalCloud {
    /// Programs of the host and the Debian packages that bring them.
    private static let programs = [
        ("systemd-nspawn", "systemd-container"), ("ip", "iproute2"), ("mmdebstrap", "mmdebstrap"), ("unshare", "util-linux"),
        ("setsid", "util-linux"), ("mount", "mount"), ("apt-config", "apt"), ("sh", "dash"), ("rm", "coreutils"), ("awk", "mawk"),
    ]
    private static let neededBytes: UInt64 = 3 << 30

    public func preflight(_ spec: Cluster) async throws {
        var missing: [String] = []
        var hints: [String] = []
        if geteuid() != 0 {
            missing.append("root's rights (this is user \(geteuid()))")
            hints.append("run it with sudo")
        }
        let absent = Self.programs.filter { Tool.locate($0.0) == nil }
        if !absent.isEmpty {
            missing += absent.map { "\($0.0) (package \($0.1))" }
            hints.append("apt-get install " + Set(absent.map(\.1)).sorted().joined(separator: " "))
        }
        missing += await missingOfKernel() + missingOfDisk()
        if missing.isEmpty {
            try checkFits([spec.spec.controlPlane.instanceType] + spec.spec.pools.map(\.instanceType))
            try checkInotifyInstances(spec)
            if let cidr = spec.spec.cloud.local?.cidr {
                _ = try AddressPlan(cidr)
                try await checkRange(cidr, of: spec)
            }
            _ = try await LocalImage.ensure(cacheRoot: cacheRoot, progress: progress)
            return
        }
        throw SlipwayError(
            .refused, doing: "checking that local machines can run here", cause: "missing: \(missing.joined(separator: "; "))",
            hint: hints.isEmpty ? nil : hints.joined(separator: "; "))
    }

    private func missingOfKernel() async -> [String] {
        var missing: [String] = []
        let filesystems = (try? Files.text("/proc/filesystems")) ?? nil
        if filesystems?.contains("overlay") != true, (try? await Tool.attempt("modprobe", ["--dry-run", "overlay"]))?.succeeded != true {
            missing.append("overlayfs in the kernel")
        }
        let hierarchies = (try? Cgroups.current())?.hierarchies ?? []
        if hierarchies.isEmpty {
            missing.append("cgroups mounted at /sys/fs/cgroup")
        } else {
            // Without them an instance type would be a name.
            for controller in ["cpu", "memory"] where !hierarchies.contains(where: { $0.controllers.contains(controller) }) {
                missing.append("the \(controller) controller of cgroups")
            }
        }
        return missing
    }

    private func missingOfDisk() -> [String] {
        var missing: [String] = []
        for path in [records.root, cacheRoot] where !Self.isPlain(path) {
            missing.append("a plain absolute path instead of '\(path)' (letters, digits and ._-/ only)")
        }
        if records.root == "/run" || records.root.hasPrefix("/run/") {
            missing.append("a data folder that outlives a reboot (\(records.root) does not)")
        }
        let existing = Self.existing(records.root)
        if let free = Files.freeBytes(existing), free < Self.neededBytes {
            missing.append("3 GB of free space at \(records.root) (there are \(free >> 20) MB)")
        }
        if (try? MountTable.current())?.filesystem(of: existing) == "overlay" {
            missing.append("a data folder that is not itself on an overlay (\(records.root) is: set SLIPWAY_LOCAL_ROOT)")
        }
        if LocalImage.find(in: cacheRoot) == nil, let free = Files.freeBytes(Self.existing(cacheRoot)), free < 1 << 30 {
            missing.append("1 GB of free space at \(cacheRoot) (there are \(free >> 20) MB)")
        }
        return missing
    }

    /// These paths are options of mounts, where commas and colons separate.
    private static func isPlain(_ path: String) -> Bool {
        path.hasPrefix("/")
            && path.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "._-/".utf8.contains(byte)
            }
    }

    /// The path, or the nearest folder above it that exists.
    private static func existing(_ path: String) -> String {
        var path = FilePath(path)
        while !Files.exists(path.string), !path.components.isEmpty { path.removeLastComponent() }
        return path.string
    }
}
