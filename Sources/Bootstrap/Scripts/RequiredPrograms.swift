public import ClusterModel
import Templates

/// What a machine's system has to bring, besides what Slipway delivers. The one list of it: by it a cloud installs at the first
/// boot what its image lacks (`MachineRequest.programsCheck`), and every machine is checked before anything is delivered.
public enum RequiredPrograms {
    /// A program that a machine lacks, and the Debian package that brings it.
    public struct Missing: Sendable, Equatable {
        public var program: String
        public var package: String

        public init(program: String, package: String) {
            self.program = program
            self.package = package
        }
    }

    /// Exits with 0 when all are there, and otherwise prints one line for each that is missing.
    /// - Parameter sharesAPIAddress: as `CloudProvider.sharesAPIAddress`.
    public static func check(for role: MachineRole, sharesAPIAddress: Bool = true) -> String {
        let programs = all(for: role, sharesAPIAddress: sharesAPIAddress).map { "\($0.program):\($0.package)" }
        return "set -- \(ShellQuoting.words(programs))\n" + NodeTemplates.requiredProgramsScript
    }

    /// What the script printed.
    public static func missing(in output: String) -> [Missing] {
        output.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.count == 2 ? Missing(program: String(words[0]), package: String(words[1])) : nil
        }
    }

    static func all(for role: MachineRole, sharesAPIAddress: Bool = true) -> [Missing] {
        let node: [(String, String)] = [
            ("systemctl", "systemd"), ("tar", "tar"), ("sha256sum", "coreutils"), ("ip", "iproute2"), ("iptables", "iptables"),
            ("iptables-restore", "iptables"), ("conntrack", "conntrack"), ("socat", "socat"), ("mount", "mount"), ("ps", "procps"),
            ("ping", "iputils-ping"), ("modprobe", "kmod"), ("/usr/bin/containerd", "containerd"), ("ctr", "containerd"), ("runc", "runc"),
            ("\(NodePaths.cniPlugins)/bridge", "containernetworking-plugins"),
            ("\(NodePaths.cniPlugins)/host-local", "containernetworking-plugins"),
            ("\(NodePaths.cniPlugins)/loopback", "containernetworking-plugins"),
            ("\(NodePaths.cniPlugins)/portmap", "containernetworking-plugins"),
        ]
        // Whether the API is ready is asked by the last, on the machine itself where nobody else can ask.
        let master: [(String, String)] = [("/usr/bin/etcd", "etcd-server"), ("etcdctl", "etcd-client"), ("curl", "curl")]
        // The address moves by it, and only to where the API is ready.
        let address: [(String, String)] = [("keepalived", "keepalived")]
        return (node + (role == .controlPlane ? master + (sharesAPIAddress ? address : []) : [])).map {
            Missing(program: $0.0, package: $0.1)
        }
    }
}
