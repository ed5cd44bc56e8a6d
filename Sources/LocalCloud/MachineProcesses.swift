import ClusterModel
import Glibc

/// The processes of one machine, found by its cgroup.
struct MachineProcesses: Sendable {
    let cgroups: Cgroups
    let cgroup: String

    /// What process 1 of a machine takes as "power off" (`SIGRTMIN+4`, systemd(1)).
    private static let powerOff: Int32 = 34 + 4

    var leader: ProcessFacts? {
        get throws { try cgroups.leader(cgroup) }
    }

    /// Asks the machine to power off, waits, and kills it when `patience` is over.
    func stop(patience: Duration) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + patience
        if let leader = try leader {
            Glibc.kill(leader.pid, Self.powerOff)
            while clock.now < deadline, try self.leader?.pid == leader.pid {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        try await kill()
    }

    /// Kills the machine and removes its cgroups. Nothing to kill is not an error.
    func kill() async throws {
        let clock = ContinuousClock()
        // The end of process 1 ends all others of the machine, and systemd-nspawn then ends by itself.
        if let leader = try leader { Glibc.kill(leader.pid, SIGKILL) }
        let gentle = clock.now + .seconds(2)
        let deadline = clock.now + .seconds(30)
        while try !cgroups.remove(cgroup) {
            let members = try cgroups.members(cgroup)
            if clock.now >= gentle {
                for pid in members { Glibc.kill(pid, SIGKILL) }
            }
            guard clock.now < deadline else {
                let left = members.sorted().compactMap { ProcessFacts.read("\($0)") }.map { "\($0.pid) (\($0.command))" }
                throw SlipwayError(
                    .failed, doing: "ending the machine's processes",
                    cause: left.isEmpty ? "its cgroups are still in use" : "still there: \(left.prefix(5).joined(separator: ", "))",
                    retry: .transient)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
