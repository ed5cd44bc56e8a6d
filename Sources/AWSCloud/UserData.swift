import ClusterModel

/// What cloud-init does on a machine before the first login: the host key for it, and who may log in.
///
/// Whoever may read an instance's user data can read this. The host key in it serves for the first login only, which gives the
/// machine one of its own; there is no other secret in it.
struct UserData: Sendable {
    var machine: String
    /// Whether it gets what a node needs.
    var isNode: Bool
    var hostKey: Secret
    var authorizedKeys: [String]

    /// As cloud-config.
    var text: String {
        var lines = [
            "#cloud-config",
            "hostname: \(machine)",
            "preserve_hostname: false",
            "disable_root: false",
            "ssh_pwauth: false",
            "ssh_deletekeys: true",
            "ssh_genkeytypes: []",
            "ssh_keys:",
            "  ed25519_private: |",
        ]
        lines += hostKey.revealText().split(separator: "\n").map { "    \($0)" }
        // Without a password already, and sshd lets nobody in to an account that is locked.
        lines += ["users:", "  - name: root", "    lock_passwd: false", "    ssh_authorized_keys:"]
        lines += authorizedKeys.map { "      - \(Self.quoted($0))" }
        lines += isNode ? Self.nodeLines : Self.bastionLines
        return lines.joined(separator: "\n") + "\n"
    }

    /// An image without the programs of a node gets them from its distribution; one that has them waits for nothing.
    private static var nodeLines: [String] {
        var lines = ["write_files:", "  - path: /usr/local/sbin/slipway-packages", "    permissions: '0755'", "    content: |"]
        lines += packagesScript.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "      \($0)" }
        return lines + ["runcmd:", "  - [/usr/local/sbin/slipway-packages]"]
    }

    /// Logins to all machines come at once, and sshd drops some of more than ten unless it is told otherwise.
    private static let bastionLines = [
        "write_files:", "  - path: /etc/ssh/sshd_config.d/slipway-bastion.conf", "    permissions: '0644'",
        "    content: |", "      MaxStartups 200:30:1000", "      AllowTcpForwarding local",
    ]

    /// A YAML string in single quotes.
    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

    /// Programs that a node needs and that Debian's cloud image may lack, each with its package.
    private static let packagesScript = """
        #!/bin/sh
        # Installs what a Kubernetes node needs and this image lacks.
        set -eu
        missing=
        while read -r program package; do
            command -v "$program" >/dev/null || missing="$missing $package"
        done <<LIST
        containerd containerd
        runc runc
        etcd etcd-server
        etcdctl etcd-client
        iptables iptables
        conntrack conntrack
        ebtables ebtables
        ethtool ethtool
        ipset ipset
        socat socat
        curl curl
        LIST
        [ -n "$missing" ] || exit 0
        # Slipway starts these itself, when their configuration is there.
        systemctl mask --quiet containerd.service etcd.service
        export DEBIAN_FRONTEND=noninteractive
        apt-get -qq -o Acquire::Retries=5 update
        # shellcheck disable=SC2086 # a list
        apt-get -qq install --yes --no-install-recommends $missing
        systemctl unmask --quiet containerd.service etcd.service
        systemctl disable --quiet containerd.service etcd.service
        """
}
