/// What differs between two specs, field by field.
public enum SpecDiff {
    /// In the order of the spec's fields. Pools are told apart by name, as `spec.pools[nodes].count`.
    ///
    /// A Kubernetes version or a range for machines that `new` leaves to Slipway is no difference: what was chosen for `old` stays.
    public static func differences(old: Cluster, new: Cluster) -> [Reason] {
        let before = fields(old)
        let after = fields(new)
        let values = Dictionary(after.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
        let known = Dictionary(before.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
        var differences: [Reason] = []
        for (path, value) in before where values[path] != value {
            if values[path] == nil, leftToSlipway.contains(path) { continue }
            if values[path] == nil, isInside(path, known, values) { continue }
            differences.append(Reason(path, old: summary(path, old) ?? value, new: values[path]))
        }
        for (path, value) in after where known[path] == nil && !isInside(path, values, known) {
            differences.append(Reason(path, new: summary(path, new) ?? value))
        }
        return differences
    }

    private static let leftToSlipway = [FieldPath.kubernetesVersion.description, FieldPath.localCIDR.description]

    /// True for fields of a pool that exists on one side only: the pool itself says it all.
    private static func isInside(_ path: String, _ here: [String: String], _ there: [String: String]) -> Bool {
        guard path.hasPrefix("spec.pools["), let end = path.firstIndex(of: "]"), path.index(after: end) != path.endIndex else {
            return false
        }
        let pool = String(path[...end])
        return here[pool] != nil && there[pool] == nil
    }

    /// A whole pool in a few words, when the path is a pool's.
    private static func summary(_ path: String, _ cluster: Cluster) -> String? {
        cluster.spec.pools.first { poolPath($0) == path }.map { "\(TerminalText.counted($0.count, "machine")) of \($0.instanceType)" }
    }

    private static func poolPath(_ pool: PoolSpec) -> String { "spec.pools[\(pool.name)]" }

    private static func fields(_ cluster: Cluster) -> [(path: String, value: String)] {
        let spec = cluster.spec
        var fields: [(path: String, value: String)] = []
        func add(_ path: String, _ value: String?) { if let value { fields.append((path, value)) } }
        func add(_ path: FieldPath, _ value: String?) { add(path.description, value) }
        func list(_ items: [String]) -> String { "[\(items.joined(separator: ", "))]" }

        add(.name, cluster.name)
        add(.kubernetesVersion, spec.kubernetesVersion?.description)
        add(.provider, spec.cloud.provider.rawValue)
        add(.localCIDR, spec.cloud.local?.cidr?.description)
        if let aws = spec.cloud.aws {
            add(.awsRegion, aws.region)
            add(.vpcID, aws.vpcID)
            add(.vpcCIDR, aws.vpcCIDR.description)
            for (zone, id) in (aws.subnets ?? [:]).sorted(by: { $0.key < $1.key }) { add(.subnets.key(zone), id) }
            for (zone, id) in (aws.publicSubnets ?? [:]).sorted(by: { $0.key < $1.key }) { add(.publicSubnets.key(zone), id) }
            add(.topology, aws.topology?.rawValue)
            add(.natGateways, aws.natGateways?.rawValue)
            add(.bastionType, aws.bastionType)
            add(.awsImage, aws.image?.description)
            add(.volumeSize, String(aws.volumeSize))
            add(.apiExposure, aws.apiExposure.rawValue)
            add(.dnsName, aws.dnsName)
            add(.hostedZone, aws.hostedZone)
        }
        add(.accessAPI, list(spec.access.api.map(\.description)))
        add(.accessSSH, list(spec.access.ssh.map(\.description)))
        add(.sshPublicKeys, list(spec.access.sshPublicKeys))
        add(.controlPlaneCount, String(spec.controlPlane.count))
        add(.controlPlaneZones, list(spec.controlPlane.zones))
        add(.controlPlaneInstanceType, spec.controlPlane.instanceType)
        add(.controlPlaneStrategy, spec.controlPlane.update?.strategy.rawValue)
        for pool in spec.pools {
            let path = poolPath(pool)
            add(path, "present")
            add("\(path).zones", list(pool.zones))
            add("\(path).count", String(pool.count))
            add("\(path).instanceType", pool.instanceType)
            for (key, value) in pool.labels.sorted(by: { $0.key < $1.key }) { add("\(path).labels[\(key)]", value) }
            add("\(path).taints", list(pool.taints.map(\.description)))
            if spec.cloud.provider == .aws || pool.spot { add("\(path).spot", String(pool.spot)) }
            add("\(path).update.strategy", pool.update.strategy.rawValue)
            add("\(path).update.maxSurge", pool.update.maxSurge.description)
            add("\(path).update.maxUnavailable", pool.update.maxUnavailable.description)
            add("\(path).update.drainTimeout", pool.update.drainTimeout.description)
        }
        add(.podCIDR, spec.network.podCIDR.description)
        add(.serviceCIDR, spec.network.serviceCIDR.description)
        add(.assetsSource, spec.assets.source)
        add(.deletionProtection, String(spec.deletionProtection))
        return fields
    }
}

extension Taint: CustomStringConvertible {
    /// As kubectl writes it: `dedicated=gpu:NoSchedule`.
    public var description: String {
        "\(key)\(value.map { "=\($0)" } ?? ""):\(effect.rawValue)"
    }
}
