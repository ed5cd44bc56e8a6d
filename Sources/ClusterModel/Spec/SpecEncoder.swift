/// Writes a spec as YAML, every default visible, in the order of the reference. Reading it gives the same spec.
public enum SpecEncoder {
    public static func yaml(_ cluster: Cluster) -> String {
        var writer = Writer()
        writer.cluster(cluster)
        return writer.lines.joined(separator: "\n") + "\n"
    }

    private struct Writer {
        var lines: [String] = []

        private mutating func line(_ depth: Int, _ text: String) {
            lines.append(String(repeating: "  ", count: depth) + text)
        }

        private mutating func field(_ depth: Int, _ name: String, _ value: String) {
            line(depth, "\(name): \(value)")
        }

        private mutating func list(_ depth: Int, _ name: String, _ items: [String]) {
            guard !items.isEmpty else { return field(depth, name, "[]") }
            line(depth, "\(name):")
            for item in items { line(depth + 1, "- \(YAMLText.scalar(item))") }
        }

        private mutating func map(_ depth: Int, _ name: String, _ items: [String: String]) {
            guard !items.isEmpty else { return field(depth, name, "{}") }
            line(depth, "\(name):")
            for (key, value) in items.sorted(by: { $0.key < $1.key }) { field(depth + 1, YAMLText.scalar(key), YAMLText.scalar(value)) }
        }

        mutating func cluster(_ cluster: Cluster) {
            field(0, "apiVersion", YAMLText.scalar(cluster.apiVersion))
            field(0, "kind", YAMLText.scalar(cluster.kind))
            line(0, "metadata:")
            field(1, "name", YAMLText.scalar(cluster.name))
            line(0, "spec:")
            spec(cluster.spec)
        }

        private mutating func spec(_ spec: ClusterSpec) {
            if let version = spec.kubernetesVersion {
                field(1, "kubernetesVersion", version.description)
            } else {
                line(1, "# kubernetesVersion: the newest of the asset source, resolved at create")
            }
            cloud(spec.cloud)
            line(1, "access:")
            list(2, "api", spec.access.api.map(\.description))
            list(2, "ssh", spec.access.ssh.map(\.description))
            list(2, "sshPublicKeys", spec.access.sshPublicKeys)
            line(1, "controlPlane:")
            machines(2, count: spec.controlPlane.count, zones: spec.controlPlane.zones, instanceType: spec.controlPlane.instanceType)
            if let update = spec.controlPlane.update {
                line(2, "update:")
                field(3, "strategy", update.strategy.rawValue)
            }
            pools(spec.pools, provider: spec.cloud.provider)
            line(1, "network:")
            field(2, "podCIDR", spec.network.podCIDR.description)
            field(2, "serviceCIDR", spec.network.serviceCIDR.description)
            line(1, "assets:")
            field(2, "source", YAMLText.scalar(spec.assets.source))
            field(1, "deletionProtection", String(spec.deletionProtection))
        }

        private mutating func cloud(_ cloud: CloudSpec) {
            line(1, "cloud:")
            field(2, "provider", cloud.provider.rawValue)
            if let aws = cloud.aws { self.aws(aws) }
            guard let local = cloud.local else { return }
            if let cidr = local.cidr {
                line(2, "local:")
                field(3, "cidr", cidr.description)
            } else {
                field(2, "local", "{}  # cidr: a free range, chosen at create")
            }
        }

        private mutating func aws(_ aws: AWSCloudSpec) {
            line(2, "aws:")
            field(3, "region", YAMLText.scalar(aws.region))
            if let id = aws.vpcID { field(3, "vpcID", YAMLText.scalar(id)) }
            field(3, "vpcCIDR", aws.vpcCIDR.description)
            if let subnets = aws.subnets { map(3, "subnets", subnets) }
            if let subnets = aws.publicSubnets { map(3, "publicSubnets", subnets) }
            if let topology = aws.topology { field(3, "topology", topology.rawValue) }
            if let gateways = aws.natGateways { field(3, "natGateways", gateways.rawValue) }
            if let type = aws.bastionType { field(3, "bastionType", YAMLText.scalar(type)) }
            if let image = aws.image {
                field(3, "image", YAMLText.scalar(image.description))
            } else {
                line(3, "# image: Debian 12, the newest when a machine is made")
            }
            field(3, "volumeSize", String(aws.volumeSize))
            field(3, "apiExposure", aws.apiExposure.rawValue)
            if let name = aws.dnsName { field(3, "dnsName", YAMLText.scalar(name)) }
            if let zone = aws.hostedZone { field(3, "hostedZone", YAMLText.scalar(zone)) }
        }

        private mutating func machines(_ depth: Int, count: Int, zones: [String], instanceType: String) {
            field(depth, "count", String(count))
            list(depth, "zones", zones)
            field(depth, "instanceType", YAMLText.scalar(instanceType))
        }

        private mutating func pools(_ pools: [PoolSpec], provider: CloudProvider) {
            guard !pools.isEmpty else { return field(1, "pools", "[]") }
            line(1, "pools:")
            for pool in pools {
                line(2, "- name: \(YAMLText.scalar(pool.name))")
                list(3, "zones", pool.zones)
                field(3, "count", String(pool.count))
                field(3, "instanceType", YAMLText.scalar(pool.instanceType))
                map(3, "labels", pool.labels)
                taints(pool.taints)
                // Elsewhere it may only be false.
                if provider == .aws || pool.spot { field(3, "spot", String(pool.spot)) }
                line(3, "update:")
                field(4, "strategy", pool.update.strategy.rawValue)
                field(4, "maxSurge", pool.update.maxSurge.description)
                field(4, "maxUnavailable", pool.update.maxUnavailable.description)
                field(4, "drainTimeout", pool.update.drainTimeout.description)
            }
        }

        private mutating func taints(_ taints: [Taint]) {
            guard !taints.isEmpty else { return field(3, "taints", "[]") }
            line(3, "taints:")
            for taint in taints {
                line(4, "- key: \(YAMLText.scalar(taint.key))")
                if let value = taint.value { field(5, "value", YAMLText.scalar(value)) }
                field(5, "effect", taint.effect.rawValue)
            }
        }
    }
}
