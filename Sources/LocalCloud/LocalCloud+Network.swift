public import ClusterModel
import Glibc
import SystemPackage

extension LocalCloud {
    public func ensureNetwork(_ request: NetworkRequest) async throws -> NetworkRecord {
        let cluster = request.cluster
        return try await at(Address(.network, cluster.name), doing: "making the network") {
            let names = try LocalNames(uid: cluster.uid)
            return try await withClusterLock(cluster, make: true) {
                try await sweep(cluster)
                let network = try await withHostLock {
                    let network = try await recordedNetwork(request, names: names)
                    try noteNamespaceFolder()
                    try await NetworkWorks(network).bringUp()
                    return network
                }
                try await reconnect(network)
                return try network.record()
            }
        }
    }

    public func tagNetwork(_ cluster: ClusterIdentity, tags: [String: String]) async throws {
        try await at(Address(.network, cluster.name), doing: "tagging the network") {
            try await withClusterLock(cluster) {
                var network = try existingNetwork(cluster, doing: "tagging the network")
                network.tags.merge(tags) { $1 }
                try records.write(network)
            }
        }
    }

    public func deleteNetwork(_ cluster: ClusterIdentity) async throws {
        try await at(Address(.network, cluster.name), doing: "deleting the network") {
            let names = try LocalNames(uid: cluster.uid)
            if Files.exists(records.cluster(cluster.uid)) {
                try await withClusterLock(cluster) {
                    let machines = try records.allMachines(cluster.uid).map(\.name)
                    guard machines.isEmpty else {
                        throw SlipwayError(
                            .refused, doing: "deleting the network", cause: "it still has machines: \(machines.joined(separator: ", "))",
                            hint: "delete them first")
                    }
                    try await removeWorks(names)
                    try await Tool.remove(records.cluster(cluster.uid))
                }
            } else {
                try await removeWorks(names)
            }
            removeEmptyRoot()
            try await withHostLock { removeNamespaceFolder() }
        }
    }

    public func setRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR, machine: String) async throws {
        let doing = "setting the route of \(podCIDR)"
        try await at(Address(.route, podCIDR.description), doing: doing) {
            try await withClusterLock(cluster) {
                var network = try existingNetwork(cluster, doing: doing)
                let target = try existingMachine(cluster, machine, doing: doing)
                let route = NetworkFile.Route(machine: machine, via: target.address)
                if network.routes[podCIDR.description] != route {
                    network.routes[podCIDR.description] = route
                    try records.write(network)
                }
                let works = try NetworkWorks(network)
                guard try await works.isUp() else {
                    throw SlipwayError(
                        .failed, doing: doing, cause: "the cluster's network is down",
                        hint: "run slipway update cluster \(cluster.name)")
                }
                try await works.setRoute(podCIDR, via: route.via)
            }
        }
    }

    public func deleteRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR) async throws {
        let doing = "deleting the route of \(podCIDR)"
        try await at(Address(.route, podCIDR.description), doing: doing) {
            guard try records.network(cluster.uid) != nil else { return }
            try await withClusterLock(cluster) {
                guard var network = try records.network(cluster.uid) else { return }
                if network.routes.removeValue(forKey: podCIDR.description) != nil { try records.write(network) }
                try await NetworkWorks(network).removeRoute(podCIDR)
            }
        }
    }

    // MARK: Parts

    /// The network as it was recorded, with the request's tags; a new one with a range that is free. Under the host's lock.
    private func recordedNetwork(_ request: NetworkRequest, names: LocalNames) async throws -> NetworkFile {
        if var network = try records.network(request.cluster.uid) {
            guard request.cidr == nil || request.cidr == network.cidr else {
                throw SlipwayError(
                    .refused, doing: "making the network", cause: "it exists with the range \(network.cidr): a range cannot be changed",
                    hint: "set spec.cloud.local.cidr to \(network.cidr), or make the cluster anew")
            }
            let tags = network.tags.merging(request.tags) { $1 }
            if tags != network.tags {
                network.tags = tags
                try records.write(network)
            }
            // While it was down, as after a reboot, something else may have taken the range.
            try RangeChoice.check(network.cidr, used: try await rangesOfHost(besides: names.hostLink))
            return network
        }
        if let cidr = request.cidr { _ = try AddressPlan(cidr) }
        let used = try await usedRanges(podCIDR: request.podCIDR, serviceCIDR: request.serviceCIDR, hostLink: names.hostLink)
        let cidr: IPv4CIDR
        if let wanted = request.cidr {
            try RangeChoice.check(wanted, used: used)
            cidr = wanted
        } else {
            cidr = try RangeChoice.choose(used: used)
        }
        let network = NetworkFile(
            identity: request.cluster, cidr: cidr, podCIDR: request.podCIDR, serviceCIDR: request.serviceCIDR, tags: request.tags)
        try records.write(network)
        return network
    }

    /// Before anything is stored: the range that a new cluster asks for is free. Throws `.refused`.
    func checkRange(_ cidr: IPv4CIDR, of cluster: Cluster) async throws {
        // It may be the cluster's own, made by an earlier run; whose it is shows when the network is made.
        guard try !records.networks().contains(where: { $0.identity.name == cluster.name && $0.cidr == cidr }) else { return }
        let network = cluster.spec.network
        try RangeChoice.check(
            cidr, used: try await usedRanges(podCIDR: network.podCIDR, serviceCIDR: network.serviceCIDR, hostLink: nil))
    }

    /// What a new network must not touch.
    private func usedRanges(podCIDR: IPv4CIDR, serviceCIDR: IPv4CIDR, hostLink: String?) async throws -> [UsedRange] {
        let own = [UsedRange(cidr: podCIDR, by: "the cluster's own pods"), UsedRange(cidr: serviceCIDR, by: "its own services")]
        let others = try records.networks().map { UsedRange(cidr: $0.cidr, by: "cluster \($0.identity.name) (\($0.identity.uid))") }
        return own + others + (try await rangesOfHost(besides: hostLink))
    }

    private func rangesOfHost(besides hostLink: String?) async throws -> [UsedRange] {
        try HostAddressing.usedRanges(
            links: try await Tool.output("ip", ["-j", "-4", "addr"], doing: "reading this host's addresses"),
            routes: try await Tool.output("ip", ["-j", "-4", "route", "show", "table", "all"], doing: "reading this host's routes"),
            ignoring: hostLink)
    }

    /// Connects the machines that run and sets the recorded routes. Under the cluster's lock.
    private func reconnect(_ network: NetworkFile) async throws {
        let works = try NetworkWorks(network)
        let cgroups = try Cgroups.current()
        for machine in try records.allMachines(network.identity.uid) where !machine.isTerminated {
            guard let leader = try cgroups.leader(works.names.machine(machine.name)) else { continue }
            try await works.connect(machine, leader: leader.pid)
        }
        let current = try await works.routes()
        for (range, route) in network.routes {
            guard let podCIDR = IPv4CIDR(range), current[podCIDR] != route.via else { continue }
            try await works.setRoute(podCIDR, via: route.via)
        }
    }

    /// Removes what a killed create or delete of a machine has left in folders. Under the cluster's lock.
    func sweep(_ cluster: ClusterIdentity) async throws {
        let machines = records.machines(cluster.uid)
        for name in try Files.list(machines) where name.hasPrefix(".") {
            try await Tool.remove("\(machines)/\(name)")
        }
    }

    /// Removes what the cluster has on the host by name alone; with it machines that no record tells of, as someone
    /// removed the records by hand.
    private func removeWorks(_ names: LocalNames) async throws {
        let cgroups = try Cgroups.current()
        for name in try cgroups.names(prefix: names.machinePrefix) {
            try await MachineProcesses(cgroups: cgroups, cgroup: name).kill()
        }
        for name in try Files.list(NetworkWorks.namespaces) where name.hasPrefix(names.machinePrefix) {
            try await NetworkWorks.removeNamespace(name)
        }
        try await NetworkWorks.takeDown(names)
    }

    /// Removes the folder of all clusters when there is none any more.
    private func removeEmptyRoot() {
        guard rmdir(records.root) == 0, records.root == Self.defaultRoot else { return }
        rmdir(FilePath(records.root).removingLastComponent().string)
    }

    // MARK: The folder of named namespaces

    /// Tells that this cloud was the first on the host to name a namespace, and thus made their folder.
    private static let namespaceFolderNote = "/run/slipway-made-netns"

    private func noteNamespaceFolder() throws {
        if try !MountTable.current().isMountPoint(NetworkWorks.namespaces) {
            try Files.write([], to: Self.namespaceFolderNote, mode: 0o600)
        }
    }

    /// Removes the folder when this cloud made it and no one uses it.
    private func removeNamespaceFolder() {
        guard Files.exists(Self.namespaceFolderNote), let names = try? Files.list(NetworkWorks.namespaces), names.isEmpty else { return }
        umount2(NetworkWorks.namespaces, 0)
        rmdir(NetworkWorks.namespaces)
        unlink(Self.namespaceFolderNote)
    }
}
