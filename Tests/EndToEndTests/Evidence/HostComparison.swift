import Foundation
import TestSupport

extension Bench {
    static let snapshotFolders = HostSnapshot.defaultFolders

    /// What is not on the host as it was before the first test. With other people's machines on the host, only what carries
    /// our names, and the settings of the kernel.
    func hostDifferences() async throws -> [String] {
        let after = try await HostSnapshot.take(folders: Self.snapshotFolders)
        let own = uids.map { HostMachines(uid: $0) }.flatMap { $0.traces() } + leftovers()
        let differences = after.differences(from: before)
        let isShared = Setup.isSharedHost || differences.contains { names(foreignCluster: $0) }
        let ours = differences.filter { line in
            !isShared || line.hasPrefix("settings:") || uids.contains { line.contains($0) } || line.contains(folder)
        }
        let new = isShared ? [] : Self.sharedNames().subtracting(sharedBefore).sorted().map { "files: + \($0)" }
        return own + ours + new
    }

    /// What Slipway's programs have in folders that everybody uses.
    static func sharedNames() -> Set<String> {
        Set(
            ["/tmp", "/var/tmp", "/run"].flatMap { folder in
                HostMachines.names(in: folder).filter { $0.hasPrefix("slipway") || $0.hasPrefix("slw") }.map { "\(folder)/\($0)" }
            })
    }

    /// Whether a line is of a cluster that is not of this run.
    private func names(foreignCluster line: String) -> Bool {
        line.matches(of: /slw-?([0-9a-f]{8})/).contains { !uids.contains(String($0.output.1)) }
    }

    /// Processes that are still there of programs that this run started.
    private func leftovers() -> [String] {
        HostMachines.names(in: "/proc").compactMap { name -> String? in
            guard Int32(name) != nil, Int32(name) != getpid() else { return nil }
            let command = HostMachines.text("/proc/\(name)/cmdline").replacing("\0", with: " ")
            let environment = HostMachines.text("/proc/\(name)/environ")
            guard command.contains(folder) || environment.contains(folder) else { return nil }
            return "process \(name): \(command)"
        }
    }
}
