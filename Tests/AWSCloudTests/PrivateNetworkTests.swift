import AWSRequests
import ClusterModel
import TestSupport
import Testing

@testable import AWSAPI
@testable import AWSCloud

@Suite("Machines in private subnets", .enabled(if: S3Server.python != nil, "SLIPWAY_TEST_S3_PYTHON is not set: run them with make test"))
struct PrivateNetworkTests {
    static func spec(_ gateways: AWSNATGateways = .perZone, bastion: String? = "t3.micro") -> ClusterSpec {
        var spec = Sample.spec()
        spec.cloud.aws?.topology = .private
        spec.cloud.aws?.natGateways = gateways
        spec.cloud.aws?.bastionType = bastion
        return spec
    }

    static let bastion = "demo-bastion-1a-1"

    @Test(arguments: AWSNATGateways.allCases)
    func `They lead out by NAT gateways, nobody has an address outside but the bastion, and nothing stays behind`(
        _ gateways: AWSNATGateways
    ) async throws {
        let account = try Account()
        let before = try await account.listing()
        let cloud = try account.cloud()
        let spec = Self.spec(gateways)
        try await cloud.preflight(Cluster(name: "demo", spec: spec))
        let request = Sample.network(spec)
        let record = try await cloud.ensureNetwork(request)
        let wanted = try #require(try spec.networkParts())
        #expect(try await cloud.observe(Sample.identity).network?.parts == wanted)
        #expect(wanted.keys.filter { $0.hasPrefix("NAT gateway ") }.count == (gateways == .one ? 1 : 2))

        let second = try account.cloud()
        #expect(try await second.ensureNetwork(request) == record)
        #expect(AWSCalls.changing(second.calls ?? [:]).isEmpty)

        let hidden = try await cloud.createMachine(Sample.machine(Sample.worker, .worker, zone: "us-east-1b"))
        #expect(hidden.accessAddress == nil && Fixtures.cidr("172.20.16.0/20").contains(hidden.address))
        let bastion = try await cloud.createMachine(Sample.machine(Self.bastion, .bastion))
        #expect(bastion.accessAddress != nil && Fixtures.cidr("172.20.240.0/24").contains(bastion.address))
        #expect(bastion.role == .bastion)

        // Pods are led to from every private subnet, whichever table it uses.
        let range = Fixtures.cidr("10.244.3.0/24")
        try await cloud.setRoute(Sample.identity, podCIDR: range, machine: Sample.worker)
        #expect(try await cloud.observe(Sample.identity).routes == ["10.244.3.0/24": Sample.worker])
        let tables = try await cloud.inventory(Sample.identity).machineTables
        #expect(tables.count == (gateways == .one ? 1 : 2))
        let one = try #require(tables.first?.routeTableId)
        _ = try await cloud.aws.send(EC2.DeleteRouteRequest(destinationCidrBlock: "\(range)", routeTableId: one))
        #expect(try await cloud.observe(Sample.identity).routes.isEmpty, "a route that some machines lack is none")
        try await cloud.setRoute(Sample.identity, podCIDR: range, machine: Sample.worker)
        #expect(try await cloud.observe(Sample.identity).routes == ["10.244.3.0/24": Sample.worker])
        try await cloud.deleteRoute(Sample.identity, podCIDR: range)
        #expect(try await cloud.observe(Sample.identity).routes.isEmpty)

        for name in [Sample.worker, Self.bastion] { try await cloud.deleteMachine(Sample.identity, name: name) }
        try await cloud.deleteNetwork(Sample.identity)
        try await account.cloud().deleteNetwork(Sample.identity)
        #expect(try await account.listing() == before)
    }

    @Test func `A gateway that is gone is missed and made again with the address that it had`() async throws {
        let account = try Account()
        let cloud = try account.cloud()
        let request = Sample.network(Self.spec(.one))
        _ = try await cloud.ensureNetwork(request)
        let found = try await cloud.inventory(Sample.identity)
        let address = try #require(found.addresses.first?.allocationId)
        _ = try await cloud.aws.send(EC2.DeleteNatGatewayRequest(natGatewayId: found.natGateways.first?.natGatewayId))
        let wanted = try #require(try Self.spec(.one).networkParts())
        let seen = try await cloud.observe(Sample.identity).network?.parts ?? [:]
        #expect(
            NetworkDifference.reasons(desired: wanted, observed: seen).map(\.field) == [
                "NAT gateway us-east-1a", "route 0.0.0.0/0 of private subnets, us-east-1a",
            ])
        _ = try await cloud.ensureNetwork(request)
        let mended = try await cloud.inventory(Sample.identity)
        #expect(mended.parts == wanted && mended.addresses.count == 1)
        #expect(mended.natGateways.first?.natGatewayAddresses.first?.allocationId == address)
    }

    @Test func `The preview says what a way out costs`() async throws {
        let cloud = try Account().cloud()
        let remark = try await cloud.remarks(on: Cluster(name: "demo", spec: Self.spec())).first
        #expect(
            remark == "AWS will charge for 4 instances, one of them the bastion with a public address, 2 load balancers, "
                + "2 NAT gateways with a public address each and 80 GiB of volumes")
    }
}
