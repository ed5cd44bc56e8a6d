public import ClusterModel

/// Where things are on a node. One place, so that drivers, scripts and units agree.
public enum NodePaths {
    /// Kubernetes binaries, as `/opt/slipway/bin/kubelet`.
    public static let binaries = "/opt/slipway/bin"
    /// Holds the version of the binaries, as `1.20.2` and a newline. Written last: it says that all of them are there.
    public static let binariesVersion = "/opt/slipway/bin/.version"
    public static let scripts = "/opt/slipway/libexec"
    public static let slipway = "/etc/slipway"
    public static let units = "/etc/systemd/system"
    public static let kubernetes = "/etc/kubernetes"
    public static let pki = "/etc/kubernetes/pki"
    public static let etcdPKI = "/etc/kubernetes/pki/etcd"
    /// Holds etcd's `member` folder.
    public static let etcdData = "/var/lib/etcd"
    public static let kubeletPKI = "/var/lib/kubelet/pki"
    public static let auditLog = "/var/log/kubernetes/audit.log"
    public static let containerdSocket = "/run/containerd/containerd.sock"
    /// What differs between machines and only the machine's own setup knows (`MachineFact`), as lines `NAME=value` that
    /// systemd reads. Absent on a machine that needs nothing special.
    public static let machineFacts = "/run/slipway/machine.env"

    /// The certificate of an authority.
    public static func authority(_ name: AuthorityName) -> String {
        switch name {
        case .kubernetes: "\(pki)/ca.crt"
        case .etcd: "\(etcdPKI)/ca.crt"
        case .frontProxy: "\(pki)/front-proxy-ca.crt"
        }
    }

    static func script(_ name: String) -> String { "\(scripts)/\(name)" }
    static func unit(_ name: String) -> String { "\(units)/\(name)" }
}

/// Names of the values in `NodePaths.machineFacts`.
public enum MachineFact: String, CaseIterable, Sendable {
    /// The cgroup under which kubelet puts its pods, as `/demo-nodes-a-1`. Empty: the root.
    case cgroupRoot = "CGROUP_ROOT"
    /// `systemd` or `cgroupfs`. Absent: systemd.
    case cgroupDriver = "CGROUP_DRIVER"
    /// What kubelet is to leave out of what it offers, as `cpu=2,memory=14Gi`: the rest of a host that is larger than
    /// the machine's instance type.
    case systemReserved = "SYSTEM_RESERVED"
}

/// Images that nodes need but no registry serves: the driver imports them from tar archives.
public enum NodeImages {
    /// The container that holds a pod's namespaces.
    public static let pause = "slipway.dev/pause:1"
}

/// The Kubernetes programs that a node runs.
public enum NodeBinaries {
    /// Names under `NodePaths.binaries`, sorted.
    public static func names(for role: MachineRole) -> [String] {
        switch role {
        case .controlPlane: ["kube-apiserver", "kube-controller-manager", "kube-proxy", "kube-scheduler", "kubelet"]
        case .worker: ["kube-proxy", "kubelet"]
        case .bastion: []
        }
    }
}
