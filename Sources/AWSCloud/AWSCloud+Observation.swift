import AWSAPI
import AWSRequests
public import ClusterModel
import Foundation

extension AWSCloud {
    public func observe(_ cluster: ClusterIdentity) async throws -> CloudObservation {
        try await at(Address(.cluster, cluster.name), doing: "observing AWS") {
            let inventory = try await inventory(cluster)
            var observation = CloudObservation(machines: inventory.machines, routes: inventory.podRoutes)
            if let id = inventory.vpc?.vpcId, let cidr = inventory.vpc?.cidrBlock.flatMap({ IPv4CIDR($0) }) {
                // Half a network has no endpoint yet; a planner sees that by its parts.
                let record =
                    inventory.record ?? NetworkRecord(id: id, cidr: cidr, gateway: cidr.address(at: 1) ?? cidr.base, apiAddress: "")
                observation.network = CloudObservation.Network(
                    record: record, isUp: true, tags: AWSTags.read(inventory.home?.tags ?? []), parts: inventory.parts)
            }
            observation.endpointMachines = inventory.endpointMachines
            return observation
        }
    }

    public func tags(_ cluster: ClusterIdentity, machine: String?) async throws -> [String: String]? {
        try await at(machine.map { Address(.machine, $0) } ?? Address(.network, cluster.name), doing: "reading its tags") {
            guard let machine else {
                let owned = [AWSInventory.owned(cluster)]
                if let vpc = try await aws.pages(EC2.DescribeVpcsRequest(filters: owned)).flatMap(\.vpcs).first {
                    return AWSTags.read(vpc.tags)
                }
                // In a VPC that others share.
                let name = AWSNames(cluster: cluster).group(.controlPlane)
                let groups = try await aws.pages(EC2.DescribeSecurityGroupsRequest(filters: owned)).flatMap(\.securityGroups)
                return groups.first { $0.groupName == name }.map { AWSTags.read($0.tags) }
            }
            return try await aws.instances(of: cluster, tag: AWSTags.machine, machine).first.map { AWSTags.read($0.tags) }
        }
    }

    public func clusters() async throws -> [ClusterFootprint] {
        try await at(nil, doing: "looking for clusters on AWS") {
            let owned = [AWSInventory.filter("tag-key", Tag.clusterUID)]
            async let vpcs = aws.pages(EC2.DescribeVpcsRequest(filters: owned))
            // Where a VPC is shared, the cluster's groups tell of it.
            async let groups = aws.pages(EC2.DescribeSecurityGroupsRequest(filters: owned))
            async let instances = aws.instances(owned)
            var found: [String: ClusterFootprint] = [:]
            func note(_ tags: [EC2.Tag], machine: String?) {
                let tags = AWSTags.read(tags)
                guard let uid = tags[Tag.clusterUID], let name = tags[Tag.cluster] else { return }
                var footprint = found[uid] ?? ClusterFootprint(identity: ClusterIdentity(name: name, uid: uid), store: nil, machines: [])
                footprint.store = footprint.store ?? tags[Tag.store]
                if let machine { footprint.machines.append(machine) }
                found[uid] = footprint
            }
            for vpc in try await vpcs.flatMap(\.vpcs) { note(vpc.tags, machine: nil) }
            for group in try await groups.flatMap(\.securityGroups) { note(group.tags, machine: nil) }
            for instance in try await instances where instance.status != .terminated {
                note(instance.tags, machine: AWSTags.read(instance.tags)[AWSTags.machine])
            }
            return found.values.sorted { ($0.identity.name, $0.identity.uid) < ($1.identity.name, $1.identity.uid) }
        }
    }
}

extension AWSInventory {
    /// One for each name, sorted: of several under one name the one that lives, and of those the oldest.
    var machines: [MachineRecord] {
        var best: [String: EC2.Instance] = [:]
        for instance in instances {
            guard let name = instance.machineName else { continue }
            if let known = best[name], !instance.isBetter(than: known) { continue }
            best[name] = instance
        }
        return best.values.compactMap(\.record).sorted { $0.name < $1.name }
    }

    /// Machine name by pod range.
    var podRoutes: [String: String] {
        let names = Dictionary(
            instances.compactMap { instance in instance.instanceId.flatMap { id in instance.machineName.map { (id, $0) } } },
            uniquingKeysWith: { first, _ in first })
        // One that leads to a machine from some of its cluster's subnets only is none.
        let tables = machineTables
        var seen: [String: [String]] = [:]
        for route in tables.flatMap(\.routes) {
            // A route to an instance that is gone leads nowhere: EC2 calls it a blackhole.
            guard let range = route.destinationCidrBlock, let instance = route.instanceId, let name = names[instance],
                route.state != "blackhole"
            else { continue }
            seen[range, default: []].append(name)
        }
        return seen.compactMapValues { $0.count == tables.count && Set($0).count == 1 ? $0[0] : nil }
    }

    /// Those that every balancer of the cluster leads new connections to, sorted.
    var endpointMachines: [String] {
        let groups = balancers.values.filter { $0.group != nil }
        return machines.filter { $0.role == .controlPlane }.map(\.name).filter { name in
            guard let id = instances.first(where: { $0.machineName == name && $0.status == .running })?.instanceId else { return false }
            return !groups.isEmpty && groups.allSatisfy { $0.health[id] == "healthy" }
        }
    }
}

extension EC2.Instance {
    var machineName: String? { tags.first { $0.key == AWSTags.machine }?.value }
    var role: MachineRole? { tags.first { $0.key == Tag.role }?.value.flatMap(MachineRole.init(rawValue:)) }

    /// EC2's states as Slipway knows them. Who stops will be stopped, who starts will run.
    var status: MachineRecord.Status {
        switch state?.name {
        case "pending", "running": .running
        case "stopping", "stopped": .stopped
        case "shutting-down", "terminated": .terminated
        default: .unknown
        }
    }

    func isBetter(than other: EC2.Instance) -> Bool {
        guard (status == .terminated) == (other.status == .terminated) else { return other.status == .terminated }
        return (launchTime ?? .distantFuture, instanceId ?? "") < (other.launchTime ?? .distantFuture, other.instanceId ?? "")
    }

    var zone: String { placement?.availabilityZone ?? "" }

    /// Nil for an instance that is no machine of Slipway's.
    var record: MachineRecord? {
        let tags = AWSTags.read(self.tags)
        guard let name = tags[AWSTags.machine], let id = instanceId, let role else {
            return nil
        }
        return MachineRecord(
            name: name, providerID: "aws:///\(zone)/\(id)", zone: zone, role: role, instanceType: instanceType ?? "",
            market: market,
            address: privateIpAddress.flatMap { IPv4Address($0) } ?? IPv4Address(rawValue: 0),
            accessAddress: publicIpAddress.flatMap { IPv4Address($0) }, status: status, tags: tags)
    }
}
