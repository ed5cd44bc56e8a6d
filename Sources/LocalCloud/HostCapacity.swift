import ClusterModel
import Glibc

/// What this host has in all, as a kubelet on it counts it: local machines see the host's processors and memory.
struct HostCapacity: Sendable, Equatable {
    var cpus: Int
    /// In bytes. Without huge pages that were set aside: kubelet offers those apart.
    var memory: Int

    init(cpus: Int, memory: Int) {
        self.cpus = cpus
        self.memory = memory
    }

    /// Reads the text of `/proc/meminfo`, nil when it does not say.
    init?(cpus: Int, meminfo: String) {
        func bytes(_ field: String) -> Int? {
            let line = meminfo.split(separator: "\n").first { $0.hasPrefix("\(field):") }
            return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
        }
        guard cpus > 0, let total = bytes("MemTotal") else { return nil }
        self.init(cpus: cpus, memory: total - (bytes("Hugetlb") ?? 0))
    }

    static func current() throws -> HostCapacity {
        let meminfo = try Files.text("/proc/meminfo") ?? ""
        guard let host = HostCapacity(cpus: sysconf(Int32(_SC_NPROCESSORS_ONLN)), meminfo: meminfo) else {
            throw SlipwayError(
                .failed, doing: "looking at what this host has", cause: "/proc/meminfo does not say how much memory there is")
        }
        return host
    }

    var resources: ComputeResources { ComputeResources(milliCPUs: cpus * 1000, memory: memory) }

    func fits(_ type: InstanceType) -> Bool { type.cpus <= cpus && type.resources.memory <= memory }

    /// What a kubelet must leave out so that it reports a machine of this type, as its flag has it. Empty when there is nothing.
    func beyond(_ type: InstanceType) -> String {
        let rest = resources - type.resources
        return [rest.milliCPUs > 0 ? "cpu=\(rest.cpuQuantity)" : nil, rest.memory > 0 ? "memory=\(rest.memoryQuantity)" : nil]
            .compactMap { $0 }.joined(separator: ",")
    }
}
