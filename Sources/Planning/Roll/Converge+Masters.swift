import ClusterModel

/// Control plane machines that go, and those that take their places: one after the other, never below quorum.
extension Converge {
    // MARK: Lost ones

    /// They leave etcd before anyone joins it: a member that is dead counts against the majority.
    mutating func planLostMasters() {
        for entry in control.lost {
            let reason = Reason("control plane", old: "gone from its cloud")
            guard mark.isInitialised else {
                // Nothing of it was in use.
                removeMachine(entry, after: ground, reason: reason)
                continue
            }
            let left = leaveEtcd(entry.name, after: membership + ground, reason: reason)
            membership = [left]
            let unlisted = builder.add(Address(.node, entry.name), .deleteNode, after: [left], reason: reason)
            removeMachine(entry, after: [unlisted], reason: reason)
        }
    }

    // MARK: Those above the count

    mutating func planLeavingMasters() {
        for machine in control.leaving {
            guard mark.isInitialised else {
                removeMachine(machine.entry, after: ground, reason: machine.reason)
                continue
            }
            mastersChanged = [retireMaster(machine, after: mastersSettled)]
        }
    }

    // MARK: Replacements

    /// The new one serves before the old one goes.
    mutating func planMasterSwaps() throws {
        for swap in control.swaps {
            let serves = try planNewMaster(swap.new, after: mastersSettled)
            mastersChanged = [retireMaster(swap.old, after: [serves])]
        }
    }

    /// All that changes nothing about the members is done by then.
    var mastersSettled: [String] {
        guard mastersChanged.isEmpty else { return mastersChanged }
        return ground + membership + apiReady + [manifests].compactMap { $0 }
            + masters.flatMap { machine in (prepared[machine.design.name] ?? []) + [lastStep(of: machine.design.name)].compactMap { $0 } }
    }

    /// From nothing to a healthy control plane node; its API server starts once its etcd has a vote.
    private mutating func planNewMaster(_ design: MachineDesign, after: [String]) throws -> String {
        let name = design.name
        let host = Address(.host, name)
        let node = Address(.node, name)
        func service(_ part: String) -> Address { Address(.service, "\(name)/\(part)") }
        let created = builder.add(
            Address(.machine, name), .createMachine(design: design), after: after,
            reason: Reason("machine", new: design.instanceType))
        let route = builder.add(
            Address(.route, name), .setRoute(podCIDR: design.podCIDR, machine: name), after: [created],
            reason: Reason("pod range", new: "\(design.podCIDR)"))
        let connected = builder.add(host, .connect, after: [created], reason: Reason("login", new: "verified"))
        let binaries = builder.add(
            host, .installBinaries(version: version), after: [connected], reason: Reason("kubernetesVersion", new: "\(version)"))
        let digest = try input.content.specDigest(design)
        let content = builder.add(
            host, .installContent(specDigest: digest), after: [connected, binaries], reason: Reason("content", new: short(digest)))
        keepRecoveryKit(on: name, old: nil, after: [content])
        let joined = builder.add(
            Address(.etcd, name), .joinEtcd, after: [content], tokens: [.etcdMembership], guards: [.etcdQuorum],
            reason: Reason("etcd member", old: "none", new: "learner, then voter"))
        let active = Reason("services", new: "active")
        let api = builder.add(
            service("api"), .startServices(services: [.apiAddress, .apiserver]), after: [joined], reason: active)
        let controllers = builder.add(
            service("controllers"), .startServices(services: [.controllerManager, .scheduler]), after: [api], reason: active)
        let started = builder.add(service("node"), .startServices(services: NodeService.node), after: [api, route], reason: active)
        let admitted = builder.add(
            node, .admitNode(design: input.content.node(design)), after: [started], reason: Reason("node", new: "admitted"))
        return builder.add(
            node, .validateNode, after: [controllers, admitted],
            reason: Reason("control plane", new: "healthy before \(design.replaces ?? "another one") goes"))
    }

    // MARK: One machine

    /// Out of the API's address and of etcd first, the machine last.
    private mutating func retireMaster(_ machine: Retirement, after: [String]) -> String {
        let name = machine.entry.name
        let node = Address(.node, name)
        let reason = machine.reason
        var before = after
        switch machine.condition {
        case .alive:
            if input.observation.cluster.nodes.contains(where: { $0.name == name }) {
                before = [builder.add(node, .cordonNode, after: before, reason: reason)]
                before = [builder.add(node, .drainNode(options: input.drain.options(nil)), after: before, reason: reason)]
            }
            before = [
                builder.add(
                    Address(.service, "\(name)/control-plane"),
                    .stopServices(services: [.apiAddress, .apiserver, .controllerManager, .scheduler]), after: before,
                    reason: Reason("services", old: "active", new: "others go on"))
            ]
        case .hung, .dead: break
        }
        // A member that is only stopped still counts: of two, the other one would have no majority any more.
        before = [leaveEtcd(name, after: before, reason: reason)]
        switch machine.condition {
        case .alive:
            before = [
                builder.add(
                    Address(.service, "\(name)/node"), .stopServices(services: [.kubelet]), after: before,
                    reason: Reason("services", old: "active", new: "its node is removed"))
            ]
        case .hung: before = [builder.add(Address(.machine, name), .stopMachine, after: before, reason: reason)]
        case .dead: break
        }
        before = [builder.add(node, .deleteNode, after: before, reason: reason)]
        return removeMachine(machine.entry, after: before, reason: reason)
    }

    private mutating func leaveEtcd(_ name: String, after: [String], reason: Reason) -> String {
        builder.add(
            Address(.etcd, name), .leaveEtcd, after: after, tokens: [.etcdMembership], guards: [.etcdQuorum], reason: reason)
    }

    /// The route first, so that nothing is sent to what is no longer there.
    @discardableResult
    mutating func removeMachine(_ entry: MachineEntry, after: [String], reason: Reason) -> String {
        var before = after
        if input.observation.cloud.routes["\(entry.podCIDR)"] != nil {
            before = [builder.add(Address(.route, entry.name), .deleteRoute(podCIDR: entry.podCIDR), after: before, reason: reason)]
        }
        return builder.add(Address(.machine, entry.name), .deleteMachine, after: before, guards: [.ownership], reason: reason)
    }
}
