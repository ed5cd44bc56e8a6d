/// Processor time and memory, counted as Kubernetes does.
public struct ComputeResources: Sendable, Hashable {
    /// Thousandths of a processor.
    public var milliCPUs: Int
    /// In bytes.
    public var memory: Int

    public init(milliCPUs: Int, memory: Int) {
        self.milliCPUs = milliCPUs
        self.memory = memory
    }

    public init(milliCPUs: Int, memoryMiB: Int) { self.init(milliCPUs: milliCPUs, memory: memoryMiB << 20) }

    public static func - (all: Self, part: Self) -> Self {
        Self(milliCPUs: all.milliCPUs - part.milliCPUs, memory: all.memory - part.memory)
    }

    /// As a Kubernetes quantity: `2`, `1900m`.
    public var cpuQuantity: String { milliCPUs.isMultiple(of: 1000) ? "\(milliCPUs / 1000)" : "\(milliCPUs)m" }

    /// As a Kubernetes quantity in its shortest form without a fraction: `2Gi`, `1664Mi`.
    public var memoryQuantity: String {
        let units = [(30, "Gi"), (20, "Mi"), (10, "Ki")]
        guard let unit = units.first(where: { memory.isMultiple(of: 1 << $0.0) }) else { return "\(memory)" }
        return "\(memory >> unit.0)\(unit.1)"
    }

    /// For people: `2 CPUs and 23.5 GiB of memory`.
    public var words: String {
        let cpus = milliCPUs == 1000 ? "1 CPU" : milliCPUs.isMultiple(of: 1000) ? "\(milliCPUs / 1000) CPUs" : "\(milliCPUs)m of a CPU"
        return "\(cpus) and \(Self.memoryWords(memory)) of memory"
    }

    /// For people: `2 GiB`, and with one digit where it is no whole number, rounded down: `23.5 GiB`.
    public static func memoryWords(_ bytes: Int) -> String {
        let tenths = bytes / (1 << 20) * 10 / 1024
        return bytes.isMultiple(of: 1 << 30) ? "\(bytes >> 30) GiB" : "\(tenths / 10).\(tenths % 10) GiB"
    }
}
