import ClusterModel

/// What a machine, its system and its pods together, may use of its host, as the machine's cgroup is told.
struct MachineLimits: Sendable, Equatable {
    /// In bytes.
    var memory: Int
    /// Processors' worth of time; nil when the host has no more than that.
    var cpus: Int?

    init(_ type: InstanceType, host: HostCapacity) {
        memory = type.resources.memory
        cpus = type.cpus < host.cpus ? type.cpus : nil
    }

    struct Setting: Sendable, Equatable {
        /// Path below the hierarchy's.
        var file: String
        var value: String
        /// Left out where the kernel has no such file.
        var isOptional = false
    }

    private static let period = 100_000

    /// What is written for a cgroup at the top of a hierarchy, in this order.
    func settings(of hierarchy: Cgroups.Hierarchy, cgroup: String) -> [Setting] {
        var settings: [Setting] = []
        if hierarchy.isUnified {
            let wanted = ["memory"] + (cpus == nil ? [] : ["cpu"])
            for controller in wanted where hierarchy.controllers.contains(controller) {
                settings.append(Setting(file: "cgroup.subtree_control", value: "+\(controller)"))
                if controller == "memory" {
                    settings.append(Setting(file: "\(cgroup)/memory.max", value: "\(memory)"))
                } else if let cpus {
                    settings.append(Setting(file: "\(cgroup)/cpu.max", value: "\(cpus * Self.period) \(Self.period)"))
                }
            }
            return settings
        }
        if hierarchy.controllers.contains("memory") {
            settings += [
                // Before Linux 5.11 a cgroup did not count those below it by itself.
                Setting(file: "\(cgroup)/memory.use_hierarchy", value: "1", isOptional: true),
                Setting(file: "\(cgroup)/memory.limit_in_bytes", value: "\(memory)"),
                // Swap counts as memory, where it is counted.
                Setting(file: "\(cgroup)/memory.memsw.limit_in_bytes", value: "\(memory)", isOptional: true),
            ]
        }
        if let cpus, hierarchy.controllers.contains("cpu") {
            settings += [
                Setting(file: "\(cgroup)/cpu.cfs_period_us", value: "\(Self.period)"),
                Setting(file: "\(cgroup)/cpu.cfs_quota_us", value: "\(cpus * Self.period)"),
            ]
        }
        return settings
    }

    /// The same in systemd's words, for a host where it owns the cgroups.
    var unitProperties: [String] { ["MemoryMax=\(memory)"] + (cpus.map { ["CPUQuota=\($0 * 100)%"] } ?? []) }
}
