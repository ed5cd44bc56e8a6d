import AWSAPI
import AWSRequests
import ClusterModel

/// A VPC that was there before the cluster, and is there after it.
enum SharedVPC {
    static let gatewayHint = "attach one: machines have public addresses, and get what they need from outside"

    /// The VPC, and the internet gateway that is attached to it; each nil where there is none.
    static func read(_ id: String, _ aws: AWSAccount) async throws -> (vpc: EC2.Vpc?, gateway: EC2.InternetGateway?) {
        async let vpc = AWSInventory.missing("InvalidVpcID.NotFound") {
            try await aws.pages(EC2.DescribeVpcsRequest(vpcIds: [id])).flatMap(\.vpcs).first
        }
        let attached = [AWSInventory.filter("attachment.vpc-id", id)]
        async let gateway = aws.pages(EC2.DescribeInternetGatewaysRequest(filters: attached)).flatMap(\.internetGateways).first
        return (try await vpc, try await gateway)
    }

    /// Why the cluster's subnets cannot be made in it; empty when they can.
    /// - Parameters:
    ///   - ranges: those of the VPC.
    ///   - subnets: those that are in it already, the cluster's own not among them, by id.
    static func problems(
        _ design: AWSNetworkDesign, id: String, ranges: [IPv4CIDR], subnets: [String: IPv4CIDR], hasGateway: Bool, podCIDR: IPv4CIDR
    ) -> [String] {
        var problems: [String] = []
        if !ranges.contains(where: { $0.contains(design.vpcCIDR) }) {
            problems.append(
                "vpcCIDR \(design.vpcCIDR) is not within \(id), which has \(ranges.map { "\($0)" }.joined(separator: ", "))")
        }
        for range in ranges where range.overlaps(podCIDR) { problems.append("pods, \(podCIDR), would have addresses of \(id), \(range)") }
        for wanted in design.subnets {
            guard case .own(let cidr) = wanted.place else { continue }
            for (other, range) in subnets.sorted(by: { $0.key < $1.key }) where range.overlaps(cidr) {
                problems.append("the subnet of \(wanted.zone), \(cidr), would overlap \(other), \(range)")
            }
        }
        if !hasGateway, !design.sharesSubnets { problems.append("\(id) has no internet gateway (\(gatewayHint))") }
        return problems
    }
}

extension AWSCloud {
    /// What is wrong with the VPC and the subnets that a spec names; empty when nothing is, or when it names none.
    func sharedVPCProblems(_ cluster: Cluster) async throws -> [String] {
        // A zone that has no part of the range is no zone that there is: that is told anyway.
        guard let design = try? AWSNetworkDesign(cluster.spec), let id = design.sharedVPC else { return [] }
        async let its = SharedVPC.read(id, aws)
        async let others = design.sharesSubnets ? [:] : ranges(in: id, besides: cluster.name)
        async let unfit = SharedSubnets(design).asyncMap { try await sharedSubnetsProblems($0, design, cluster) }
        let (found, gateway) = try await its
        guard let vpc = found else { return ["\(aws.region) has no VPC \(id)"] }
        let ranges = Set([vpc.cidrBlock].compactMap { $0 } + vpc.cidrBlockAssociationSet.compactMap(\.cidrBlock))
        return (try await unfit ?? [])
            + SharedVPC.problems(
                design, id: id, ranges: ranges.sorted().compactMap { IPv4CIDR($0) }, subnets: try await others,
                hasGateway: gateway != nil, podCIDR: cluster.spec.network.podCIDR)
    }

    /// Those of a VPC's subnets, by id, but for the cluster's own.
    private func ranges(in vpc: String, besides cluster: String) async throws -> [String: IPv4CIDR] {
        let inside = [AWSInventory.filter("vpc-id", vpc)]
        let subnets = try await aws.pages(EC2.DescribeSubnetsRequest(filters: inside)).flatMap(\.subnets)
        return subnets.reduce(into: [:]) { ranges, subnet in
            guard let id = subnet.subnetId, AWSTags.read(subnet.tags)[ClusterModel.Tag.cluster] != cluster else { return }
            ranges[id] = subnet.cidrBlock.flatMap { IPv4CIDR($0) }
        }
    }

    private func sharedSubnetsProblems(_ shared: SharedSubnets, _ design: AWSNetworkDesign, _ cluster: Cluster) async throws -> [String] {
        let own = [AWSInventory.filter("tag:\(ClusterModel.Tag.cluster)", cluster.name)]
        async let instances = aws.instances(own)
        let found = try await SharedSubnets.read(shared.all, vpc: design.sharedVPC ?? "", aws)
        return SharedSubnets.problems(
            design, found, podCIDR: cluster.spec.network.podCIDR, instances: Set(try await instances.compactMap(\.instanceId)))
    }
}
