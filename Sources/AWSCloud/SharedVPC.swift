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
    /// What is wrong with the VPC that a spec names; empty when nothing is, or when it names none.
    func sharedVPCProblems(_ cluster: Cluster) async throws -> [String] {
        // A zone that has no part of the range is no zone that there is: that is told anyway.
        guard let design = try? AWSNetworkDesign(cluster.spec), let id = design.sharedVPC else { return [] }
        async let its = SharedVPC.read(id, aws)
        let inside = [AWSInventory.filter("vpc-id", id)]
        async let subnets = aws.pages(EC2.DescribeSubnetsRequest(filters: inside)).flatMap(\.subnets)
        let (found, gateway) = try await its
        guard let vpc = found else { return ["\(aws.region) has no VPC \(id)"] }
        let ranges = Set([vpc.cidrBlock].compactMap { $0 } + vpc.cidrBlockAssociationSet.compactMap(\.cidrBlock))
        let others = try await subnets.filter { AWSTags.read($0.tags)[ClusterModel.Tag.cluster] != cluster.name }
        var problems: [String] = []
        if let shared = SharedSubnets(design) {
            let own = [AWSInventory.filter("tag:\(ClusterModel.Tag.cluster)", cluster.name)]
            async let instances = aws.instances(own)
            let found = try await SharedSubnets.read(shared.all, vpc: id, aws)
            problems += SharedSubnets.problems(
                design, found, podCIDR: cluster.spec.network.podCIDR, instances: Set(try await instances.compactMap(\.instanceId)))
        }
        return problems
            + SharedVPC.problems(
                design, id: id, ranges: ranges.sorted().compactMap { IPv4CIDR($0) },
                subnets: Dictionary(
                    others.compactMap { subnet in
                        subnet.cidrBlock.flatMap { IPv4CIDR($0) }.flatMap { range in subnet.subnetId.map { ($0, range) } }
                    }, uniquingKeysWith: { first, _ in first }),
                hasGateway: gateway != nil, podCIDR: cluster.spec.network.podCIDR)
    }
}
