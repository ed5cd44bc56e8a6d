import ClusterModel
import Templates

extension NodeRenderer {
    /// This machine's etcd member. Flags are those that 3.4 to 3.6 have in common.
    mutating func addEtcd() throws {
        let server = "\(NodePaths.etcdPKI)/server"
        let peer = "\(NodePaths.etcdPKI)/peer"
        let address = input.late.address

        var command = CommandText(NodePaths.script("slipway-etcd-start"), "/usr/bin/etcd")
        command.flag("name", input.machine)
        command.flag("data-dir", NodePaths.etcdData)
        command.flag("listen-client-urls", "https://127.0.0.1:\(NodePorts.etcdClient),https://\(address):\(NodePorts.etcdClient)")
        command.flag("advertise-client-urls", "https://\(address):\(NodePorts.etcdClient)")
        command.flag("listen-peer-urls", EtcdFormation.peerURL(address))
        command.flag("initial-advertise-peer-urls", EtcdFormation.peerURL(address))
        command.flag("listen-metrics-urls", "http://127.0.0.1:\(NodePorts.etcdMetrics)")
        command.flag("cert-file", server + ".crt")
        command.flag("key-file", server + ".key")
        command.flag("trusted-ca-file", NodePaths.authority(.etcd))
        command.flag("client-cert-auth", true)
        command.flag("peer-cert-file", peer + ".crt")
        command.flag("peer-key-file", peer + ".key")
        command.flag("peer-trusted-ca-file", NodePaths.authority(.etcd))
        command.flag("peer-client-cert-auth", true)
        command.flag("cipher-suites", TLSProfile.cipherSuites)
        command.flag("logger", "zap")
        command.flag("log-outputs", "stderr")

        addScript("slipway-etcd-start", NodeTemplates.etcdStartScript, effect: .restart([.etcd]))
        addUnit(.etcd, part: .machine, try unitText(NodeTemplates.etcdUnit, values: ["command": command.text]))

        folders.append(NodeFolder(NodePaths.etcdPKI, mode: 0o755))
        let names = ["localhost", input.machine]
        // Etcd's own gateway presents the server's certificate as a client.
        try addCertificate(
            server, owner: "etcd",
            CertificateRequest(
                name: "etcd-server", authority: .etcd, commonName: input.machine, dnsNames: names, usages: [.server, .client]),
            addresses: ["127.0.0.1", address], users: [.etcd])
        try addCertificate(
            peer, owner: "etcd",
            CertificateRequest(
                name: "etcd-peer", authority: .etcd, commonName: input.machine, dnsNames: names, usages: [.server, .client]),
            addresses: ["127.0.0.1", address], users: [.etcd])
        // For etcdctl, by root.
        try addCertificate(
            NodePaths.etcdClientCertificate,
            CertificateRequest(name: "etcd-client", authority: .etcd, commonName: "slipway:etcdctl", usages: [.client]), users: [])
    }
}

extension NodePaths {
    /// The certificate that root uses with etcdctl, without `.crt` and `.key`.
    static let etcdClientCertificate = "\(etcdPKI)/client"
}
