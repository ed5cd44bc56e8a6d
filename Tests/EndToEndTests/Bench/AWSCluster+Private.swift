import Foundation
import TestSupport

/// A cluster in private subnets of a VPC that is there, with a bastion, a NAT gateway, a record and a pool of spot instances.
extension AWSCluster {
    static let bastion = "\(name)-bastion-1a-1"
    static let dnsName = "api.\(name).example.com"

    /// Somebody else's VPC with a gateway and a subnet, and a hosted zone; the VPC's id.
    func makeForeignParts() async throws -> String {
        try await python(
            """
            vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
            ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24", AvailabilityZone="us-east-1a")
            gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
            ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
            boto3.client("route53").create_hosted_zone(Name="example.com", CallerReference="test")
            print(vpc)
            """
        ).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Somebody else's VPC with a public and a private subnet in each of two zones; the settings of a cluster in them.
    func makeForeignSubnets() async throws -> String {
        try await python(
            """
            vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
            gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
            ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
            def table(subnets, **door):
                id = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
                ec2.create_route(RouteTableId=id, DestinationCidrBlock="0.0.0.0/0", **door)
                for subnet in subnets:
                    ec2.associate_route_table(RouteTableId=id, SubnetId=subnet)
            def subnet(zone, number):
                made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{number}.0/24", AvailabilityZone=zone)
                return made["Subnet"]["SubnetId"]
            zones = ["us-east-1a", "us-east-1b"]
            outside = {zone: subnet(zone, number) for number, zone in enumerate(zones)}
            inside = {zone: subnet(zone, 10 + number) for number, zone in enumerate(zones)}
            table(outside.values(), GatewayId=gateway)
            address = ec2.allocate_address(Domain="vpc")["AllocationId"]
            nat = ec2.create_nat_gateway(SubnetId=outside[zones[0]], AllocationId=address)["NatGateway"]["NatGatewayId"]
            for id in inside.values():
                table([id], NatGatewayId=nat)
            print(f"vpcID: {vpc}, vpcCIDR: 10.9.0.0/16, topology: private, bastionType: t3.micro, ")
            print("subnets: {" + ", ".join(f"{zone}: {id}" for zone, id in inside.items()) + "}, ")
            print("publicSubnets: {" + ", ".join(f"{zone}: {id}" for zone, id in outside.items()) + "}")
            """
        ).split(separator: "\n").joined()
    }

    func specification(_ settings: String) -> String {
        """
        apiVersion: slipway.dev/v1alpha1
        kind: Cluster
        metadata: {name: \(Self.name)}
        spec:
          cloud: {provider: aws, aws: {\(settings)}}
          access: {api: [10.0.0.0/8], ssh: [10.0.0.0/8]}
          controlPlane: {zones: [us-east-1a], count: 1}
          pools: [{name: nodes, zones: [us-east-1b], count: 1}]
          assets: {source: "\(bench.mirror)"}

        """
    }

    /// Access for this host alone: pods are let in by the rule for them, and by no other.
    func privateSpecification(in vpc: String) -> String {
        """
        apiVersion: slipway.dev/v1alpha1
        kind: Cluster
        metadata: {name: \(Self.name)}
        spec:
          cloud:
            provider: aws
            aws:
              vpcID: \(vpc)
              vpcCIDR: 10.9.128.0/17
              topology: private
              natGateways: one
              bastionType: t3.micro
              dnsName: \(Self.dnsName)
          access: {api: [10.255.255.0/24], ssh: [10.255.255.0/24]}
          controlPlane: {zones: [us-east-1a], count: 1, update: {strategy: replace}}
          pools:
            - {name: nodes, zones: [us-east-1b], count: 1}
            - {name: spare, zones: [us-east-1a], count: 1, spot: true}
          assets: {source: "\(bench.mirror)"}

        """
    }

    /// Nobody has an address outside but the bastion, logins lead through it, and the API has its name.
    func expectHidden() async throws {
        let machines = try await store.machines(Self.name)
        let shown = machines.filter { $0.accessAddress != nil }.map(\.name)
        try check(shown == [Self.bastion], "\(shown) have an address outside")
        for machine in machines {
            let name = try await store.on(machine.name, of: Self.name, "hostname").trimmingCharacters(in: .whitespacesAndNewlines)
            try check(name == machine.name, "a login to \(machine.name) led to \(name)")
        }
        let url = try await store.kubectl(Self.name, "config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}")
        try check(url == "https://\(Self.dnsName):6443", "people use \(url)")
        let market = try await python(
            """
            for r in ec2.describe_instances()["Reservations"]:
                for i in (i for i in r["Instances"] if i.get("InstanceLifecycle") == "spot"):
                    print(next(t["Value"] for t in i["Tags"] if t["Key"] == "slipway.dev/machine"))
            """)
        try check(market.split(separator: "\n").map(String.init) == ["\(Self.name)-spare-1a-1"], "spot instances: \(market)")
    }

    /// Pods in another zone, by another route table's subnets, are reached, and machines get out by the gateway only.
    func expectWaysOut() async throws {
        let worker = "\(Self.name)-nodes-1b-1"
        // A server on a public address of this world, of somebody else: the bastion.
        let bastion = try unwrap(
            try await store.machines(Self.name).first { $0.name == Self.bastion }?.accessAddress, "the bastion has no address")
        // Nobody but `access` may log in there: that the packet arrives is seen by who sent it.
        let address = try await python("print(ec2.describe_nat_gateways()['NatGateways'][-1]['NatGatewayAddresses'][0]['PublicIp'])")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        try await python(
            """
            group = next(g for g in ec2.describe_security_groups()["SecurityGroups"] if g["GroupName"].endswith("-bastion"))
            ec2.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[{
                "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "\(address)/32"}]}])
            """)
        let probe = "timeout 10 bash -c 'exec 3<>/dev/tcp/\(bastion)/22; head -c 4 <&3'"
        let said = try await store.on(worker, of: Self.name, probe)
        try check(said.hasPrefix("SSH-"), "\(worker) does not reach the outside: \(said)")
        try await python(
            """
            group = next(g for g in ec2.describe_security_groups()["SecurityGroups"] if g["GroupName"].endswith("-bastion"))
            ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[{
                "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "\(address)/32"}]}])
            """)
        let refused = try await store.on(worker, of: Self.name, "\(probe) || echo closed")
        try check(refused.contains("closed"), "an address that no rule names gets in")
    }

    /// The rule that lets pods in to the API: with it a packet from a pod's range gets there, without it none does.
    func expectPodsReachAPI() async throws {
        let machines = try await store.machines(Self.name)
        let master = try unwrap(try machines.control.address, "the master has no address")
        let worker = "\(Self.name)-nodes-1b-1"
        let range = try unwrap(machines.first { $0.name == worker }?.podCIDR, "\(worker) has no pod range")
        let bridge = "\(range.split(separator: ".").prefix(3).joined(separator: ".")).1"
        let ask =
            "curl --silent --insecure --max-time 5 --interface \(bridge) --output /dev/null --write-out '%{http_code}' "
            + "https://\(master):6443/readyz || true"
        func status() async throws -> String { try await store.on(worker, of: Self.name, ask) }
        let with = try await status()
        try check(with != "000" && !with.isEmpty, "a pod does not reach the API: \(with)")
        // As it is listed, with its description: AWS' double takes no other for the same.
        let rule = """
            group = next(g for g in ec2.describe_security_groups()["SecurityGroups"] if g["GroupName"].endswith("-control-plane"))
            gone = [dict(IpProtocol="tcp", FromPort=6443, ToPort=6443, IpRanges=[r])
                for p in group["IpPermissions"] if p.get("FromPort") == 6443 for r in p["IpRanges"] if r["CidrIp"] == "10.244.0.0/16"]
            print(len(gone))
            ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=gone)
            """
        let removed = try await python(rule)
        try check(removed.hasPrefix("1"), "there is no rule that lets pods in")
        try await world.tell("flush")
        let without = try await status()
        try check(without == "000", "a pod reaches the API without the rule for it: \(without)")
        try await store.slipway("update", "cluster", Self.name, "--yes", limit: .seconds(300)).expect(0)
        let again = try await status()
        try check(again == with, "the rule is back, and the API says \(again)")
    }

    /// A bastion and a spot instance that are gone are noticed, and others take their places in one run.
    func expectBastionReplaced() async throws {
        let lost = try await store.machines(Self.name).filter { [Self.bastion, "\(Self.name)-spare-1a-1"].contains($0.name) }
        let ids = lost.compactMap { $0.providerID?.split(separator: "/").last.map { "\"\($0)\"" } }.joined(separator: ", ")
        try await python("ec2.terminate_instances(InstanceIds=[\(ids)])")
        try await store.expectProblem(Self.name, at: "machine/\(Self.bastion)")
        try await store.slipway("reconcile", "cluster", Self.name, "--yes", limit: .seconds(400)).expect(0)
        try await store.expectHealthy(Self.name, wait: "2m")
        let now = try await store.machines(Self.name).filter { $0.status == "running" }.map(\.name)
        try check(now.contains("\(Self.name)-bastion-1a-2") && now.contains("\(Self.name)-spare-1a-2"), "the machines are \(now)")
    }

    /// Every machine by another one, the only master and the bastion among them.
    func expectAllRolled() async throws {
        let old = Set(try await store.machines(Self.name).filter { $0.status == "running" }.map(\.name))
        for field in ["spec.controlPlane.instanceType", "spec.cloud.aws.bastionType", "spec.pools[nodes].instanceType"] {
            try await store.slipway("set", "cluster", Self.name, "\(field)=t3.large").expect(0)
        }
        try await store.slipway("rolling-update", "cluster", Self.name, "--yes", limit: .seconds(540)).expect(0)
        try await store.expectHealthy(Self.name, wait: "2m")
        let new = Set(try await store.machines(Self.name).filter { $0.status == "running" }.map(\.name))
        try check(new.count == old.count && new.intersection(old) == ["\(Self.name)-spare-1a-2"], "from \(old) to \(new)")
    }

    /// The records of the zone, which no listing of the account has.
    func records() async throws -> String {
        try await python(
            """
            dns = boto3.client("route53")
            for zone in dns.list_hosted_zones()["HostedZones"]:
                for r in dns.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]:
                    print(r["Type"], r["Name"])
            """)
    }
}
