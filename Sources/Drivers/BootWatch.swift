import ClusterModel

import struct Foundation.Date

/// Whether machines that do not answer yet have ended, by their cloud's word. It asks now and then, once for all machines.
actor BootWatch {
    /// Between two questions.
    static let interval: Duration = .seconds(2)
    /// A cloud may be behind, and say of a machine that was just started what was true before. One that it never said to run
    /// has this long.
    static let doubt: Duration = .seconds(30)

    private let cloud: any Cloud
    private var lastAsked: Date?
    private var hasRun: Set<String> = []
    /// Since when each machine was said to be over, without a break.
    private var over: [String: Date] = [:]
    /// How often in a row.
    private var said: [String: Int] = [:]

    init(_ cloud: any Cloud) { self.cloud = cloud }

    /// True once it is certain: said twice in a row of a machine that was said to run before.
    func hasEnded(_ machine: String, of cluster: ClusterIdentity, now: Date) async -> Bool {
        if lastAsked.map({ now.timeIntervalSince($0) >= Self.interval / .seconds(1) }) ?? true {
            lastAsked = now
            // A cloud that cannot be asked says nothing.
            if let machines = try? await cloud.observe(cluster).machines { note(machines, now: now) }
        }
        guard let since = over[machine], said[machine, default: 0] > 1 else { return false }
        return hasRun.contains(machine) || now.timeIntervalSince(since) >= Self.doubt / .seconds(1)
    }

    /// It was said to be over, and once more would make it certain.
    func suspects(_ machine: String) -> Bool { over[machine] != nil && hasRun.contains(machine) }

    private func note(_ machines: [MachineRecord], now: Date) {
        for machine in machines {
            switch machine.status {
            case .running:
                hasRun.insert(machine.name)
                over[machine.name] = nil
                said[machine.name] = nil
            case .stopped, .terminated:
                over[machine.name] = over[machine.name] ?? now
                said[machine.name, default: 0] += 1
            case .unknown: break
            }
        }
    }

    /// Empty when they cannot be had.
    func lastWords(_ machine: String, of cluster: ClusterIdentity) async -> [String] {
        (try? await cloud.consoleTail(cluster, name: machine, lines: 20)) ?? []
    }
}
