import ClusterModel
import Templates

/// Puts a node's content together. Each component adds its own in an extension under `Components/`.
struct NodeRenderer {
    let input: NodeContentInput
    let gates: VersionGates
    var files: [NodeFile] = []
    var folders: [NodeFolder] = []
    var certificates: [NodeCertificate] = []

    init(_ input: NodeContentInput) throws {
        try input.late.validate()
        guard input.podCIDR.prefix <= 30, input.network.serviceCIDR.prefix <= 30 else {
            throw SlipwayError(
                .bug, at: Address(.host, input.machine), doing: "rendering node content",
                cause: "pod range \(input.podCIDR) or service range \(input.network.serviceCIDR) is too small")
        }
        self.input = input
        gates = VersionGates(input.version)
    }

    var isMaster: Bool { input.role == .controlPlane }
    private var services: [NodeService] {
        let master = NodeService.controlPlane.filter { $0 != .apiAddress || input.sharesAPIAddress }
        return (isMaster ? master : []) + NodeService.node
    }

    /// Renders all; the digest is left empty.
    func content() throws -> NodeContent {
        var copy = self
        if isMaster {
            if input.sharesAPIAddress { try copy.addAPIAddress() }
            try copy.addEtcd()
            try copy.addAPIServer()
            try copy.addControllerManager()
            try copy.addScheduler()
        }
        try copy.addPodNetwork()
        try copy.addContainerd()
        try copy.addProxy()
        try copy.addKubelet()
        copy.addAuthorities()
        copy.addLogins()
        return NodeContent(
            files: copy.files.sorted { $0.path < $1.path }, folders: copy.folders.sorted { $0.path < $1.path },
            certificates: copy.certificates.sorted { $0.name < $1.name }, services: services, specDigest: "")
    }

    // MARK: What the components add

    mutating func add(_ file: NodeFile) { files.append(file) }

    mutating func addUnit(_ service: NodeService, part: NodeFile.Part, effect: Effect? = nil, _ text: String) {
        add(NodeFile(NodePaths.unit(service.unit), mode: 0o600, content: .text(text), effect: effect ?? .restart([service]), part: part))
    }

    mutating func addScript(_ name: String, _ text: String, effect: Effect) {
        add(NodeFile(NodePaths.script(name), mode: 0o755, content: .text(text), effect: effect, part: .pool))
    }

    /// A configuration file, readable by its owner alone.
    mutating func addConfiguration(_ path: String, _ text: String, part: NodeFile.Part, effect: Effect) {
        add(NodeFile(path, mode: 0o600, content: .text(text), effect: effect, part: part))
    }

    /// A certificate in two files, `PATH.crt` (644) and `PATH.key` (600).
    mutating func addCertificate(
        _ path: String, owner: String = "root", _ request: CertificateRequest, addresses: [String] = [], users: [NodeService]
    ) throws {
        let effect: Effect = users.isEmpty ? .nothing : .restart(users)
        add(NodeFile(path + ".crt", mode: 0o644, owner: owner, content: .certificate(request.name), effect: effect, part: .machine))
        add(NodeFile(path + ".key", mode: 0o600, owner: owner, content: .key(request.name), effect: effect, part: .machine))
        certificates.append(
            try NodeCertificate(request, addresses: addresses, paths: [path + ".crt", path + ".key"], inUse: path + ".crt", users: users))
    }

    /// A kubeconfig that refers to files of this machine, so it holds no secret itself.
    mutating func addKubeconfig(_ path: String, server: String, certificate: String, key: String, part: NodeFile.Part, effect: Effect)
        throws
    {
        addConfiguration(
            path, try YAMLText.text(Kubeconfig.object(cluster: input.cluster.name, server: server, certificate: certificate, key: key)),
            part: part, effect: effect)
    }

    /// The certificates of the authorities that this node trusts.
    private mutating func addAuthorities() {
        folders += [NodeFolder(NodePaths.kubernetes, mode: 0o755), NodeFolder(NodePaths.pki, mode: 0o755)]
        let all: Effect =
            isMaster ? .restart([.apiserver, .controllerManager, .scheduler, .proxy, .kubelet]) : .restart([.proxy, .kubelet])
        addAuthority(.kubernetes, at: NodePaths.authority(.kubernetes), effect: all)
        guard isMaster else { return }
        addAuthority(.etcd, at: NodePaths.authority(.etcd), effect: .restart([.etcd, .apiserver]))
        addAuthority(.frontProxy, at: NodePaths.authority(.frontProxy), effect: .restart([.apiserver]))
    }

    private mutating func addAuthority(_ name: AuthorityName, at path: String, effect: Effect) {
        add(NodeFile(path, mode: 0o644, content: .secret(.authorityCertificate(name)), effect: effect, part: .pool))
    }

    func unitText(_ template: String, values: [String: String]) throws -> String {
        try UnitTemplate.render(
            template,
            values: values.merging(
                ["cluster": UnitQuoting.description(input.cluster.name), "hardening": NodeTemplates.hardening.trimmedEnd],
                uniquingKeysWith: { given, _ in given }),
            flags: ["master": isMaster])
    }

    /// `Environment=` lines of a unit.
    func environment(_ values: [(String, String)]) -> String {
        values.map { "Environment=" + UnitQuoting.assignment($0, $1) }.joined(separator: "\n")
    }
}

extension String {
    /// Without newlines at its end, which a template's own line brings.
    var trimmedEnd: String {
        var copy = self[...]
        while copy.hasSuffix("\n") { copy.removeLast() }
        return String(copy)
    }
}
