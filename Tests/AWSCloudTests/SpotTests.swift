import AWSAPI
import ClusterModel
import TestSupport
import Testing

@testable import AWSCloud

@Suite("Spot instances, over HTTP", .enabled(if: S3Server.python != nil, "SLIPWAY_TEST_S3_PYTHON is not set: run them with make test"))
struct SpotLifeTests {
    @Test func `A spot instance is seen as one, is not made twice, and ends where another would stop`() async throws {
        let account = try Account()
        let cloud = try account.cloud()
        _ = try await cloud.ensureNetwork(Sample.network())
        var request = Sample.machine(Sample.worker, .worker, zone: "us-east-1b")
        request.market = .spot
        let made = try await cloud.createMachine(request)
        #expect(made.market == .spot && made.status == .running)
        #expect(try await account.cloud().createMachine(request).providerID == made.providerID)
        _ = try await cloud.createMachine(Sample.machine(Sample.master, .controlPlane))
        let seen = try await cloud.observe(Sample.identity).machines
        #expect(seen.map(\.market) == [nil, .spot])

        try await cloud.stopMachine(Sample.identity, name: Sample.worker)
        #expect(try await cloud.observe(Sample.identity).machines.map(\.status) == [.running, .terminated])
        #expect(cloud.calls?["EC2.StopInstances"] == nil)
        try await cloud.deleteMachine(Sample.identity, name: Sample.worker)
        try await cloud.deleteMachine(Sample.identity, name: Sample.master)
        try await cloud.deleteNetwork(Sample.identity)
    }

    @Test func `The preview says which machines are spot instances, and is silent where none are`() async throws {
        let cloud = try Account().cloud()
        var spec = Sample.spec()
        #expect(try await !cloud.remarks(on: Cluster(name: "demo", spec: spec)).joined().contains("spot"))
        spec.pools[0].spot = true
        let remarks = try await cloud.remarks(on: Cluster(name: "demo", spec: spec))
        #expect(remarks.first?.hasPrefix("AWS will charge for 3 instances (2 of them spot) with a public address each") == true)
        #expect(remarks.dropFirst().first?.hasPrefix("the machines of 'nodes', which is every worker, are spot instances:") == true)
        spec.pools.append(PoolSpec(name: "steady", zones: ["us-east-1a"], count: 1, instanceType: "t3.medium"))
        #expect(try await cloud.remarks(on: Cluster(name: "demo", spec: spec))[1].hasPrefix("the machines of 'nodes' are spot instances:"))
    }
}

struct SpotRefusalTests {
    @Test(arguments: [
        ("InsufficientInstanceCapacity", "AWS has no t3.medium to spare in us-east-1a now", "spot: false"),
        ("MaxSpotInstanceCountExceeded", "the account may not have more spot instances", "Service Quotas"),
        ("AuthFailure.ServiceLinkedRoleCreationNotPermitted", "no role for spot instances yet", "create-service-linked-role"),
    ])
    func `A refusal that only spot instances meet says what can be done`(code: String, cause: String, hint: String) throws {
        let error = try #require(
            AWSError(status: 400, code: code, message: "words of AWS").spotRefusal(type: "t3.medium", zone: "us-east-1a"))
        #expect(error.cause.contains(cause) && error.cause.contains("words of AWS") && error.hint?.contains(hint) == true)
    }

    @Test func `Any other refusal stays what it is`() {
        #expect(AWSError(status: 400, code: "InvalidParameterValue", message: "").spotRefusal(type: "t3.medium", zone: "us-east-1a") == nil)
    }
}
