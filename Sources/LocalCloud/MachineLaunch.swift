import ClusterModel
import Glibc
import Subprocess
import SystemPackage
import Templates

/// Everything that is said to the host to start a machine.
struct MachineLaunch: Sendable {
    var name: String
    var folder: String
    var imageRoot: String
    var namespace: String
    /// Files under /dev of the host that the machine sees, too.
    var devices: [String]
    var limits: MachineLimits
    /// What the machine's kubelet is to leave to the host (`HostCapacity.beyond`).
    var systemReserved: String

    /// Arguments of systemd-nspawn. Paths are those that the launch script makes in the machine's mount namespace.
    var arguments: [String] {
        [
            "--directory=/run/slipway/root", "--machine=\(name)", "--boot", "--keep-unit", "--register=no", "--link-journal=no",
            "--resolv-conf=off", "--timezone=off", "--console=read-only", "--capability=all",
            "--network-namespace-path=/run/slipway/netns", "--system-call-filter=@keyring bpf perf_event_open",
        ] + devices.map { "--bind=\($0)" }
            + MachineDisk.bound.map { "--bind=/run/slipway/bind/\($0):/var/lib/\($0)" }
            + ["--setenv=SYSTEMD_COLORS=0", "--setenv=SYSTEM_RESERVED=\(systemReserved)"]
    }

    /// All of the machine's environment on the host: nothing of Slipway's own, which may hold passwords.
    static let environment: [Environment.Key: String] = [
        "PATH": Tool.folders.joined(separator: ":"), "LC_ALL": "C", "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network",
    ]

    var console: String { "\(folder)/console.log" }

    /// Starts the machine in the cgroup and returns when its first process is on its way.
    func start(in cgroups: Cgroups, cgroup: String) async throws {
        let script = ["-c", LocalTemplates.startScript, "start", console, LocalTemplates.launchScript]
        let machine = [folder, imageRoot, "\(NetworkWorks.namespaces)/\(namespace)"] + arguments
        let outcome: Tool.Outcome
        if Self.hostRunsSystemd {
            outcome = try await Tool.attempt("systemd-run", unitArguments(cgroup) + script + ["--"] + machine)
        } else {
            outcome = try await Tool.attempt(
                "sh", script + cgroups.entrances(cgroup) + ["--"] + machine, environment: .custom(Self.environment))
        }
        guard outcome.succeeded else {
            throw SlipwayError(.failed, doing: "launching the machine", cause: outcome.lastWords)
        }
    }

    static var hostRunsSystemd: Bool { Files.exists("/run/systemd/system") }

    /// A transient unit for hosts where systemd owns the cgroups, which must hold the machine in one of its own.
    /// Untested: every trial so far was on a host without systemd.
    private func unitArguments(_ unit: String) -> [String] {
        ["--unit=\(unit)", "--collect", "--quiet", "--property=Delegate=yes", "--property=KillMode=mixed", "--property=Type=forking"]
            + limits.unitProperties.map { "--property=\($0)" } + Self.environment.map { "--setenv=\($0.key.rawValue)=\($0.value)" }.sorted()
            + ["sh"]
    }
}
