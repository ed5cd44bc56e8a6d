import ClusterModel
import TestSupport
import Testing

struct TopologyTests {
    private func errors(_ change: (inout AWSCloudSpec) -> Void) -> [String] {
        var cluster = Fixtures.cluster()
        var aws = AWSCloudSpec(region: "eu-central-1")
        change(&aws)
        cluster.spec.cloud = CloudSpec(provider: .aws, aws: aws)
        cluster.spec.controlPlane.zones = ["eu-central-1a"]
        cluster.spec.controlPlane.instanceType = "t3.medium"
        cluster.spec.pools[0].zones = ["eu-central-1a", "eu-central-1b"]
        cluster.spec.pools[0].count = 2
        cluster.spec.pools[0].instanceType = "t3.medium"
        let anywhere = [Fixtures.cidr("203.0.113.0/24")]
        cluster.spec.access = AccessSpec(api: anywhere, ssh: anywhere)
        return SpecValidation.diagnostics(for: cluster).filter { $0.severity == .error }.map { "\($0.path): \($0.message)" }
    }

    private func contains(_ errors: [String], _ parts: String...) -> Bool {
        parts.allSatisfy { part in errors.contains { $0.contains(part) } } && errors.count == parts.count
    }

    @Test func `Private subnets are fine with a bastion, with shared subnets, and without either`() {
        #expect(errors { _ in } == [])
        #expect(errors { $0.topology = .private } == [])
        #expect(errors { ($0.topology, $0.bastionType, $0.natGateways) = (.private, "t3.micro", .one) } == [])
        #expect(
            errors {
                ($0.topology, $0.bastionType, $0.vpcID) = (.private, "t3.micro", "vpc-0a1b2c3d")
                $0.subnets = ["eu-central-1a": "subnet-0a1b2c3d", "eu-central-1b": "subnet-0a1b2c3e"]
                $0.publicSubnets = ["eu-central-1a": "subnet-0a1b2c3f"]
            } == [])
    }

    @Test func `What only private subnets have is an error without them`() {
        let found = errors { ($0.bastionType, $0.natGateways, $0.publicSubnets) = ("t3.micro", .one, [:]) }
        #expect(
            contains(
                found, "spec.cloud.aws.bastionType: there are no private subnets",
                "spec.cloud.aws.natGateways: there are no private subnets",
                "spec.cloud.aws.publicSubnets: there are no private subnets"), "\(found)")
    }

    @Test func `A range that both kinds of subnets do not fit in is an error`() {
        let found = errors { ($0.topology, $0.vpcCIDR) = (.private, Fixtures.cidr("172.20.0.0/21")) }
        #expect(contains(found, "spec.cloud.aws.vpcCIDR: 172.20.0.0/21 is too small for private and public subnets"), "\(found)")
    }

    @Test func `Subnets by id have a VPC, one for each zone, ways out of their own, and a form`() {
        let found = errors {
            ($0.topology, $0.natGateways) = (.private, .one)
            $0.subnets = ["eu-central-1a": "subnet-0A"]
        }
        #expect(
            contains(
                found, "spec.cloud.aws.subnets[eu-central-1a]: 'subnet-0A' is no id of a subnet",
                "spec.cloud.aws.subnets: subnets that are there are in a VPC that is there",
                "natGateways: subnets that are there have ways out",
                "subnets: it names no subnet for the zone 'eu-central-1b'",
                "subnets: the balancer that faces the internet has no public subnet in 'eu-central-1a'"), "\(found)")
    }

    @Test func `No pool may be called as bastions are counted`() {
        var cluster = Fixtures.cluster()
        cluster.spec.pools[0].name = MachineRole.bastionPool
        let found = SpecValidation.diagnostics(for: cluster).map(\.message)
        #expect(found.contains("no pool may be called 'bastion': that is what bastions are counted under"), "\(found)")
    }
}
