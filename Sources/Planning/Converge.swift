import ClusterModel

/// Builds the plan of a create or an update, part by part: secrets, network, machines, etcd, control plane, nodes.
struct Converge {
    let input: PlanningInput
    let version: KubernetesVersion
    let masters: [MachineSituation]
    let workers: [MachineSituation]
    /// All of them by name.
    let situations: [String: MachineSituation]
    let control: ControlPlaneRoster
    let mark: EtcdMark
    let rosters: [PoolRoster]
    let bastions: BastionRoster
    let changedInPlace: Set<String>
    var builder = PlanBuilder()
    var grants: [TokenGrant] = []
    var warnings: [String] = []

    /// The last step that prepares the ground (secrets, network); nil when both are there.
    private(set) var ground: [String] = []
    /// What logins to nodes come after; empty where the way to them is open.
    var wayIn: [String] = []
    /// Per machine, the steps that a start of its services comes after.
    private(set) var prepared: [String: [String]] = [:]
    private(set) var routes: [String: String] = [:]
    /// Per machine of a cluster that is just made, what kubelet's start comes after: it does not wait for the API.
    private var runtimes: [String: [String]] = [:]
    /// The note that etcd has formed; nil when it had before.
    private var formed: String?
    private(set) var apiReady: [String] = []
    private(set) var manifests: String?
    /// The last change of etcd's members; the next one comes after it.
    var membership: [String] = []
    /// The last step of the last control plane machine that left; empty while none does.
    var mastersChanged: [String] = []

    init(_ input: PlanningInput, fleet: Fleet) throws {
        guard let version = input.desired.spec.kubernetesVersion else {
            throw SlipwayError(.bug, doing: "planning", cause: "the Kubernetes version was not resolved")
        }
        self.input = input
        self.version = version
        masters = fleet.controlPlane.map { MachineSituation($0, input: input) }
        workers = fleet.workers.map { MachineSituation($0, input: input) }
        situations = Dictionary((masters + workers).map { ($0.design.name, $0) }, uniquingKeysWith: { first, _ in first })
        control = fleet.controlPlaneRoster
        mark = ControlPlaneRules.mark(input)
        rosters = fleet.rosters
        bastions = fleet.bastions
        changedInPlace = Self.changedInPlace(fleet)
    }

    private var taggedMark: EtcdMark { ControlPlaneRules.taggedMark(input) }
    private var name: String { input.state.name }
    private var all: [MachineSituation] { masters + workers }

    /// - Parameter keepsKits: whether what control plane machines keep for recovery is brought up to date.
    mutating func build(keepsKits: Bool) throws {
        try ControlPlaneRules.check(input, mark: mark)
        try refuseUnknown()
        try planSecrets()
        try planNetwork()
        planBastions()
        guard !bastions.comesFirst else {
            warnings.append("nobody can look at the machines without their bastion: what else there is to do is planned once it is there")
            builder.sort()
            return
        }
        for machine in all { try planMachine(machine) }
        planRoutes()
        for machine in all { try planContent(machine) }
        for machine in all { planRuntime(machine) }
        planLostMasters()
        planEtcd()
        planControlPlane()
        planManifests()
        for machine in all { planNode(machine) }
        planLeavingMasters()
        try planMasterSwaps()
        try planMasterResizes()
        try planRosters()
        if keepsKits { planRecoveryKits() }
        planBastionSwap()
        builder.sort()
    }

    private func refuseUnknown() throws {
        let names = Set(all.map(\.design.name) + control.leaving.map(\.entry.name) + bastions.kept.map(\.design.name))
        guard let unknown = input.observation.cloud.machines.first(where: { $0.status == .unknown && names.contains($0.name) }) else {
            return
        }
        throw SlipwayError(
            .unreachable, at: Address(.machine, unknown.name), doing: "observing", cause: "its cloud cannot say whether it runs",
            hint: "nothing is done to a cluster with a machine in an unknown state; try again")
    }

    // MARK: The ground

    private mutating func planSecrets() throws {
        guard !input.hasSecrets else { return }
        if mark != .none || input.state.machines.values.contains(where: { $0.providerID != nil }) {
            throw SlipwayError(
                .refused, at: Address(.secrets, name), doing: "planning",
                cause: "the cluster's secrets are gone from the store, and its machines live by them",
                hint:
                    "put secrets.enc back from a backup of the store; or read them from its control plane with a key of access.sshPublicKeys: "
                    + "slipway update cluster \(name) --recover --ssh-key FILE; or delete the cluster and create it anew")
        }
        ground.append(
            builder.add(
                Address(.secrets, name), .ensureSecrets,
                reason: Reason("certificate authorities and keys", new: "made once, stored encrypted")))
    }

    private mutating func planNetwork() throws {
        let spec = input.desired.spec
        let observed = input.observation.cloud.network
        let differences = try spec.networkParts().map { NetworkDifference.reasons(desired: $0, observed: observed?.parts ?? [:]) } ?? []
        guard observed?.isUp != true || input.state.network != observed?.record || !differences.isEmpty else { return }
        let cidr = input.state.network?.cidr ?? spec.cloud.local?.cidr ?? spec.cloud.aws?.vpcCIDR
        ground.append(
            builder.add(
                Address(.network, name),
                .ensureNetwork(cidr: cidr, podCIDR: spec.network.podCIDR, serviceCIDR: spec.network.serviceCIDR), after: ground,
                reason: observed == nil
                    ? Reason("network", new: try spec.networkSummary() ?? cidr.map { "\($0)" } ?? "a free range")
                    : NetworkDifference.summary(differences) ?? Reason("network", old: "down", new: "up")))
    }

    // MARK: Machines

    private mutating func planMachine(_ machine: MachineSituation) throws {
        let address = Address(.machine, machine.design.name)
        if machine.needsCreation {
            prepared[machine.design.name] = [
                builder.add(
                    address, .createMachine(design: machine.design), after: ground,
                    reason: Reason("machine", new: machine.design.instanceType))
            ]
        }
    }

    private mutating func planRoutes() {
        for machine in all {
            let design = machine.design
            if input.observation.cloud.routes["\(design.podCIDR)"] != design.name {
                routes[design.name] = builder.add(
                    Address(.route, design.name), .setRoute(podCIDR: design.podCIDR, machine: design.name),
                    after: ground + (prepared[design.name] ?? []), reason: Reason("pod range", new: "\(design.podCIDR)"))
            }
            if machine.needsStart {
                // The route comes first: kubelet starts at boot and must find its pods reachable.
                var before = ground + [routes[design.name]].compactMap { $0 }
                if let old = machine.entry?.instanceType, old != design.instanceType {
                    before.append(
                        builder.add(
                            Address(.machine, design.name), .resizeMachine(instanceType: design.instanceType), after: ground,
                            reason: Reason("instanceType", old: old, new: design.instanceType)))
                }
                prepared[design.name, default: []].append(
                    builder.add(
                        Address(.machine, design.name), .startMachine, after: before,
                        reason: Reason("status", old: "stopped", new: "running")))
            }
        }
    }

    private mutating func planContent(_ machine: MachineSituation) throws {
        let name = machine.design.name
        guard !changedInPlace.contains(name), let delivered = try deliver(machine, after: prepared[name] ?? ground) else { return }
        prepared[name] = delivered
    }

    /// Brings binaries, files and certificates where they differ; nil when nothing does.
    mutating func deliver(_ machine: MachineSituation, after: [String]) throws -> [String]? {
        let name = machine.design.name
        let host = Address(.host, name)
        let digest = try input.content.specDigest(machine.design)
        let facts = machine.facts
        let needsBinaries = facts?.binaries != version
        let differs = facts?.specDigest != digest
        let damaged = facts?.damagedFiles ?? []
        let renewal = CertificateRenewal.reason(facts?.certificatesUntil, now: input.now)
        guard needsBinaries || differs || !damaged.isEmpty || renewal != nil else { return nil }
        // A machine that was just started or does not answer is looked at again by the steps themselves.
        let unseen = machine.isOpaque && machine.entry?.providerID != nil
        let connected = builder.add(
            host, .connect, after: after + wayIn,
            reason: machine.unreachable.map { Reason("login", old: $0, new: "verified") } ?? Reason("login", new: "verified"))
        var done = [connected]
        // Where nothing runs yet, files and binaries need not wait for each other.
        let isNew = machine.needsCreation || facts.map { $0.binaries == nil && $0.specDigest == nil } ?? false
        if needsBinaries {
            done.append(
                builder.add(
                    host, .installBinaries(version: version), after: [connected],
                    reason: Reason("kubernetesVersion", old: unseen ? "not known" : facts?.binaries.map { "\($0)" }, new: "\(version)")))
        }
        if differs || !damaged.isEmpty || renewal != nil {
            let reason =
                damaged.isEmpty
                ? !differs && renewal != nil
                    ? renewal ?? Reason("certificates")
                    : Reason("content", old: unseen ? "not known" : facts?.specDigest.map(short), new: short(digest))
                : Reason("content", old: "changed on the machine: \(damaged.joined(separator: ", "))", new: short(digest))
            done.append(
                builder.add(
                    host, .installContent(specDigest: digest), after: isNew ? [connected] : done,
                    // What runs is restarted for it: one master after the other, so that the API goes on.
                    tokens: mark.isInitialised && machine.design.role == .controlPlane ? [.unavailable(pool: machine.design.pool)] : [],
                    reason: reason))
        }
        return done
    }

    /// Containers can be run before there is an API. In a cluster that had one, kubelet may be held back until it is there again,
    /// so this is for new ones only.
    private mutating func planRuntime(_ machine: MachineSituation) {
        let name = machine.design.name
        guard !mark.isInitialised, !changedInPlace.contains(name) else { return }
        let delivered = prepared[name] ?? []
        let started = start([.podBridge, .containerd], part: "runtime", on: machine, after: delivered, holdsUpOthers: false)
        runtimes[name] = started.map { [$0] } ?? delivered
    }

    func short(_ digest: String) -> String { String(digest.prefix(12)) }

    // MARK: Etcd and control plane

    private mutating func planEtcd() {
        let members = masters.map(\.design.name)
        let etcd = Address(.etcd, name)
        let masterSteps = masters.flatMap { prepared[$0.design.name] ?? [] }
        switch mark {
        case .none, .initialising:
            let token = "\(name)-\(input.state.uid)"
            var before = masterSteps + ground
            let forming = EtcdMark.initialising(token: token, members: members)
            // Written in two places; a kill in between leaves one of them behind.
            if input.state.etcd != forming || taggedMark != forming {
                before.append(
                    builder.add(
                        Address(.state, "etcd-initialising"), .markEtcd(mark: forming), after: before,
                        reason: Reason("etcd", old: "never started", new: "may form once")))
            }
            let forms = builder.add(
                etcd, .formEtcd(token: token, members: members), after: before, tokens: [.etcdMembership], guards: [.neverInitialised],
                reason: Reason("etcd members", new: members.joined(separator: ", ")))
            let marked = builder.add(
                Address(.state, "etcd-initialised"), .markEtcd(mark: .initialised(token: token)), after: [forms],
                reason: Reason("etcd", old: "forming", new: "never formed again"))
            for machine in masters { prepared[machine.design.name, default: []].append(marked) }
            formed = marked
        case .initialised(let token):
            if input.state.etcd != mark || taggedMark != mark {
                let behind = input.state.etcd != mark ? "the state" : "the network's tag"
                builder.add(
                    Address(.state, "etcd-initialised"), .markEtcd(mark: .initialised(token: token)), after: ground,
                    reason: Reason("etcd", old: "not yet noted in \(behind)", new: "initialised"))
            }
            for machine in masters where !isJoining(machine) && (!machine.isActive(.etcd) || machine.needsStart) {
                start([.etcd], part: "etcd", on: machine, after: prepared[machine.design.name] ?? [])
            }
            for machine in masters where isJoining(machine) { planJoin(machine) }
        }
    }

    /// Not a member yet, or not with a vote.
    private func isJoining(_ machine: MachineSituation) -> Bool {
        guard let members = ControlPlaneRules.members(input) else { return machine.entry?.providerID == nil }
        let own = members.first { $0.name == machine.design.name }
        return own == nil || own?.isLearner == true || (machine.facts.map { !$0.hasEtcdData || $0.isFormingEtcd } ?? false)
    }

    private mutating func planJoin(_ machine: MachineSituation) {
        let name = machine.design.name
        let address = Address(.etcd, name)
        if machine.facts?.hasEtcdData == false, ControlPlaneRules.memberNames(input)?.contains(name) == true {
            // It lost its data while the others have theirs: it comes back as another member.
            membership = [
                builder.add(
                    address, .leaveEtcd, after: membership + ground, tokens: [.etcdMembership], guards: [.etcdQuorum],
                    reason: Reason("etcd member", old: "its data is gone"))
            ]
        }
        let started = masters.flatMap { $0.design.name == name ? [] : (prepared[$0.design.name] ?? []) }
        let joined = builder.add(
            address, .joinEtcd, after: (prepared[name] ?? []) + membership + started, tokens: [.etcdMembership], guards: [.etcdQuorum],
            reason: Reason("etcd member", old: "none", new: "learner, then voter"))
        membership = [joined]
        prepared[name, default: []].append(joined)
    }

    private mutating func planControlPlane() {
        for machine in masters {
            start([.apiAddress, .apiserver], part: "api", on: machine, after: prepared[machine.design.name] ?? [])
        }
        let changed = masters.contains { !(prepared[$0.design.name] ?? []).isEmpty }
        if changed || input.observation.cluster.api.status != .ready {
            apiReady = [
                builder.add(
                    Address(.cluster, name), .waitForAPI, after: masters.flatMap { prepared[$0.design.name] ?? [] },
                    reason: Reason("API", new: "answers at the cluster's address"))
            ]
        }
        for machine in masters {
            let after = (prepared[machine.design.name] ?? []) + apiReady
            // Nodes register without them, so nothing waits for them.
            start([.controllerManager, .scheduler], part: "controllers", on: machine, after: after, holdsUpOthers: false)
        }
    }

    private mutating func planManifests() {
        guard input.observation.cluster.manifestsDigest != input.content.manifestsDigest else { return }
        manifests = builder.add(
            Address(.manifests, name), .applyManifests(digest: input.content.manifestsDigest), after: apiReady,
            reason: Reason(
                "roles and bindings", old: input.observation.cluster.manifestsDigest.map(short), new: short(input.content.manifestsDigest)))
    }

    /// Adds the start of those services that do not run, and makes later steps of the machine wait for it unless told not to.
    @discardableResult
    private mutating func start(
        _ services: [NodeService], part: String, on machine: MachineSituation, after: [String], holdsUpOthers: Bool = true
    ) -> String? {
        let missing = machine.needsStart || machine.isOpaque ? services : services.filter { !machine.isActive($0) }
        guard !missing.isEmpty else { return nil }
        let id = builder.add(
            Address(.service, "\(machine.design.name)/\(part)"), .startServices(services: missing), after: after,
            reason: Reason("services", old: machine.facts.map { statuses(missing, $0) }, new: "active"))
        if holdsUpOthers { prepared[machine.design.name, default: []].append(id) }
        return id
    }

    /// One word for all when they are alike, as they mostly are.
    private func statuses(_ services: [NodeService], _ facts: HostFacts) -> String {
        let each = services.map { facts.services[$0] ?? "absent" }
        return Set(each).count == 1 ? each[0] : each.joined(separator: ", ")
    }

    // MARK: Nodes

    private mutating func planNode(_ machine: MachineSituation) {
        let design = machine.design
        guard !changedInPlace.contains(design.name) else { return }
        let route = routes[design.name]
        let before = (prepared[design.name] ?? []) + apiReady + [manifests, route].compactMap { $0 }
        let started: Bool
        if let runtime = runtimes[design.name] {
            let count = builder.steps.count
            // Kubelet starts while the API servers do and then looks for them: in some releases its first five seconds go into
            // looking for Docker. The proxy does not wait for it: after a reboot it is kubelet that waits for the proxy.
            start([.kubelet], part: "kubelet", on: machine, after: runtime + [route, formed].compactMap { $0 })
            start([.proxy], part: "proxy", on: machine, after: before + runtime)
            started = builder.steps.count > count
        } else {
            started = start(NodeService.node, part: "node", on: machine, after: before) != nil
        }
        let wanted = input.content.node(design)
        let node = input.seen.nodes[design.name]
        guard
            let problem = node.map({ NodeDifference.first(wanted, $0, providerID: machine.entry?.providerID) })
                ?? Reason("node", new: "admitted")
        else {
            // Nothing about this machine changes, whatever is done to others.
            guard started || !(prepared[design.name] ?? []).isEmpty || routes[design.name] != nil else { return }
            admit(design, wanted, after: before, reason: Reason("node", new: "verified again"))
            return
        }
        admit(design, wanted, after: before, reason: problem)
    }

    mutating func admit(_ design: MachineDesign, _ wanted: NodeDesign, after: [String], reason: Reason) {
        builder.add(Address(.node, design.name), .admitNode(design: wanted), after: after + (prepared[design.name] ?? []), reason: reason)
    }
}
