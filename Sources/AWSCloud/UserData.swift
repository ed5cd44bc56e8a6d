import ClusterModel

/// What cloud-init does on a machine before the first login: the host key for it, and who may log in.
///
/// Whoever may read an instance's user data can read this. The host key in it serves for the first login only, which gives the
/// machine one of its own; there is no other secret in it.
struct UserData: Sendable {
    var machine: String
    var hostKey: Secret
    var authorizedKeys: [String]
    /// As `MachineRequest.programsCheck`.
    var programsCheck: String?

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
        lines += programsCheck.map(Self.nodeLines) ?? Self.bastionLines
        return lines.joined(separator: "\n") + "\n"
    }

    /// An image without the programs of a node gets them from its distribution; one that has them waits for nothing.
    private static func nodeLines(_ check: String) -> [String] {
        var lines = ["write_files:", "  - path: /usr/local/sbin/slipway-packages", "    permissions: '0755'", "    content: |"]
        lines += packagesScript(check).split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "      \($0)" }
        return lines + ["runcmd:", "  - [/usr/local/sbin/slipway-packages]"]
    }

    /// Logins to all machines come at once, and sshd drops some of more than ten unless it is told otherwise.
    private static let bastionLines = [
        "write_files:", "  - path: /etc/ssh/sshd_config.d/slipway-bastion.conf", "    permissions: '0644'",
        "    content: |", "      MaxStartups 200:30:1000", "      AllowTcpForwarding local",
    ]

    /// A YAML string in single quotes.
    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

    /// Installs what the check names. What is looked for, and how, is the check's affair alone: the machine meets it again later.
    static func packagesScript(_ check: String) -> String {
        """
        #!/bin/sh
        # Installs what a Kubernetes node needs and this image lacks.
        set -eu

        # Prints a line for each program that is missing: its name, and its package.
        lacking() (
        \(check)
        )

        packages=$(lacking | cut -d ' ' -f 2 | sort -u)
        [ -n "$packages" ] || exit 0
        # Their packages would start these. Slipway does, when their configuration is there.
        services='containerd.service etcd.service keepalived.service'
        # shellcheck disable=SC2086 # a list
        systemctl mask --quiet $services
        export DEBIAN_FRONTEND=noninteractive
        apt-get -qq -o Acquire::Retries=5 update
        # shellcheck disable=SC2086 # a list
        apt-get -qq install --yes --no-install-recommends $packages
        for service in $services; do
            systemctl unmask --quiet "$service"
            # Not every machine has each of them.
            if systemctl cat "$service" >/dev/null 2>&1; then systemctl disable --quiet "$service"; fi
        done
        """
    }
}
