import ClusterModel

/// Builds the plan of a create or an update, part by part: secrets, network, machines, etcd, control plane, nodes.
struct Converge {
    let input: PlanningInput
    let version: KubernetesVersion
    let masters: [MachineSituation]
    let workers: [MachineSituation]
    let leaving: [MachineEntry]
    let mark: EtcdMark
    let rosters: [PoolRoster]
    var builder = PlanBuilder()
    var grants: [TokenGrant] = []
    var warnings: [String] = []

    /// The last step that prepares the ground (secrets, network); nil when both are there.
    private var ground: [String] = []
    /// Per machine, the steps that a start of its services comes after.
    private var prepared: [String: [String]] = [:]
    private var routes: [String: String] = [:]
    private(set) var apiReady: [String] = []
    private var manifests: String?
    /// The last change of etcd's members; the next one comes after it.
    private var membership: [String] = []

    init(_ input: PlanningInput, fleet: Fleet) throws {
        guard let version = input.desired.spec.kubernetesVersion else {
            throw SlipwayError(.bug, doing: "planning", cause: "the Kubernetes version was not resolved")
        }
        self.input = input
        self.version = version
        masters = fleet.controlPlane.map { MachineSituation($0, input: input) }
        workers = fleet.workers.map { MachineSituation($0, input: input) }
        leaving = fleet.leavingMasters
        mark = ControlPlaneRules.mark(input)
        rosters = fleet.rosters
    }

    private var taggedMark: EtcdMark { ControlPlaneRules.taggedMark(input) }
    private var name: String { input.state.name }
    private var all: [MachineSituation] { masters + workers }

    mutating func build() throws {
        try ControlPlaneRules.check(input, mark: mark)
        try refuseUnknownAndLost()
        try planSecrets()
        planNetwork()
        for machine in all { try planMachine(machine) }
        planRoutes()
        for machine in all { try planContent(machine) }
        planLeavingMasters()
        planEtcd()
        planControlPlane()
        planManifests()
        for machine in all { planNode(machine) }
        planRosters()
        builder.sort()
    }

    private func refuseUnknownAndLost() throws {
        for machine in all {
            let address = Address(.machine, machine.design.name)
            if machine.record?.status == .unknown {
                throw SlipwayError(
                    .unreachable, at: address, doing: "observing", cause: "its cloud cannot say whether it runs",
                    hint: "nothing is done to a cluster with a machine in an unknown state; try again")
            }
            if machine.isLost {
                throw SlipwayError(
                    .refused, at: address, doing: "planning",
                    cause: "it was made once and its cloud no longer has it; replacing control plane nodes is not supported yet",
                    hint: "delete the cluster and create it anew")
            }
        }
    }

    // MARK: The ground

    private mutating func planSecrets() throws {
        guard !input.hasSecrets else { return }
        if mark != .none || input.state.machines.values.contains(where: { $0.providerID != nil }) {
            throw SlipwayError(
                .refused, at: Address(.secrets, name), doing: "planning",
                cause: "the cluster's secrets are gone from the store, and its machines live by them",
                hint: "put secrets.enc back from a backup of the store; or delete the cluster and create it anew")
        }
        ground.append(
            builder.add(
                Address(.secrets, name), .ensureSecrets,
                reason: Reason("certificate authorities and keys", new: "made once, stored encrypted")))
    }

    private mutating func planNetwork() {
        let spec = input.desired.spec
        let observed = input.observation.cloud.network
        guard observed?.isUp != true || input.state.network != observed?.record else { return }
        let cidr = input.state.network?.cidr ?? spec.cloud.local?.cidr
        ground.append(
            builder.add(
                Address(.network, name),
                .ensureNetwork(cidr: cidr, podCIDR: spec.network.podCIDR, serviceCIDR: spec.network.serviceCIDR), after: ground,
                reason: observed == nil
                    ? Reason("network", new: cidr.map { "\($0)" } ?? "a free range") : Reason("network", old: "down", new: "up")))
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
                prepared[design.name, default: []].append(
                    builder.add(
                        Address(.machine, design.name), .startMachine, after: ground + [routes[design.name]].compactMap { $0 },
                        reason: Reason("status", old: "stopped", new: "running")))
            }
        }
    }

    private mutating func planContent(_ machine: MachineSituation) throws {
        let name = machine.design.name
        let host = Address(.host, name)
        let digest = try input.content.specDigest(machine.design)
        let facts = machine.facts
        let needsBinaries = facts?.binaries != version
        let differs = facts?.specDigest != digest
        let damaged = facts?.damagedFiles ?? []
        let renewal = CertificateRenewal.reason(facts?.certificatesUntil, now: input.now)
        guard needsBinaries || differs || !damaged.isEmpty || renewal != nil else { return }
        // A machine that was just started or does not answer is looked at again by the steps themselves.
        let unseen = machine.isOpaque && machine.entry?.providerID != nil
        let connected = builder.add(
            host, .connect, after: prepared[name] ?? ground,
            reason: machine.unreachable.map { Reason("login", old: $0, new: "verified") } ?? Reason("login", new: "verified"))
        var done = [connected]
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
                    host, .installContent(specDigest: digest), after: done,
                    // What runs is restarted for it: one master after the other, so that the API goes on.
                    tokens: mark.isInitialised && machine.design.role == .controlPlane ? [.unavailable(pool: machine.design.pool)] : [],
                    reason: reason))
        }
        prepared[name] = done
    }

    private func short(_ digest: String) -> String { String(digest.prefix(12)) }

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
            let formed = builder.add(
                etcd, .formEtcd(token: token, members: members), after: before, tokens: [.etcdMembership], guards: [.neverInitialised],
                reason: Reason("etcd members", new: members.joined(separator: ", ")))
            let marked = builder.add(
                Address(.state, "etcd-initialised"), .markEtcd(mark: .initialised(token: token)), after: [formed],
                reason: Reason("etcd", old: "forming", new: "never formed again"))
            for machine in masters { prepared[machine.design.name, default: []].append(marked) }
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

    /// Masters that go, one after the other: out of the API's address and of etcd first, the machine last.
    private mutating func planLeavingMasters() {
        for entry in leaving {
            let name = entry.name
            let isLost = ControlPlaneRules.isLost(entry, cloud: input.observation.cloud)
            let reason = Reason("control plane", old: isLost ? "gone from its cloud" : "above the count")
            guard mark.isInitialised else {
                // Nothing of it was in use.
                removeMachine(entry, after: ground, reason: reason)
                continue
            }
            var before = membership + ground
            if !isLost {
                before = [
                    builder.add(
                        Address(.service, "\(name)/control-plane"),
                        .stopServices(services: [.apiAddress, .apiserver, .controllerManager, .scheduler]), after: before, reason: reason)
                ]
            }
            before = [
                builder.add(
                    Address(.etcd, name), .leaveEtcd, after: before, tokens: [.etcdMembership], guards: [.etcdQuorum], reason: reason)
            ]
            membership = before
            if !isLost {
                before = [
                    builder.add(Address(.service, "\(name)/node"), .stopServices(services: [.kubelet]), after: before, reason: reason)
                ]
            }
            before = [builder.add(Address(.node, name), .deleteNode, after: before, reason: reason)]
            removeMachine(entry, after: before, reason: reason)
        }
    }

    /// The route first, so that nothing is sent to what is no longer there.
    private mutating func removeMachine(_ entry: MachineEntry, after: [String], reason: Reason) {
        var before = after
        if input.observation.cloud.routes["\(entry.podCIDR)"] != nil {
            before = [builder.add(Address(.route, entry.name), .deleteRoute(podCIDR: entry.podCIDR), after: before, reason: reason)]
        }
        builder.add(Address(.machine, entry.name), .deleteMachine, after: before, guards: [.ownership], reason: reason)
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
    private mutating func start(
        _ services: [NodeService], part: String, on machine: MachineSituation, after: [String], holdsUpOthers: Bool = true
    ) {
        let missing = machine.needsStart || machine.isOpaque ? services : services.filter { !machine.isActive($0) }
        guard !missing.isEmpty else { return }
        let id = builder.add(
            Address(.service, "\(machine.design.name)/\(part)"), .startServices(services: missing), after: after,
            reason: Reason("services", old: machine.facts.map { statuses(missing, $0) }, new: "active"))
        if holdsUpOthers { prepared[machine.design.name, default: []].append(id) }
    }

    /// One word for all when they are alike, as they mostly are.
    private func statuses(_ services: [NodeService], _ facts: HostFacts) -> String {
        let each = services.map { facts.services[$0] ?? "absent" }
        return Set(each).count == 1 ? each[0] : each.joined(separator: ", ")
    }

    // MARK: Nodes

    private mutating func planNode(_ machine: MachineSituation) {
        let design = machine.design
        let before = (prepared[design.name] ?? []) + apiReady + [manifests, routes[design.name]].compactMap { $0 }
        let count = builder.steps.count
        start(NodeService.node, part: "node", on: machine, after: before)
        let started = builder.steps.count > count
        let wanted = input.content.node(design)
        let node = input.observation.cluster.nodes.first { $0.name == design.name }
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

    private mutating func admit(_ design: MachineDesign, _ wanted: NodeDesign, after: [String], reason: Reason) {
        builder.add(Address(.node, design.name), .admitNode(design: wanted), after: after + (prepared[design.name] ?? []), reason: reason)
    }
}
