import AWSRequests
import ClusterModel
import TestSupport
import Testing

@testable import AWSAPI
@testable import AWSCloud

@Suite(
    "A cluster in subnets that are there",
    .enabled(if: S3Server.python != nil, "SLIPWAY_TEST_S3_PYTHON is not set: run them with make test"))
struct SharedSubnetsTests {
    /// Somebody else's network: a private and a public subnet in each of two zones, the private ones behind a NAT gateway.
    private struct Foreign {
        var vpc: String
        var machines: [String: String] = [:]
        var edge: [String: String] = [:]
        var tables: [String] = []
        var gateway: String

        init(_ account: Account) async throws {
            let aws = try AWSAccount(settings: account.settings, region: "us-east-1")
            let vpc = try #require(try await aws.send(EC2.CreateVpcRequest(cidrBlock: "10.9.0.0/16")).vpc?.vpcId)
            self.vpc = vpc
            let gateway = try #require(try await aws.send(EC2.CreateInternetGatewayRequest()).internetGateway?.internetGatewayId)
            self.gateway = gateway
            _ = try await aws.send(EC2.AttachInternetGatewayRequest(internetGatewayId: gateway, vpcId: vpc))
            func table() async throws -> String {
                try #require(try await aws.send(EC2.CreateRouteTableRequest(vpcId: vpc)).routeTable?.routeTableId)
            }
            let open = try await table()
            _ = try await aws.send(EC2.CreateRouteRequest(destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway, routeTableId: open))
            var nat: String?
            for (index, zone) in ["us-east-1a", "us-east-1b"].enumerated() {
                func subnet(_ number: Int) async throws -> String {
                    let range = "10.9.\(number).0/24"
                    let made = try await aws.send(EC2.CreateSubnetRequest(availabilityZone: zone, cidrBlock: range, vpcId: vpc))
                    return try #require(made.subnet?.subnetId)
                }
                let outside = try await subnet(index)
                let inside = try await subnet(10 + index)
                (edge[zone], machines[zone]) = (outside, inside)
                if nat == nil {
                    let address = try await aws.send(EC2.AllocateAddressRequest(domain: "vpc")).allocationId
                    nat = try await aws.send(EC2.CreateNatGatewayRequest(allocationId: address, subnetId: outside)).natGateway?.natGatewayId
                }
                let hidden = try await table()
                _ = try await aws.send(EC2.CreateRouteRequest(destinationCidrBlock: "0.0.0.0/0", natGatewayId: nat, routeTableId: hidden))
                _ = try await aws.send(EC2.AssociateRouteTableRequest(routeTableId: open, subnetId: outside))
                _ = try await aws.send(EC2.AssociateRouteTableRequest(routeTableId: hidden, subnetId: inside))
                tables.append(hidden)
            }
        }

        func spec() throws -> ClusterSpec {
            var spec = PrivateNetworkTests.spec()
            spec.cloud.aws?.natGateways = nil
            spec.cloud.aws?.vpcID = vpc
            spec.cloud.aws?.vpcCIDR = try #require(IPv4CIDR("10.9.0.0/16"))
            spec.cloud.aws?.subnets = machines
            spec.cloud.aws?.publicSubnets = edge
            return spec
        }
    }

    @Test func `Machines are in them, pods are led to from their tables, and they are left as they were`() async throws {
        let account = try Account()
        let foreign = try await Foreign(account)
        let before = try await account.listing()
        let cloud = try account.cloud()
        let spec = try foreign.spec()
        try await cloud.preflight(Cluster(name: "demo", spec: spec))
        let record = try await cloud.ensureNetwork(Sample.network(spec))
        let wanted = try #require(try spec.networkParts())
        #expect(try await cloud.observe(Sample.identity).network?.parts == wanted)
        #expect(wanted["subnet us-east-1b"] == "\(foreign.machines["us-east-1b"] ?? ""), shared")
        #expect(!wanted.keys.contains { $0.contains("NAT") || $0.contains("route") || $0.contains("gateway") })
        let second = try account.cloud()
        #expect(try await second.ensureNetwork(Sample.network(spec)) == record)

        let worker = try await cloud.createMachine(Sample.machine(Sample.worker, .worker, zone: "us-east-1b"))
        #expect(worker.accessAddress == nil && Fixtures.cidr("10.9.11.0/24").contains(worker.address))
        let bastion = try await second.createMachine(Sample.machine(PrivateNetworkTests.bastion, .bastion))
        #expect(bastion.accessAddress != nil && Fixtures.cidr("10.9.0.0/24").contains(bastion.address))
        let range = Fixtures.cidr("10.244.3.0/24")
        try await cloud.setRoute(Sample.identity, podCIDR: range, machine: Sample.worker)
        #expect(try await second.observe(Sample.identity).routes == ["10.244.3.0/24": Sample.worker])
        let led = try await cloud.inventory(Sample.identity).sharedTables
        #expect(Set(led.compactMap(\.routeTableId)) == Set(foreign.tables))
        #expect(led.allSatisfy { table in table.routes.contains { $0.destinationCidrBlock == "\(range)" } })
        try await cloud.preflight(Cluster(name: "demo", spec: spec))

        for name in [Sample.worker, PrivateNetworkTests.bastion] { try await cloud.deleteMachine(Sample.identity, name: name) }
        // Its route is still there.
        try await cloud.preflight(Cluster(name: "demo", spec: spec))
        try await cloud.deleteNetwork(Sample.identity)
        try await account.cloud().deleteNetwork(Sample.identity)
        #expect(try await account.listing() == before)
    }

    @Test func `What makes them unfit is named before anything is made, all of it`() async throws {
        let account = try Account()
        let foreign = try await Foreign(account)
        let cloud = try account.cloud()
        let aws = try AWSAccount(settings: account.settings, region: "us-east-1")
        _ = try await aws.send(
            EC2.CreateRouteRequest(
                destinationCidrBlock: "10.244.0.0/24", gatewayId: foreign.gateway, routeTableId: foreign.tables[0]))
        var spec = try foreign.spec()
        spec.cloud.aws?.vpcCIDR = Fixtures.cidr("10.9.0.0/21")
        spec.cloud.aws?.subnets?["us-east-1b"] = "subnet-00000000"
        spec.cloud.aws?.publicSubnets?["us-east-1a"] = foreign.machines["us-east-1a"]
        let before = try await account.listing()
        let refused = await #expect(throws: SlipwayError.self) { try await cloud.preflight(Cluster(name: "demo", spec: spec)) }
        let cause = try #require(refused?.cause)
        let inside = foreign.machines["us-east-1a"] ?? ""
        for part in [
            "\(foreign.vpc) has no subnet subnet-00000000", "\(inside), 10.9.10.0/24, is not within vpcCIDR, 10.9.0.0/21",
            "\(inside) is no public subnet", "the route table of \(inside) has a route to 10.244.0.0/24 already",
        ] { #expect(cause.contains(part), "\(cause)") }
        #expect(try await account.listing() == before)
    }

    @Test func `Which they are is noted in a tag that is read back whole`() throws {
        var spec = PrivateNetworkTests.spec()
        spec.cloud.aws?.subnets = ["us-east-1a": "subnet-b", "us-east-1b": "subnet-a"]
        spec.cloud.aws?.publicSubnets = ["us-east-1a": "subnet-c"]
        let shared = try #require(SharedSubnets(try AWSNetworkDesign(spec)))
        #expect(shared.tag == "private machines:subnet-a,subnet-b edge:subnet-c")
        #expect(SharedSubnets(tag: shared.tag) == shared && SharedSubnets(tag: "other") == nil && SharedSubnets(tag: "private x") == nil)
        #expect(SharedSubnets(try AWSNetworkDesign(PrivateNetworkTests.spec())) == nil)
    }
}
