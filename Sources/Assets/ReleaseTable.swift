public import ClusterModel

/// What goes with a minor release of Kubernetes on a node. Without a leading `v`.
public struct Companions: Sendable, Equatable {
    public let etcd: String
    public let containerd: String
    public let runc: String
    public let cniPlugins: String
    /// The tag of the pod sandbox's image.
    public let pause: String
}

/// Which companions go with which Kubernetes.
///
/// - etcd and pause: what `kubeadm config images list` names at the last patch release of the minor that was out in August
///   2026 (`cmd/kubeadm/app/constants/constants.go`; collected in minikube's `constants_kubeadm_images.go`). etcd 3.5.0 to
///   3.5.2, which can lose data, are not among them.
/// - containerd: by the "Kubernetes Support" table of its RELEASES.md: up to 1.25 kubelets speak CRI v1alpha2, which 1.6 and
///   1.7 still serve; then the releases with long support. The last patch release of each line in August 2026.
/// - runc and CNI plugins: those that the release of containerd is built and tested with (`script/setup/runc-version`; its
///   `script/setup/cni-plugins-version`, or go.mod where there is no such file).
public enum ReleaseTable {
    /// The minor releases of Kubernetes 1 that the table has.
    public static let minors = 20...36

    /// Throws `.usage` for a release that the table does not have.
    public static func companions(of version: KubernetesVersion) throws -> Companions {
        guard version.major == 1, let etcd = etcds[version.minor], let pause = pauses[version.minor],
            let runtime = runtimes.first(where: { $0.minors.contains(version.minor) })
        else {
            throw SlipwayError(
                .usage, doing: "choosing what goes with Kubernetes \(version)", cause: "it is not in the table of releases",
                hint: "known are 1.\(minors.lowerBound) to 1.\(minors.upperBound)")
        }
        return Companions(etcd: etcd, containerd: runtime.containerd, runc: runtime.runc, cniPlugins: runtime.cniPlugins, pause: pause)
    }

    private static let etcds = [
        20: "3.4.13", 21: "3.4.13", 22: "3.5.6", 23: "3.5.6", 24: "3.5.6", 25: "3.5.9", 26: "3.5.10", 27: "3.5.12", 28: "3.5.15",
        29: "3.5.16", 30: "3.5.15", 31: "3.5.24", 32: "3.5.24", 33: "3.5.24", 34: "3.6.5", 35: "3.6.6", 36: "3.6.8",
    ]

    private static let pauses = [
        20: "3.2", 21: "3.4.1", 22: "3.5", 23: "3.6", 24: "3.7", 25: "3.8", 26: "3.9", 27: "3.9", 28: "3.9", 29: "3.9", 30: "3.9",
        31: "3.10", 32: "3.10", 33: "3.10", 34: "3.10.1", 35: "3.10.1", 36: "3.10.2",
    ]

    private struct Runtime {
        let minors: ClosedRange<Int>
        let containerd: String
        let runc: String
        let cniPlugins: String
    }

    private static let runtimes = [
        Runtime(minors: 20...25, containerd: "1.6.39", runc: "1.3.0", cniPlugins: "1.1.1"),
        Runtime(minors: 26...34, containerd: "1.7.34", runc: "1.3.6", cniPlugins: "1.9.0"),
        Runtime(minors: 35...35, containerd: "2.2.7", runc: "1.3.6", cniPlugins: "1.9.0"),
        Runtime(minors: 36...36, containerd: "2.3.4", runc: "1.4.3", cniPlugins: "1.9.1"),
    ]
}
