public import ClusterModel

public import struct Foundation.Date

/// What a healthy cluster looks like: one condition a function, each pure over what was observed.
public enum Validation {
    /// Where the cluster's own pods are: name service, network policies and the like, whoever brought them.
    public static let systemNamespace = "kube-system"

    public static func report(
        desired: Cluster, state: ClusterState, observation: Observation, content: ContentDesign, now: Date
    ) -> ValidationReport {
        let view = View(desired: desired, state: state, observation: observation, content: content, now: now)
        var conditions = [
            view.network(), view.machines(), view.logins(), view.services(), view.etcd(), view.files(), view.certificates(), view.api(),
            view.nodes(), view.systemPods(), view.routes(),
        ]
        if view.isStopped { conditions = conditions.map(view.stopped) }
        return ValidationReport(cluster: state.name, isHealthy: conditions.allSatisfy(\.passed), conditions: conditions)
    }

    private struct View {
        let desired: Cluster
        let state: ClusterState
        let observation: Observation
        let content: ContentDesign
        let now: Date

        var update: String { "run: slipway update cluster \(state.name) --yes" }
        var entries: [MachineEntry] { state.machines.values.sorted { $0.name < $1.name } }
        var masters: [MachineEntry] { entries.filter { $0.role == .controlPlane } }
        var nodeEntries: [MachineEntry] { entries.filter(\.isNode) }

        func condition(_ name: String, _ summary: String, _ problems: [ValidationReport.Problem]) -> ValidationReport.Condition {
            ValidationReport.Condition(name: name, passed: problems.isEmpty, summary: summary, problems: problems)
        }

        func problem(_ address: Address, _ cause: String, _ remedy: String? = nil) -> ValidationReport.Problem {
            ValidationReport.Problem(address: "\(address)", cause: cause, remedy: remedy ?? update)
        }

        func log(_ machine: String, _ service: NodeService) -> String {
            "look at: slipway ssh \(state.name) \(machine) -- journalctl -u \(service.rawValue) -n 50; then \(update)"
        }

        func design(_ entry: MachineEntry) -> MachineDesign {
            MachineDesign(
                name: entry.name, pool: entry.pool, zone: entry.zone, role: entry.role, ordinal: entry.ordinal,
                instanceType: entry.instanceType, market: entry.market, podCIDR: entry.podCIDR)
        }

        /// Every machine that was made is stopped, as after `slipway stop` or a reboot of the host.
        var isStopped: Bool {
            let made = entries.filter { $0.providerID != nil }
            return !made.isEmpty
                && made.allSatisfy { entry in
                    observation.cloud.machines.contains { $0.name == entry.name && $0.status == .stopped }
                }
        }

        /// Of a stopped cluster nothing can be asked but its cloud: one problem and one remedy for all that does not hold.
        func stopped(_ condition: ValidationReport.Condition) -> ValidationReport.Condition {
            guard !condition.passed else { return condition }
            var condition = condition
            let remedy = "run: slipway start cluster \(state.name) --yes"
            condition.problems =
                condition.name == "network"
                ? condition.problems.map { problem(Address(.network, state.name), $0.cause, remedy) }
                : [problem(Address(.cluster, state.name), "it is stopped: none of its \(entries.count) machines runs", remedy)]
            return condition
        }

        // MARK: Conditions

        func network() -> ValidationReport.Condition {
            let address = Address(.network, state.name)
            let problems: [ValidationReport.Problem]
            switch observation.cloud.network {
            case nil: problems = [problem(address, "the cloud has no network of this cluster")]
            case let network? where !network.isUp: problems = [problem(address, "it is down, as after a reboot of the host")]
            case let network?: problems = differences(network).map { problem(address, $0) }
            }
            return condition("network", "the machines' network is up", problems)
        }

        /// A spec that was stored was checked: that it cannot be designed is no answer of a validation.
        func differences(_ network: CloudObservation.Network) -> [String] {
            guard let desired = try? desired.spec.networkParts() else { return [] }
            return NetworkDifference.reasons(desired: desired, observed: network.parts ?? [:]).map { difference in
                difference.old == "missing"
                    ? "it lacks the \(difference.field)" : "its \(difference.field) is \(difference.old ?? ""), not \(difference.new ?? "")"
            }
        }

        func machines() -> ValidationReport.Condition {
            var problems: [ValidationReport.Problem] = []
            let control = masters.count
            if control != desired.spec.controlPlane.count {
                problems.append(
                    problem(
                        Address(.cluster, state.name),
                        "the control plane has \(control) machines and should have \(desired.spec.controlPlane.count)"))
            }
            for pool in desired.spec.pools {
                let count = entries.count { $0.pool == pool.name }
                if count != pool.count {
                    problems.append(
                        problem(Address(.cluster, state.name), "pool \(pool.name) has \(count) machines and should have \(pool.count)"))
                }
            }
            let bastions = (entries.count { $0.role == .bastion }, desired.spec.hasBastion ? 1 : 0)
            if bastions.0 != bastions.1 {
                problems.append(
                    problem(Address(.cluster, state.name), "it has \(bastions.0) bastions and should have \(bastions.1)"))
            }
            let statuses = Dictionary(
                observation.cloud.machines.map { ($0.name, $0.status) }, uniquingKeysWith: { first, _ in first })
            for entry in entries {
                let address = Address(.machine, entry.name)
                switch statuses[entry.name] {
                case .running?: break
                case let status?: problems.append(problem(address, "it is \(status.rawValue)"))
                case nil: problems.append(problem(address, "the cloud does not have it"))
                }
            }
            for machine in observation.cloud.machines where state.machines[machine.name] == nil && machine.status != .terminated {
                problems.append(
                    problem(Address(.machine, machine.name), "the cloud has it under this cluster's tags, and the state does not know it"))
            }
            return condition("machines", "\(entries.count) of \(entries.count) machines run", problems)
        }

        func logins() -> ValidationReport.Condition {
            let problems = entries.compactMap { entry -> ValidationReport.Problem? in
                guard case .unreachable(let reason) = observation.hosts[entry.name] else { return nil }
                return problem(Address(.host, entry.name), reason, "is it up? slipway get machines \(state.name)")
            }
            return condition("logins", "every machine answers with its own host key", problems)
        }

        /// Nothing is said to be well that nobody could look at.
        func unseen(_ address: Address) -> ValidationReport.Problem {
            problem(address, "not known: the machine does not run or does not answer")
        }

        func services() -> ValidationReport.Condition {
            var problems: [ValidationReport.Problem] = []
            for entry in nodeEntries {
                guard let facts = observation.hosts[entry.name]?.facts else {
                    problems.append(unseen(Address(.service, entry.name)))
                    continue
                }
                let wanted = (entry.role == .controlPlane ? NodeService.controlPlane.filter { $0 != .etcd } : []) + NodeService.node
                for service in wanted where facts.services[service] != "active" {
                    let address = Address(.service, "\(entry.name)/\(service.rawValue)")
                    if service == .apiAddress, observation.cloud.endpointMachines != nil {
                        problems.append(problem(address, "the API's endpoint does not lead to it"))
                        continue
                    }
                    problems.append(
                        problem(
                            address, "it is \(facts.services[service] ?? "not installed")", log(entry.name, service)))
                }
            }
            return condition("services", "every unit that should run does", problems)
        }

        func etcd() -> ValidationReport.Condition {
            var problems: [ValidationReport.Problem] = []
            let initialised = state.etcd.isInitialised
            if !initialised { problems.append(problem(Address(.etcd, state.name), "it was not formed yet")) }
            for master in masters {
                let address = Address(.etcd, master.name)
                guard let facts = observation.hosts[master.name]?.facts else {
                    problems.append(unseen(address))
                    continue
                }
                if initialised, !facts.hasEtcdData {
                    problems.append(
                        problem(
                            address, "its data (/var/lib/etcd/member) is gone",
                            "put the data back; Slipway never starts an empty etcd for a cluster that was initialised"))
                } else if facts.services[.etcd] != "active" {
                    problems.append(problem(address, "the member is \(facts.services[.etcd] ?? "not installed")", log(master.name, .etcd)))
                }
            }
            if problems.isEmpty { problems = membership() }
            return condition(
                "etcd", masters.count == 1 ? "the only member is healthy" : "\(masters.count) members are healthy under one leader",
                problems)
        }

        /// What the members say of each other. Asked only of members that run.
        private func membership() -> [ValidationReport.Problem] {
            var problems: [ValidationReport.Problem] = []
            let names = Set(masters.map(\.name))
            let views = masters.compactMap { master in observation.hosts[master.name]?.facts?.etcd.map { (master.name, $0) } }
            for master in masters where observation.hosts[master.name]?.facts?.etcd == nil {
                problems.append(problem(Address(.etcd, master.name), "the member does not answer", log(master.name, .etcd)))
            }
            for (name, view) in views {
                let address = Address(.etcd, name)
                if view.leader == nil { problems.append(problem(address, "it knows no leader", log(name, .etcd))) }
                for error in view.errors { problems.append(problem(address, "etcd says: \(error)", log(name, .etcd))) }
                for learner in view.members where learner.isLearner {
                    problems.append(problem(address, "the member \(learner.name) only learns yet and has no vote"))
                }
                let listed = Set(view.members.map(\.name))
                for missing in names.subtracting(listed).sorted() where !view.members.isEmpty {
                    problems.append(problem(address, "its list of members lacks \(missing)"))
                }
                for foreign in listed.subtracting(names).sorted() {
                    let known = foreign.isEmpty ? "a member that never started" : "the member \(foreign)"
                    problems.append(problem(address, "its list has \(known), which is no machine of this cluster"))
                }
            }
            if Set(views.compactMap(\.1.leader)).count > 1 {
                problems.append(problem(Address(.etcd, state.name), "its members follow different leaders"))
            }
            return problems
        }

        func files() -> ValidationReport.Condition {
            var problems: [ValidationReport.Problem] = []
            for entry in nodeEntries {
                let address = Address(.host, entry.name)
                guard let facts = observation.hosts[entry.name]?.facts else {
                    problems.append(unseen(address))
                    continue
                }
                if !facts.damagedFiles.isEmpty {
                    problems.append(problem(address, "changed since they were delivered: \(facts.damagedFiles.joined(separator: ", "))"))
                }
                if let digest = try? content.specDigest(design(entry)), facts.specDigest != digest {
                    problems.append(
                        problem(
                            address,
                            facts.specDigest == nil ? "its content was not delivered yet" : "its content is not what the spec asks for"))
                }
                if let version = desired.spec.kubernetesVersion, facts.binaries != version {
                    problems.append(
                        problem(address, "it has Kubernetes \(facts.binaries.map { "\($0)" } ?? "not at all") and should have \(version)"))
                }
            }
            return condition("content", "files, units and binaries are as delivered", problems)
        }

        func certificates() -> ValidationReport.Condition {
            let problems = entries.compactMap { entry -> ValidationReport.Problem? in
                guard let reason = CertificateRenewal.reason(observation.hosts[entry.name]?.facts?.certificatesUntil, now: now) else {
                    return nil
                }
                return problem(Address(.host, entry.name), "\(reason)")
            }
            return condition("certificates", "all have more than 90 days left", problems)
        }

        func api() -> ValidationReport.Condition {
            var problems: [ValidationReport.Problem] = []
            let health = observation.cluster.api
            if health.status != .ready {
                let master = masters.first?.name ?? "MACHINE"
                problems.append(problem(Address(.cluster, state.name), said(health, of: "the API"), log(master, .apiserver)))
            }
            for master in masters {
                let address = Address(.service, "\(master.name)/\(NodeService.apiserver.rawValue)")
                // While the cluster's own address says why nobody can be asked, that is enough.
                guard let own = observation.cluster.masters[master.name] else {
                    if health.status == .ready { problems.append(unseen(address)) }
                    continue
                }
                guard own.status != .ready else { continue }
                problems.append(problem(address, said(own, of: "its own API server"), log(master.name, .apiserver)))
            }
            return condition("api", "the API is ready at its address and on every master", problems)
        }

        private func said(_ health: APIHealth, of what: String) -> String {
            (["\(what) is \(health.status == .notReady ? "not ready" : "not reachable")"] + health.details).joined(separator: ": ")
        }

        func nodes() -> ValidationReport.Condition {
            guard observation.cluster.api.status == .ready || !observation.cluster.nodes.isEmpty else {
                return condition(
                    "nodes", "",
                    [problem(Address(.cluster, state.name), "the nodes cannot be read while the API is not ready", "mend the API first")])
            }
            var problems: [ValidationReport.Problem] = []
            let nodes = Dictionary(
                observation.cluster.nodes.compactMap { node in node.providerID.map { ($0, node) } }, uniquingKeysWith: { first, _ in first }
            )
            for entry in nodeEntries {
                let address = Address(.node, entry.name)
                guard let node = entry.providerID.flatMap({ nodes[$0] }) else {
                    problems.append(problem(address, "the machine has not joined", log(entry.name, .kubelet)))
                    continue
                }
                problems += health(node, of: entry)
            }
            let known = Set(entries.compactMap(\.providerID))
            for node in observation.cluster.nodes where !known.contains(node.providerID ?? "") {
                problems.append(
                    problem(
                        Address(.node, node.name), "no machine of this cluster has its providerID (\(node.providerID ?? "none"))",
                        "if nobody needs it: kubectl delete node \(node.name)"))
            }
            return condition("nodes", "\(nodeEntries.count) of \(nodeEntries.count) nodes are ready and admitted", problems)
        }

        private func health(_ node: NodeObservation, of entry: MachineEntry) -> [ValidationReport.Problem] {
            let address = Address(.node, node.name)
            var problems: [ValidationReport.Problem] = []
            if !node.isReady {
                let ready = node.conditions.first { $0.type == "Ready" }
                problems.append(
                    problem(address, "it is not ready: \(ready?.message ?? "no condition was reported")", log(entry.name, .kubelet)))
            }
            for condition in node.conditions where condition.type != "Ready" && condition.status == "True" {
                problems.append(problem(address, "\(condition.type): \(condition.message)", "free what it lacks"))
            }
            if let difference = NodeDifference.first(content.node(design(entry)), node, providerID: entry.providerID), node.isReady {
                problems.append(problem(address, "\(difference)"))
            }
            if node.unschedulable {
                problems.append(problem(address, "it is cordoned", "when its work is done: kubectl uncordon \(node.name)"))
            }
            if let version = desired.spec.kubernetesVersion, node.kubeletVersion != version.tag {
                problems.append(problem(address, "its kubelet is \(node.kubeletVersion) and should be \(version.tag)"))
            }
            return problems
        }

        func systemPods() -> ValidationReport.Condition {
            guard let workload = observation.cluster.workload else {
                return condition(
                    "system-pods", "",
                    [problem(Address(.cluster, state.name), "the pods cannot be read while the API is not ready", "mend the API first")])
            }
            let pods = workload.pods.filter { $0.namespace == Validation.systemNamespace }
            let problems = pods.filter { !$0.isReady && !$0.isFinished && !$0.isEnding }.map { pod in
                problem(
                    Address(.pod, pod.title), pod.node == nil ? "it has no node yet" : "it is \(pod.phase) and not ready",
                    "kubectl describe pod --namespace \(pod.namespace) \(pod.name)")
            }
            return condition("system-pods", "all pods of \(Validation.systemNamespace) are ready", problems)
        }

        func routes() -> ValidationReport.Condition {
            let problems = nodeEntries.compactMap { entry -> ValidationReport.Problem? in
                guard let network = observation.cloud.network, network.isUp,
                    observation.cloud.routes["\(entry.podCIDR)"] != entry.name
                else { return nil }
                return problem(Address(.route, entry.name), "nothing leads \(entry.podCIDR) to it")
            }
            return condition("routes", "every pod range leads to its machine", problems)
        }
    }
}
