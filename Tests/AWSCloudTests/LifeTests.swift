import AWSRequests
import ClusterModel
import Synchronization
import TestSupport
import Testing

@testable import AWSAPI
@testable import AWSCloud

@Suite("A cluster on AWS, over HTTP", .enabled(if: S3Server.python != nil, "SLIPWAY_TEST_S3_PYTHON is not set: run them with make test"))
struct LifeTests {
    @Test func `A network is made of all its parts, is left alone when it has them, and leaves nothing behind`() async throws {
        let account = try Account()
        let before = try await account.listing()
        let cloud = try account.cloud()
        let record = try await cloud.ensureNetwork(Sample.network())
        #expect(record.cidr == SpecDefaults.vpcCIDR && record.apiAddress.contains("internal"))
        #expect(record.accessAddress != nil && record.accessAddress != record.apiAddress)
        let seen = try #require(try await cloud.observe(Sample.identity).network)
        let wanted = try #require(try Sample.spec().networkParts())
        #expect(seen.parts == wanted)
        #expect(seen.record == record && seen.tags[Tag.store] == "file:///test")

        let second = try account.cloud()
        #expect(try await second.ensureNetwork(Sample.network()) == record)
        #expect(AWSCalls.changing(second.calls ?? [:]).isEmpty)

        let footprints = try await second.clusters()
        #expect(footprints == [ClusterFootprint(identity: Sample.identity, store: "file:///test", machines: [])])
        try await cloud.deleteNetwork(Sample.identity)
        try await cloud.deleteNetwork(Sample.identity)
        #expect(try await account.listing() == before)
        #expect(try await cloud.observe(Sample.identity).network == nil)
    }

    @Test func `A spec that changes adds subnets and rules, and takes away those that it does not name any more`() async throws {
        let account = try Account()
        let cloud = try account.cloud()
        _ = try await cloud.ensureNetwork(Sample.network())
        let wider = Sample.spec(zones: ["us-east-1a", "us-east-1b", "us-east-1c"], access: ["192.168.0.0/16", "10.1.0.0/16"])
        let before = try #require(try await cloud.observe(Sample.identity).network?.parts)
        let differences = NetworkDifference.reasons(desired: try #require(try wider.networkParts()), observed: before)
        #expect(
            differences.map(\.field) == [
                "rule control-plane: tcp 22 from 10.0.0.0/8", "rule control-plane: tcp 22 from 10.1.0.0/16",
                "rule control-plane: tcp 22 from 192.168.0.0/16", "rule control-plane: tcp 6443 from 10.0.0.0/8",
                "rule control-plane: tcp 6443 from 10.1.0.0/16", "rule control-plane: tcp 6443 from 192.168.0.0/16",
                "rule nodes: tcp 22 from 10.0.0.0/8", "rule nodes: tcp 22 from 10.1.0.0/16", "rule nodes: tcp 22 from 192.168.0.0/16",
                "subnet us-east-1c",
            ])
        _ = try await cloud.ensureNetwork(Sample.network(wider))
        let after = try #require(try await cloud.observe(Sample.identity).network?.parts)
        let wanted = try #require(try wider.networkParts())
        #expect(after == wanted)
    }

    @Test func `A machine is made once, stopped, resized, started, routed to and terminated`() async throws {
        let account = try Account()
        let cloud = try account.cloud()
        _ = try await cloud.ensureNetwork(Sample.network())
        let made = try await cloud.createMachine(Sample.machine(Sample.worker, .worker, zone: "us-east-1b"))
        #expect(made.zone == "us-east-1b" && made.status == .running && made.accessAddress != nil && made.tags[Tag.pool] == "nodes")
        #expect(made.providerID.hasPrefix("aws:///us-east-1b/i-"))
        let again = try await account.cloud().createMachine(Sample.machine(Sample.worker, .worker, zone: "us-east-1b"))
        #expect(again.providerID == made.providerID)

        let range = try #require(IPv4CIDR("10.244.3.0/24"))
        try await cloud.setRoute(Sample.identity, podCIDR: range, machine: Sample.worker)
        try await cloud.setRoute(Sample.identity, podCIDR: range, machine: Sample.worker)
        #expect(try await cloud.observe(Sample.identity).routes == ["10.244.3.0/24": Sample.worker])
        try await cloud.deleteRoute(Sample.identity, podCIDR: range)
        try await cloud.deleteRoute(Sample.identity, podCIDR: range)
        #expect(try await cloud.observe(Sample.identity).routes.isEmpty)

        let running = await #expect(throws: SlipwayError.self) {
            try await cloud.resizeMachine(Sample.identity, name: Sample.worker, instanceType: "t3.large")
        }
        #expect(running?.code == .refused)
        try await cloud.stopMachine(Sample.identity, name: Sample.worker)
        #expect(try await cloud.observe(Sample.identity).machines.map(\.status) == [.stopped])
        try await cloud.resizeMachine(Sample.identity, name: Sample.worker, instanceType: "t3.large")
        let started = try await cloud.startMachine(Sample.identity, name: Sample.worker)
        #expect(started.instanceType == "t3.large" && started.status == .running && started.address == made.address)
        try await cloud.tagMachine(Sample.identity, name: Sample.worker, tags: [Tag.hostKey: "SHA256:own"])
        #expect(try await cloud.observe(Sample.identity).machines.first?.tags[Tag.hostKey] == "SHA256:own")

        let inUse = await #expect(throws: SlipwayError.self) { try await cloud.deleteNetwork(Sample.identity) }
        #expect(inUse?.code == .refused && inUse?.cause.contains(Sample.worker) == true)
        try await cloud.deleteMachine(Sample.identity, name: Sample.worker)
        try await cloud.deleteMachine(Sample.identity, name: Sample.worker)
        #expect(try await cloud.observe(Sample.identity).machines.allSatisfy { $0.status == .terminated })
        try await cloud.deleteNetwork(Sample.identity)
    }

    @Test func `Marks that are longer than a tag can be are read back whole`() async throws {
        let cloud = try Account().cloud()
        _ = try await cloud.ensureNetwork(Sample.network())
        let members = (1...7).map { "a-cluster-with-quite-a-long-name-control-plane-1a-\($0)" }
        for mark in [EtcdMark.initialising(token: "t", members: members), .initialised(token: "t")] {
            let tag = try #require(mark.tag)
            try await cloud.tagNetwork(Sample.identity, tags: [Tag.etcdMark: tag])
            #expect(try await cloud.observe(Sample.identity).network?.tags[Tag.etcdMark].flatMap { EtcdMark(tag: $0) } == mark)
        }
    }

    @Test func `Preflight names every zone, type and image that cannot be had, at once`() async throws {
        let cloud = try Account().cloud()
        try await cloud.preflight(Cluster(name: "demo", spec: Sample.spec()))
        var spec = Sample.spec(zones: ["us-east-1a", "us-east-1x"])
        spec.pools[0].instanceType = "t9.huge"
        spec.cloud.aws?.image = .newest(owner: "self", name: "nothing-*")
        let refused = await #expect(throws: SlipwayError.self) { try await cloud.preflight(Cluster(name: "demo", spec: spec)) }
        let cause = try #require(refused?.cause)
        #expect(refused?.code == .refused)
        for part in ["us-east-1x", "us-east-1a has no t9.huge", "there is no image 'self/nothing-*'"] {
            #expect(cause.contains(part), "\(cause)")
        }
    }

    @Test func `What controllers have left goes with the cluster, and what is somebody else's stays`() async throws {
        let account = try Account()
        let before = try await account.listing()
        let said = Shared<[String]>([])
        let cloud = try account.cloud { line in said.value.withLock { $0.append(line) } }
        let record = try await cloud.ensureNetwork(Sample.network())
        let ids = try #require(record.ids)
        #expect(ids["vpc"] == record.id && ids["security group nodes"]?.hasPrefix("sg-") == true && ids["route table"] != nil)
        let aws = try AWSAccount(settings: account.settings, region: "us-east-1")
        let subnet = ids["subnet us-east-1a"] ?? ""
        let mark = "kubernetes.io/cluster/demo"
        let left = try await balancer("service", in: subnet, aws, [ELBv2.Tag(key: mark, value: "owned")])
        let group = try await aws.send(
            ELBv2.CreateTargetGroupRequest(name: "service", port: 80, protocol: "TCP", targetType: "instance", vpcId: record.id)
        ).targetGroups.first?.targetGroupArn
        _ = try await aws.send(
            ELBv2.CreateListenerRequest(
                defaultActions: [ELBv2.Action(targetGroupArn: group, type: "forward")], loadBalancerArn: left, port: 80, protocol: "TCP"))
        let foreign = try await balancer("foreign", in: subnet, aws, [ELBv2.Tag(key: mark, value: "shared")])
        _ = try await aws.send(
            EC2.CreateSecurityGroupRequest(
                description: "of a Service", groupName: "k8s-service", tagSpecifications: [AWSTags.spec("security-group", [mark: "owned"])],
                vpcId: record.id))
        // What stays of others is in the way on AWS; its double lets the network go all the same.
        try await cloud.deleteNetwork(Sample.identity)
        let lines = said.value.withLock { $0 }
        #expect(
            lines == [
                "removing the load balancer service, made for the cluster", "removing the security group k8s-service, made for the cluster",
            ])
        _ = try await aws.send(ELBv2.DeleteLoadBalancerRequest(loadBalancerArn: foreign))
        #expect(try await account.listing() == before)
    }

    private func balancer(_ name: String, in subnet: String, _ aws: AWSAccount, _ tags: [ELBv2.Tag]) async throws -> String? {
        let request = ELBv2.CreateLoadBalancerRequest(name: name, scheme: "internal", subnets: [subnet], tags: tags, type: "network")
        return try await aws.send(request).loadBalancers.first?.loadBalancerArn
    }
}
