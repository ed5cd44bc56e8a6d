import ClusterModel
import Templates

extension NodeRenderer {
    mutating func addContainerd() throws {
        let source = "/etc/containerd/config.toml"
        let target = "/run/slipway/containerd.toml"
        addConfiguration(source, Containerd.configuration, part: .pool, effect: .restart([.containerd]))
        addScript("slipway-containerd-config", NodeTemplates.containerdConfigScript, effect: .restart([.containerd]))
        addUnit(
            .containerd, part: .pool,
            try unitText(
                NodeTemplates.containerdUnit,
                values: [
                    "facts": NodePaths.machineFacts, "config": target,
                    "prepare": CommandText(NodePaths.script("slipway-containerd-config"), source, target).text,
                ]))
    }
}

enum Containerd {
    /// Version 2 of the format, which containerd 1.6 and 1.7 read. Valid as it is; `slipway-containerd-config` adjusts the
    /// two values that depend on the machine.
    static let configuration = """
        version = 2
        root = "/var/lib/containerd"
        state = "/run/containerd"
        disabled_plugins = [
          "io.containerd.snapshotter.v1.aufs",
          "io.containerd.snapshotter.v1.btrfs",
          "io.containerd.snapshotter.v1.devmapper",
          "io.containerd.snapshotter.v1.zfs",
        ]

        [grpc]
          address = "\(NodePaths.containerdSocket)"

        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "\(NodeImages.pause)"
          restrict_oom_score_adj = false

          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "\(NodePaths.cniPlugins)"
            conf_dir = "/etc/cni/net.d"

          [plugins."io.containerd.grpc.v1.cri".registry]
            config_path = "/etc/containerd/certs.d"

          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = "overlayfs"
            default_runtime_name = "runc"

            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v2"

              [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                SystemdCgroup = true

        """
}

extension NodePaths {
    /// Where Debian's containernetworking-plugins puts them.
    static let cniPlugins = "/usr/lib/cni"
}
