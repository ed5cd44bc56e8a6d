import AWSRequests
import ClusterModel
import TestSupport
import Testing

@testable import AWSAPI
@testable import AWSCloud

@Suite(
    "A cluster in a VPC that is there", .enabled(if: S3Server.python != nil, "SLIPWAY_TEST_S3_PYTHON is not set: run them with make test"))
struct SharedVPCTests {
    /// One with a gateway and a subnet, of somebody else.
    private func shared(_ account: Account, gateway: Bool = true) async throws -> String {
        let aws = try AWSAccount(settings: account.settings, region: "us-east-1")
        let vpc = try #require(try await aws.send(EC2.CreateVpcRequest(cidrBlock: "10.9.0.0/16")).vpc?.vpcId)
        _ = try await aws.send(EC2.CreateSubnetRequest(availabilityZone: "us-east-1a", cidrBlock: "10.9.0.0/20", vpcId: vpc))
        if gateway {
            let id = try await aws.send(EC2.CreateInternetGatewayRequest()).internetGateway?.internetGatewayId
            _ = try await aws.send(EC2.AttachInternetGatewayRequest(internetGatewayId: id, vpcId: vpc))
        }
        return vpc
    }

    private func spec(in vpc: String, cidr: String = "10.9.128.0/17", zones: [String] = ["us-east-1a", "us-east-1b"]) throws -> ClusterSpec
    {
        var spec = Sample.spec(zones: zones)
        spec.cloud.aws?.vpcID = vpc
        spec.cloud.aws?.vpcCIDR = try #require(IPv4CIDR(cidr))
        return spec
    }

    @Test func `It has subnets, routes and groups of its own there, and leaves the rest as it was`() async throws {
        let account = try Account()
        let vpc = try await shared(account)
        let before = try await account.listing()
        let cloud = try account.cloud()
        let spec = try spec(in: vpc)
        try await cloud.preflight(Cluster(name: "demo", spec: spec))
        let record = try await cloud.ensureNetwork(Sample.network(spec))
        #expect(record.id == vpc)
        let seen = try #require(try await cloud.observe(Sample.identity).network)
        let wanted = try #require(try spec.networkParts())
        #expect(seen.parts == wanted && wanted["vpc"] == "\(vpc), shared")
        #expect(wanted["subnet us-east-1b"] == "10.9.136.0/21")
        #expect(try await cloud.ensureNetwork(Sample.network(spec)) == record)

        // What is known of the cluster as a whole is on something of its own.
        try await cloud.tagNetwork(Sample.identity, tags: [Tag.etcdMark: "initialised t"])
        #expect(try await cloud.observe(Sample.identity).network?.tags[Tag.etcdMark] == "initialised t")
        #expect(try await account.cloud().tags(Sample.identity, machine: nil)?[Tag.store] == "file:///test")
        let machine = try await cloud.createMachine(Sample.machine(Sample.worker, .worker, zone: "us-east-1b"))
        #expect(try #require(IPv4CIDR("10.9.136.0/21")).contains(machine.address))
        #expect(
            try await account.cloud().clusters() == [
                ClusterFootprint(identity: Sample.identity, store: "file:///test", machines: [Sample.worker])
            ])

        try await cloud.deleteMachine(Sample.identity, name: Sample.worker)
        try await cloud.deleteNetwork(Sample.identity)
        try await account.cloud().deleteNetwork(Sample.identity)
        #expect(try await account.listing() == before)
        #expect(try await cloud.observe(Sample.identity).network == nil)
    }

    @Test func `What makes a VPC unfit is named before anything is made, all of it`() async throws {
        let account = try Account()
        let vpc = try await shared(account, gateway: false)
        let before = try await account.listing()
        let cloud = try account.cloud()
        func causes(_ spec: ClusterSpec) async throws -> String {
            let refused = await #expect(throws: SlipwayError.self) { try await cloud.preflight(Cluster(name: "demo", spec: spec)) }
            #expect(refused?.code == .refused)
            return try #require(refused?.cause)
        }
        let overlapping = try await causes(try spec(in: vpc, cidr: "10.9.0.0/17"))
        #expect(overlapping.contains("the subnet of us-east-1a, 10.9.0.0/21, would overlap subnet-"))
        #expect(overlapping.contains("\(vpc) has no internet gateway"))
        let elsewhere = try await causes(try spec(in: vpc, cidr: "10.10.0.0/16"))
        #expect(elsewhere.contains("vpcCIDR 10.10.0.0/16 is not within \(vpc), which has 10.9.0.0/16"))
        #expect(try await causes(try spec(in: "vpc-00000000")).contains("us-east-1 has no VPC vpc-00000000"))
        #expect(try await account.listing() == before)
    }

    @Test func `Pods cannot have addresses of the VPC`() throws {
        let design = try AWSNetworkDesign(try spec(in: "vpc-00000000"))
        let problems = SharedVPC.problems(
            design, id: "vpc-00000000", ranges: [design.vpcCIDR], subnets: [:], hasGateway: true, podCIDR: Fixtures.cidr("10.9.192.0/18"))
        #expect(problems == ["pods, 10.9.192.0/18, would have addresses of vpc-00000000, 10.9.128.0/17"])
    }
}
