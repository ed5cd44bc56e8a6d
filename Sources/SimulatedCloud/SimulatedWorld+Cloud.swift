import Bootstrap
public import ClusterModel

extension SimulatedWorld: Cloud {
    public func preflight(_ spec: Cluster) async throws {
        try await read(.preflight, spec.name) { _ in }
    }

    public func remarks(on spec: Cluster) async throws -> [String] { [] }

    /// Every size is to be had.
    public func instanceTypes() async throws -> [InstanceOffer] { InstanceType.known(provider).map { InstanceOffer($0) } }

    public func observe(_ cluster: ClusterIdentity) async throws -> CloudObservation {
        let lag = conditions.lag
        return try await read(.observe, cluster.name) { $0.observation(of: cluster, now: run.now(), lag: lag) }
    }

    public func clusters() async throws -> [ClusterFootprint] {
        try await read(.clusters, "all") { contents in
            contents.networks.values.sorted { $0.cluster.uid < $1.cluster.uid }.map { network in
                ClusterFootprint(
                    identity: network.cluster, store: network.tags[Tag.store],
                    machines: contents.machines.values.filter { $0.cluster == network.cluster }.map(\.record.name).sorted())
            }
        }
    }

    public func ensureNetwork(_ request: NetworkRequest) async throws -> NetworkRecord {
        let parts = try request.spec?.networkParts()
        return try await change(.ensureNetwork, "ensureNetwork \(request.cluster.name)") { contents in
            if var known = contents.networks[request.cluster.uid] {
                known.isUp = true
                known.parts = parts ?? known.parts
                contents.networks[request.cluster.uid] = known
                return known.record
            }
            guard let range = request.cidr ?? contents.freeRange else { throw SimulatedWorld.missing("free range") }
            var record = NetworkRecord(
                id: "net-\(request.cluster.uid)", cidr: range, gateway: range.address(at: 1) ?? range.base,
                apiAddress: "\(range.address(at: 2) ?? range.base)")
            if !sharesAPIAddress {
                record.apiAddress = "api-\(request.cluster.uid).internal.example"
                record.accessAddress = "api-\(request.cluster.uid).example"
            }
            var network = Network(cluster: request.cluster, record: record, isUp: true, tags: request.tags)
            network.endpointMachines = sharesAPIAddress ? nil : []
            network.parts = parts
            network.isPrivate = request.spec?.cloud.aws?.isPrivate
            contents.networks[request.cluster.uid] = network
            return record
        }
    }

    public func tagNetwork(_ cluster: ClusterIdentity, tags: [String: String]) async throws {
        try await change(.tagNetwork, "tagNetwork \(tags.keys.sorted().joined(separator: " "))") { contents in
            guard contents.networks[cluster.uid] != nil else { throw SimulatedWorld.missing("network of \(cluster.name)") }
            contents.networks[cluster.uid]?.tags.merge(tags) { $1 }
        }
    }

    public func deleteNetwork(_ cluster: ClusterIdentity) async throws {
        try await change(.deleteNetwork, "deleteNetwork \(cluster.name)") { contents in
            guard !contents.machines.values.contains(where: { $0.cluster == cluster }) else {
                throw SlipwayError(.refused, doing: "deleting the network", cause: "it still has machines")
            }
            contents.networks[cluster.uid] = nil
        }
    }

    public func createMachine(_ request: MachineRequest) async throws -> MachineRecord {
        try await change(.createMachine, "createMachine \(request.name)") { contents in
            guard let network = contents.networks[request.cluster.uid], network.isUp else {
                throw SimulatedWorld.missing("network of \(request.cluster.name)")
            }
            if let there = contents.machines[request.name], there.cluster == request.cluster { return there.record }
            // The same in every run, whichever of the machines is made first: numbered as its share of the pods' range is.
            let share = request.tags[Tag.podCIDR].flatMap { IPv4CIDR($0) }.map {
                Int($0.base.rawValue >> 8) % network.record.cidr.count
            }
            guard let address = network.record.cidr.address(at: 11 + (share ?? 100 + contents.machines.count)) else {
                throw SimulatedWorld.missing("free address")
            }
            let record = MachineRecord(
                name: request.name, providerID: "\(provider.rawValue):///\(request.cluster.uid)/\(request.name)", zone: request.zone,
                role: request.role, instanceType: request.instanceType, market: request.market, address: address, status: .running,
                tags: request.tags)
            var machine = Machine(cluster: request.cluster, record: record)
            let isHidden = network.isPrivate == true && request.role.isOfNodes
            if !sharesAPIAddress, !isHidden { machine.record.accessAddress = machine.accessAddress }
            if hostKeysAreSeeds { machine.servedHostKey = request.tags[Tag.hostKey] }
            machine.bootedAt = moment.end(of: .boot, request.name)
            machine.files[NodePaths.authorizedKeys] = SimulatedFile(
                Array(request.authorizedKeys.map { $0 + "\n" }.joined().utf8), keepsText: true)
            contents.machines[request.name] = machine
            contents.made.append(request.name)
            return machine.record
        }
    }

    public func startMachine(_ cluster: ClusterIdentity, name: String) async throws -> MachineRecord {
        try await change(.startMachine, "startMachine \(name)") { contents in
            guard var machine = contents.machines[name] else { throw SimulatedWorld.missing("machine \(name)") }
            if machine.record.status != .running { machine.boot(moment) }
            contents.machines[name] = machine
            return machine.record
        }
    }

    public func stopMachine(_ cluster: ClusterIdentity, name: String) async throws {
        try await change(.stopMachine, "stopMachine \(name)") { contents in
            contents.machines[name]?.halt()
            // Its capacity goes back to the cloud.
            if contents.machines[name]?.record.market == .spot { contents.machines[name]?.record.status = .terminated }
        }
    }

    public func resizeMachine(_ cluster: ClusterIdentity, name: String, instanceType: String) async throws {
        try await change(.resizeMachine, "resizeMachine \(name)") { contents in
            guard let machine = contents.machines[name] else { throw SimulatedWorld.missing("machine \(name)") }
            guard machine.record.status != .running || machine.record.instanceType == instanceType else {
                throw SlipwayError(.refused, doing: "changing the machine's size", cause: "it runs")
            }
            contents.machines[name]?.record.instanceType = instanceType
        }
    }

    public func deleteMachine(_ cluster: ClusterIdentity, name: String) async throws {
        try await change(.deleteMachine, "deleteMachine \(name)") { contents in
            guard contents.machines[name]?.cluster == cluster else { return }
            contents.machines[name] = nil
            contents.networks[cluster.uid]?.endpointMachines?.removeAll { $0 == name }
        }
    }

    public func tagMachine(_ cluster: ClusterIdentity, name: String, tags: [String: String]) async throws {
        try await change(.tagMachine, "tagMachine \(name) \(tags.keys.sorted().joined(separator: " "))") { contents in
            guard contents.machines[name]?.cluster == cluster else { throw SimulatedWorld.missing("machine \(name)") }
            contents.machines[name]?.record.tags.merge(tags) { $1 }
        }
    }

    public func joinEndpoint(_ cluster: ClusterIdentity, machine: String) async throws {
        guard !sharesAPIAddress else { return }
        try await change(.joinEndpoint, "joinEndpoint \(machine)") { contents in
            guard let members = contents.networks[cluster.uid]?.endpointMachines else {
                throw SimulatedWorld.missing("endpoint of \(cluster.name)")
            }
            guard contents.machines[machine]?.cluster == cluster else { throw SimulatedWorld.missing("machine \(machine)") }
            contents.networks[cluster.uid]?.endpointMachines = Set(members).union([machine]).sorted()
        }
    }

    public func leaveEndpoint(_ cluster: ClusterIdentity, machine: String) async throws {
        guard !sharesAPIAddress else { return }
        try await change(.leaveEndpoint, "leaveEndpoint \(machine)") { contents in
            contents.networks[cluster.uid]?.endpointMachines?.removeAll { $0 == machine }
        }
    }

    public func setRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR, machine: String) async throws {
        try await change(.setRoute, "setRoute \(machine)") { contents in
            guard contents.networks[cluster.uid] != nil else { throw SimulatedWorld.missing("network of \(cluster.name)") }
            contents.networks[cluster.uid]?.routes["\(podCIDR)"] = machine
        }
    }

    public func deleteRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR) async throws {
        try await change(.deleteRoute, "deleteRoute \(podCIDR)") { contents in contents.networks[cluster.uid]?.routes["\(podCIDR)"] = nil }
    }

    public func consoleTail(_ cluster: ClusterIdentity, name: String, lines: Int) async throws -> [String] {
        try await read(.consoleTail, name) { _ in [] }
    }

    static func missing(_ what: String) -> SlipwayError {
        SlipwayError(.failed, doing: "acting in the simulated world", cause: "it has no \(what)")
    }

    /// What a drivers' call comes to that nothing here was written for.
    static func unknown(_ what: String) -> SlipwayError {
        SlipwayError(.bug, doing: "acting in the simulated world", cause: "it does not know \(what)")
    }
}

extension SimulatedWorld.Contents {
    /// A range for machines that no network has.
    fileprivate var freeRange: IPv4CIDR? {
        let taken = networks.values.map(\.record.cidr)
        return (8...255).lazy.compactMap { IPv4CIDR("100.96.\($0).0/24") }.first { range in
            !taken.contains { $0.contains(range.base) || range.contains($0.base) }
        }
    }
}
