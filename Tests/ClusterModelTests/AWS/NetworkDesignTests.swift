import ClusterModel
import TestSupport
import Testing

struct NetworkDesignTests {
    private func spec(_ zones: [String], exposure: AWSAPIExposure = .internetFacing) -> ClusterSpec {
        var spec = Fixtures.cluster().spec
        spec.cloud = CloudSpec(provider: .aws, aws: AWSCloudSpec(region: "eu-central-1", apiExposure: exposure))
        spec.controlPlane.zones = zones
        spec.pools[0].zones = zones
        spec.access = AccessSpec(api: [Fixtures.cidr("203.0.113.7/32")], ssh: [Fixtures.cidr("198.51.100.0/24")])
        return spec
    }

    @Test func `A zone's subnet depends on its letter alone`() throws {
        let one = try AWSNetworkDesign(spec(["eu-central-1c"]))
        let three = try AWSNetworkDesign(spec(["eu-central-1b", "eu-central-1c", "eu-central-1a"]))
        #expect(one.subnets.map { "\($0.zone) \($0.text)" } == ["eu-central-1c 172.20.32.0/20"])
        #expect(
            three.subnets.map { "\($0.zone) \($0.text)" } == [
                "eu-central-1a 172.20.0.0/20", "eu-central-1b 172.20.16.0/20", "eu-central-1c 172.20.32.0/20",
            ])
    }

    @Test func `Security groups let in what is listed here and nothing else`() throws {
        let rules = try AWSNetworkDesign(spec(["eu-central-1a"])).rules
        #expect(
            rules.map(\.part).sorted() == [
                "rule control-plane: all to 0.0.0.0/0", "rule control-plane: icmp from control-plane",
                "rule control-plane: tcp 10250 from control-plane", "rule control-plane: tcp 22 from 198.51.100.0/24",
                "rule control-plane: tcp 2379 from control-plane", "rule control-plane: tcp 2380 from control-plane",
                "rule control-plane: tcp 6443 from 10.244.0.0/16", "rule control-plane: tcp 6443 from 172.20.0.0/16",
                "rule control-plane: tcp 6443 from 203.0.113.7/32", "rule nodes: all from 10.244.0.0/16",
                "rule nodes: all from control-plane", "rule nodes: all from nodes", "rule nodes: all to 0.0.0.0/0",
                "rule nodes: tcp 22 from 198.51.100.0/24",
            ])
    }

    @Test func `A record is a part only where the spec asks for one, and one that it asks for no more is a difference`() throws {
        var spec = spec(["eu-central-1a"])
        let without = try AWSNetworkDesign(spec)
        #expect(!without.parts.keys.contains(where: AWSNetworkPart.isRecord) && !without.summary.contains("record"))
        spec.cloud.aws?.dnsName = "api.demo.example.com"
        let with = try AWSNetworkDesign(spec)
        #expect(with.parts["record api.demo.example.com"] == "leads to the API")
        #expect(with.summary == without.summary + ", record api.demo.example.com")
        #expect(NetworkDifference.reasons(desired: without.parts, observed: with.parts).map(\.field) == ["record api.demo.example.com"])
    }

    @Test func `Only an API that faces the internet has a second load balancer`() throws {
        #expect(try AWSNetworkDesign(spec(["eu-central-1a"])).balancers.map(\.suffix) == ["internal", "public"])
        #expect(try AWSNetworkDesign(spec(["eu-central-1a"], exposure: .internal)).balancers.map(\.suffix) == ["internal"])
    }

    @Test func `Differences name what is missing, what is other and what is too much`() {
        let reasons = NetworkDifference.reasons(desired: ["a": "1", "b": "2"], observed: ["b": "3", "rule c": "4", "subnet d": "5"])
        #expect(
            reasons == [
                Reason("a", old: "missing", new: "1"), Reason("b", old: "3", new: "2"), Reason("rule c", old: "4", new: "removed"),
            ])
        #expect(NetworkDifference.summary([]) == nil)
        #expect(NetworkDifference.summary(reasons)?.old == "differs: a, b, rule c")
    }

    @Test func `Private subnets have public ones before them, a NAT gateway a zone, and SSH through the bastion alone`() throws {
        var spec = spec(["eu-central-1a", "eu-central-1b"])
        spec.cloud.aws?.topology = .private
        spec.cloud.aws?.bastionType = "t3.micro"
        let design = try AWSNetworkDesign(spec)
        #expect(
            design.subnets.map { "\($0.use) \($0.zone) \($0.text)" } == [
                "machines eu-central-1a 172.20.0.0/20", "machines eu-central-1b 172.20.16.0/20", "edge eu-central-1a 172.20.240.0/24",
                "edge eu-central-1b 172.20.241.0/24",
            ])
        #expect(design.subnets.map { design.table(of: $0) } == [.nat("eu-central-1a"), .nat("eu-central-1b"), .edge, .edge])
        #expect(
            design.rules.filter { $0.port == 22 }.map(\.part) == [
                "rule control-plane: tcp 22 from bastion", "rule nodes: tcp 22 from bastion", "rule bastion: tcp 22 from 198.51.100.0/24",
            ])
        #expect(design.summary.contains("4 private and public subnets, 2 NAT gateways, 3 security groups"))
        spec.cloud.aws?.natGateways = .one
        let frugal = try AWSNetworkDesign(spec)
        #expect(frugal.natZones == ["eu-central-1a"])
        #expect(frugal.subnets.map { frugal.table(of: $0) } == [.nat("eu-central-1a"), .nat("eu-central-1a"), .edge, .edge])
        for table in frugal.tables { #expect(AWSRouteTable(table.text) == table) }
        #expect(AWSRouteTable(nil) == .main && AWSRouteTable("other") == nil)
    }
}
