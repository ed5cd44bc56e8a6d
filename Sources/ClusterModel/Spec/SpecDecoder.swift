import Yams

/// A spec that was read and found valid.
public struct ReadSpec: Sendable, Equatable {
    /// Every default filled in.
    public var cluster: Cluster
    /// What is doubtful but allowed.
    public var warnings: [Diagnostic]

    public init(cluster: Cluster, warnings: [Diagnostic] = []) {
        self.cluster = cluster
        self.warnings = warnings
    }
}

/// Reads a spec file. Everything that is wrong with it is reported at once, each with its place.
public enum SpecDecoder {
    /// - Parameters:
    ///   - bytes: the file as it is; UTF-8, at most 1 MiB.
    ///   - file: its name, for messages.
    ///   - expectedName: the cluster that the command named; a file of another one is an error.
    ///   - instanceTypes: the sizes that the cloud offers; nil for those that Slipway knows by itself.
    public static func decode(
        _ bytes: [UInt8], file: String, expectedName: String? = nil, instanceTypes: [InstanceType]? = nil
    ) -> Result<ReadSpec, SpecDiagnostics> {
        do throws(SpecDiagnostics) {
            let source = try SpecText(bytes, file: file)
            let document = try SpecDocument(source, file: file)
            var reader = SpecReader(renamedKeys: document.renamedKeys)
            guard let draft = reader.cluster(document.root) else {
                let locator = FindingLocator(file: file, lines: source.lines, marks: reader.marks)
                return .failure(SpecDiagnostics(reader.findings.map(locator.diagnostic)))
            }
            return SpecAssembly(
                draft: draft, findings: reader.findings, unreadable: reader.unreadable,
                locator: FindingLocator(file: file, lines: source.lines, marks: reader.marks)
            ).result(expectedName: expectedName, instanceTypes: instanceTypes)
        } catch {
            return .failure(error)
        }
    }

    public static func decode(
        _ text: String, file: String, expectedName: String? = nil, instanceTypes: [InstanceType]? = nil
    ) -> Result<ReadSpec, SpecDiagnostics> {
        decode(Array(text.utf8), file: file, expectedName: expectedName, instanceTypes: instanceTypes)
    }
}

extension SpecReader {
    /// Nil when the document is not a cluster's at all: looking into it would only make noise.
    mutating func cluster(_ node: Node) -> ClusterDraft? {
        let document = root(node)
        guard node.mapping != nil else {
            report(.root, "a spec is a mapping that begins with 'apiVersion: \(Cluster.apiVersion)'")
            return nil
        }
        guard let fields = mapping(document, known: SpecSchema.document), isCluster(fields, in: document) else { return nil }
        var draft = ClusterDraft()
        if let metadata = required(fields, "metadata", in: document, suggestion: "metadata: {name: NAME}"),
            let entries = mapping(metadata, known: SpecSchema.metadata, example: "{name: NAME}")
        {
            draft.name = text(required(entries, "name", in: metadata, suggestion: "name: NAME"))
        }
        if let spec = required(fields, "spec", in: document, suggestion: "spec: {cloud: {provider: local}}") { read(spec, into: &draft) }
        return draft
    }

    /// Notes what is wrong with the document's own version and kind. False when both say that it is something else.
    private mutating func isCluster(_ fields: Fields, in document: Entry) -> Bool {
        var foreign = 0
        for (name, value) in [("apiVersion", Cluster.apiVersion), ("kind", Cluster.kind)] {
            guard let entry = required(fields, name, in: document, suggestion: "\(name): \(value)"), let found = text(entry) else {
                continue
            }
            guard found != value else { continue }
            foreign += 1
            report(entry.path, "\(TerminalText.quoted(found)) is not Slipway's", suggestion: "\(name): \(value)")
        }
        return foreign < 2
    }

    private mutating func read(_ entry: Entry, into draft: inout ClusterDraft) {
        guard let fields = mapping(entry, known: SpecSchema.spec) else { return }
        draft.kubernetesVersion = version(fields["kubernetesVersion"])
        if let cloud = required(fields, "cloud", in: entry, suggestion: "cloud: {provider: local}") { readCloud(cloud, into: &draft) }
        if let access = fields["access"], let entries = mapping(access, known: SpecSchema.access, example: "{api: [10.0.0.0/8]}") {
            draft.accessAPI = ranges(inListOf: entries["api"])
            draft.accessSSH = ranges(inListOf: entries["ssh"])
            draft.sshPublicKeys = texts(inListOf: entries["sshPublicKeys"])?.map { String($0.trimmingSpaces) }
        }
        if let controlPlane = fields["controlPlane"],
            let entries = mapping(controlPlane, known: SpecSchema.controlPlane, example: "{count: 1}")
        {
            draft.controlPlane = machines(entries)
            if let update = entries["update"],
                let choices = mapping(update, known: SpecSchema.controlPlaneUpdate, example: "{strategy: replace}")
            {
                draft.controlPlaneStrategy = strategy(choices["strategy"])
            }
        }
        if let items = list(fields["pools"], example: "pools: [{name: nodes, count: 2}]") {
            var pools: [ClusterDraft.PoolDraft] = []
            for item in items { pools.append(pool(item)) }
            draft.pools = pools
        }
        if let network = fields["network"], let entries = mapping(network, known: SpecSchema.network, example: "{podCIDR: 10.244.0.0/16}") {
            draft.podCIDR = range(entries["podCIDR"])
            draft.serviceCIDR = range(entries["serviceCIDR"])
        }
        if let assets = fields["assets"], let entries = mapping(assets, known: SpecSchema.assets, example: "{source: official}") {
            draft.assetsSource = text(entries["source"])
        }
        draft.deletionProtection = flag(fields["deletionProtection"])
    }

    private mutating func readCloud(_ cloud: Entry, into draft: inout ClusterDraft) {
        guard let fields = mapping(cloud, known: SpecSchema.cloud, example: "{provider: local}") else { return }
        draft.provider = value(
            required(fields, "provider", in: cloud, suggestion: "provider: local"), parse: CloudProvider.init(rawValue:),
            explain: SpecTextProblem.provider)
        if let local = fields["local"], let entries = mapping(local, known: SpecSchema.localCloud, example: "{cidr: 100.96.8.0/24}") {
            draft.localCIDR = range(entries["cidr"])
        }
        if let aws = fields["aws"], let entries = mapping(aws, known: SpecSchema.aws, example: "{region: us-east-1}") {
            draft.aws.region = text(entries["region"])
            draft.aws.vpcID = value(
                entries["vpcID"], parse: { AWSID.isVPC($0) ? $0 : nil }, explain: SpecTextProblem.vpcID)
            draft.aws.vpcCIDR = range(entries["vpcCIDR"])
            draft.aws.subnets = texts(entries["subnets"])
            draft.aws.publicSubnets = texts(entries["publicSubnets"])
            draft.aws.topology = value(
                entries["topology"], parse: AWSTopology.init(rawValue:), explain: SpecTextProblem.topology)
            draft.aws.natGateways = value(
                entries["natGateways"], parse: AWSNATGateways.init(rawValue:), explain: SpecTextProblem.natGateways)
            draft.aws.bastionType = text(entries["bastionType"])
            draft.aws.image = value(entries["image"], parse: { AWSImage($0) }, explain: SpecTextProblem.image)
            draft.aws.volumeSize = integer(entries["volumeSize"])
            draft.aws.apiExposure = value(
                entries["apiExposure"], parse: AWSAPIExposure.init(rawValue:), explain: SpecTextProblem.apiExposure)
            draft.aws.dnsName = text(entries["dnsName"])
            draft.aws.hostedZone = text(entries["hostedZone"])
        }
        for (name, owner) in [("local", [CloudProvider.local, .simulated]), ("aws", [.aws])] {
            guard let entry = fields[name], let provider = draft.provider, !owner.contains(provider) else { continue }
            report(
                entry.path, "the cloud is \(provider.rawValue): settings under '\(name)' mean nothing to it",
                suggestion: "remove them, or provider: \(name)", at: entry.key, unreadable: false)
        }
    }

    private mutating func machines(_ fields: Fields) -> ClusterDraft.MachinesDraft {
        ClusterDraft.MachinesDraft(
            zones: texts(inListOf: fields["zones"]), count: integer(fields["count"]), instanceType: text(fields["instanceType"]))
    }

    private mutating func pool(_ entry: Entry) -> ClusterDraft.PoolDraft {
        var pool = ClusterDraft.PoolDraft()
        guard let fields = mapping(entry, known: SpecSchema.pool, example: "{name: nodes, count: 2}") else { return pool }
        pool.name = text(fields["name"])
        pool.machines = machines(fields)
        pool.labels = texts(fields["labels"])
        if let items = list(fields["taints"], example: "taints: [{key: dedicated, value: gpu, effect: NoSchedule}]") {
            var taints: [Taint] = []
            for item in items { taints.append(taint(item)) }
            pool.taints = taints
        }
        pool.spot = flag(fields["spot"])
        if let update = fields["update"], let entries = mapping(update, known: SpecSchema.update, example: "{maxSurge: 1}") {
            pool.maxSurge = value(entries["maxSurge"], parse: { CountOrPercent($0) }, explain: SpecTextProblem.countOrPercent)
            pool.maxUnavailable = value(entries["maxUnavailable"], parse: { CountOrPercent($0) }, explain: SpecTextProblem.countOrPercent)
            pool.drainTimeout = value(entries["drainTimeout"], parse: Seconds.init(text:), explain: SpecTextProblem.duration)
            pool.strategy = strategy(entries["strategy"])
        }
        return pool
    }

    private mutating func strategy(_ entry: Entry?) -> UpdateStrategy? {
        value(entry, parse: UpdateStrategy.init(rawValue:), explain: SpecTextProblem.updateStrategy)
    }

    /// A stand-in takes the place of a taint that cannot be read, so that the others keep theirs.
    private mutating func taint(_ entry: Entry) -> Taint {
        let standIn = Taint(key: "", effect: .noSchedule)
        guard let fields = mapping(entry, known: SpecSchema.taint, example: "{key: dedicated, value: gpu, effect: NoSchedule}") else {
            return standIn
        }
        let key = text(required(fields, "key", in: entry, suggestion: "key: dedicated"))
        let value = text(fields["value"])
        let effect = self.value(
            required(fields, "effect", in: entry, suggestion: "effect: " + Suggestion.choice(Taint.Effect.allCases.map(\.rawValue))),
            parse: Taint.Effect.init(rawValue:), explain: SpecTextProblem.taintEffect)
        return Taint(key: key ?? "", value: value?.isEmpty == true ? nil : value, effect: effect ?? .noSchedule)
    }
}
