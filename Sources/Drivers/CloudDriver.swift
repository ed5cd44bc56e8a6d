import Bootstrap
public import ClusterModel
import PKI

/// Carries out what concerns the cloud: network, machines, routes.
public struct CloudDriver: Driver {
    private let cloud: any Cloud
    private let vault: Vault
    private let assets: @Sendable (String) throws -> any AssetSource
    /// The state store's name, written on everything as a tag.
    private let store: String
    /// Tags of the network are written in turns, so that an older high-water mark never follows a newer one.
    private let networkTags = Turns()
    /// All machines that this run is to make, in the order of the plan.
    private let machines: [MachineDesign]
    private let intents = Turns()

    public init(
        cloud: any Cloud, vault: Vault, assets: @escaping @Sendable (String) throws -> any AssetSource, store: String,
        machines: [MachineDesign] = []
    ) {
        self.cloud = cloud
        self.vault = vault
        self.assets = assets
        self.store = store
        self.machines = machines
    }

    public func perform(_ step: Step, in context: StepContext) async throws -> StepOutcome {
        let state = await context.state()
        let cluster = state.identity
        if step.guards.contains(.ownership) { try await checkOwnership(step, state: state) }
        switch step.action {
        case .ensureNetwork(let cidr, let podCIDR, let serviceCIDR):
            return try await ensureNetwork(cidr, podCIDR, serviceCIDR, state: state, context: context)
        case .createMachine(let design):
            return try await createMachine(design, cluster: cluster, context: context)
        case .startMachine:
            context.progress("booting")
            let record = try await cloud.startMachine(cluster, name: step.address.name)
            // A run that changed its size may not have come to note it.
            if let entry = state.machines[record.name], entry.instanceType != record.instanceType {
                try await context.record(.machineResized(name: record.name, instanceType: record.instanceType))
            }
            try await context.record(.machineMade(record))
            return .changed
        case .stopMachine:
            context.progress("shutting down")
            try await cloud.stopMachine(cluster, name: step.address.name)
            return .changed
        case .resizeMachine(let instanceType):
            try await cloud.resizeMachine(cluster, name: step.address.name, instanceType: instanceType)
            try await context.record(.machineResized(name: step.address.name, instanceType: instanceType))
            return .changed
        case .deleteMachine:
            try await cloud.deleteMachine(cluster, name: step.address.name)
            if state.machines[step.address.name] != nil { try await context.record(.machineGone(name: step.address.name)) }
            return .changed
        case .setRoute(let podCIDR, let machine):
            try await cloud.setRoute(cluster, podCIDR: podCIDR, machine: machine)
            return .changed
        case .deleteRoute(let podCIDR):
            try await cloud.deleteRoute(cluster, podCIDR: podCIDR)
            return .changed
        case .deleteNetwork:
            try await cloud.deleteNetwork(cluster)
            if state.network != nil { try await context.record(.network(nil)) }
            return .changed
        default:
            throw SlipwayError(.bug, doing: step.action.name.rawValue, cause: "it is no action of the cloud")
        }
    }

    private func tags(_ cluster: ClusterIdentity) -> [String: String] {
        [Tag.cluster: cluster.name, Tag.clusterUID: cluster.uid, Tag.store: store]
    }

    private func ensureNetwork(
        _ cidr: IPv4CIDR?, _ podCIDR: IPv4CIDR, _ serviceCIDR: IPv4CIDR, state: ClusterState, context: StepContext
    ) async throws -> StepOutcome {
        let key = try await vault.secrets().sshKey.authorizedKey(comment: "slipway-\(state.name)")
        let record = try await cloud.ensureNetwork(
            NetworkRequest(
                cluster: state.identity, cidr: cidr, podCIDR: podCIDR, serviceCIDR: serviceCIDR, tags: tags(state.identity),
                spec: state.desired.spec, sshKey: key))
        if state.network != record { try await context.record(.network(record)) }
        return .changed
    }

    private func createMachine(_ design: MachineDesign, cluster: ClusterIdentity, context: StepContext) async throws -> StepOutcome {
        let secrets = try await vault.secrets()
        let hostKey = secrets.hostKey(for: design.name)
        let spec = await context.state().desired.spec
        let make = try await make(design.name, spec, cluster: cluster, context: context)
        let entry = entry(design, make, cluster: cluster, hostKey: hostKey.fingerprint)
        let token = entry.token
        // The intent is durable before the cloud is asked: whatever happens then, the machine is known to be ours.
        // Lower ordinals of its pool come first, whichever step is the fastest: below the highest none is left over, or a run
        // that goes on after a kill would give other names.
        try await intents.inTurn {
            let known = await context.state().machines
            for earlier in machines where earlier.pool == design.pool && earlier.ordinal < design.ordinal && known[earlier.name] == nil {
                let hostKey = secrets.hostKey(for: earlier.name)
                try await context.record(
                    .machineIntended(
                        self.entry(earlier, MachineMake(spec.cloud), cluster: cluster, hostKey: hostKey.fingerprint)))
            }
            if known[design.name] != entry { try await context.record(.machineIntended(entry)) }
        }
        try await networkTags.inTurn { [cloud] in
            let highWater = await context.state().highWater[design.pool] ?? design.ordinal
            try await cloud.tagNetwork(cluster, tags: [Tag.highWaterPrefix + design.pool: "\(highWater)"])
        }
        var tags = tags(cluster)
        tags[Tag.pool] = design.pool
        tags[Tag.role] = design.role.rawValue
        tags[Tag.token] = token
        tags[Tag.podCIDR] = "\(design.podCIDR)"
        tags[Tag.hostKey] = hostKey.fingerprint
        tags.merge(make?.tags ?? [:]) { _, new in new }
        let user = secrets.sshKey.authorizedKey(comment: "slipway-\(cluster.name)")
        let record = try await cloud.createMachine(
            MachineRequest(
                cluster: cluster, name: design.name, zone: design.zone, role: design.role, instanceType: design.instanceType,
                market: design.market, token: token, tags: tags, hostKey: hostKey.privateKeyFile,
                authorizedKeys: [user] + spec.access.sshPublicKeys,
                programsCheck: design.role.isOfNodes
                    ? RequiredPrograms.check(for: design.role, sharesAPIAddress: cloud.sharesAPIAddress) : nil,
                wantedFiles: try await binaries(for: design.role, spec), cloud: spec.cloud.making(make)))
        try await context.record(.machineMade(record))
        return .changed
    }

    /// What the spec says, but for a machine that an earlier run has made from something else and could not record.
    private func make(
        _ name: String, _ spec: ClusterSpec, cluster: ClusterIdentity, context: StepContext
    ) async throws -> MachineMake? {
        let wanted = MachineMake(spec.cloud)
        guard let intended = await context.state().machines[name]?.make, intended != wanted else { return wanted }
        return try await cloud.tags(cluster, machine: name).flatMap { MachineMake(tags: $0) } ?? wanted
    }

    private func binaries(for role: MachineRole, _ spec: ClusterSpec) async throws -> [String: AssetFile] {
        guard let version = spec.kubernetesVersion else { return [:] }
        let source = try assets(spec.assets.source)
        var files: [String: AssetFile] = [:]
        for binary in NodeBinaries.names(for: role).compactMap(KubernetesBinary.init) {
            files["\(NodePaths.binaries)/\(binary.rawValue)"] = try await source.binary(binary, version: version)
        }
        return files
    }

    private func entry(_ design: MachineDesign, _ make: MachineMake?, cluster: ClusterIdentity, hostKey: String) -> MachineEntry {
        MachineEntry(
            name: design.name, pool: design.pool, zone: design.zone, role: design.role, ordinal: design.ordinal,
            instanceType: design.instanceType, market: design.market, make: make, podCIDR: design.podCIDR,
            token: "\(cluster.uid)-\(design.name)",
            hostKeyFingerprint: hostKey)
    }

    /// Reads the tags again just before something is destroyed.
    private func checkOwnership(_ step: Step, state: ClusterState) async throws {
        let tags = try await cloud.tags(state.identity, machine: step.address.kind == .machine ? step.address.name : nil)
        guard let tags, tags[Tag.clusterUID] != state.uid else { return }
        throw SlipwayError(
            .refused, at: step.address, doing: "checking who owns it",
            cause: "its tag \(Tag.clusterUID) is \(tags[Tag.clusterUID] ?? "absent"), not \(state.uid)",
            hint: "it belongs to someone else and is left alone")
    }
}
