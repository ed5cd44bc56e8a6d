import AWSRequests
import ClusterModel
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import AWSAPI

/// Each refusal that passes by itself, put in the way of an operation once.
@Suite struct TransientRefusalTests {
    /// Sends an operation.
    private struct Sender: Sendable {
        var service: AWSService
        var yes: HTTPAnswer
        var send: @Sendable (AWSAccount, Duration?) async throws -> Void

        init<Operation: AWSOperation>(_ operation: Operation) {
            service = Operation.service
            yes = FakeTransport.yes(Operation.self)
            send = { _ = try await $0.send(operation, patience: $1) }
        }
    }

    private static func named<Operation: AWSOperation>(_ operation: Operation) -> (String, Sender) {
        (Operation.fullName, Sender(operation))
    }

    private static let senders = Dictionary(
        uniqueKeysWithValues: [
            named(EC2.RunInstancesRequest()), named(EC2.ModifyVpcAttributeRequest()), named(EC2.CreateSubnetRequest()),
            named(EC2.CreateRouteTableRequest()), named(EC2.CreateSecurityGroupRequest()), named(EC2.AttachInternetGatewayRequest()),
            named(EC2.CreateTagsRequest()), named(EC2.DeleteTagsRequest()), named(EC2.ModifySubnetAttributeRequest()),
            named(EC2.AssociateRouteTableRequest()), named(EC2.DisassociateRouteTableRequest()), named(EC2.CreateNatGatewayRequest()),
            named(EC2.DeleteNatGatewayRequest()), named(EC2.CreateRouteRequest()), named(EC2.ReplaceRouteRequest()),
            named(EC2.DeleteRouteRequest()), named(EC2.AuthorizeSecurityGroupIngressRequest()),
            named(EC2.AuthorizeSecurityGroupEgressRequest()), named(EC2.RevokeSecurityGroupIngressRequest()),
            named(EC2.RevokeSecurityGroupEgressRequest()), named(EC2.ModifyInstanceAttributeRequest()), named(EC2.DeleteVpcRequest()),
            named(EC2.DeleteSubnetRequest()), named(EC2.DeleteSecurityGroupRequest()), named(EC2.DeleteInternetGatewayRequest()),
            named(EC2.DetachInternetGatewayRequest()), named(EC2.DeleteRouteTableRequest()), named(EC2.StartInstancesRequest()),
            named(EC2.StopInstancesRequest()), named(EC2.TerminateInstancesRequest()), named(EC2.ReleaseAddressRequest()),
            named(EC2.DeleteVolumeRequest()), named(EC2.DeleteNetworkInterfaceRequest()), named(EC2.DescribeVpcsRequest()),
            named(ELBv2.CreateListenerRequest()), named(ELBv2.RegisterTargetsRequest()), named(ELBv2.ModifyTargetGroupRequest()),
            named(ELBv2.AddTagsRequest()), named(ELBv2.ModifyLoadBalancerAttributesRequest()), named(ELBv2.CreateLoadBalancerRequest()),
            named(ELBv2.DeleteTargetGroupRequest()), named(ELBv2.DeleteLoadBalancerRequest()), named(IAM.PutRolePolicyRequest()),
            named(IAM.TagRoleRequest()), named(IAM.AddRoleToInstanceProfileRequest()), named(IAM.DeleteRoleRequest()),
            named(IAM.DeleteInstanceProfileRequest()), named(IAM.CreateRoleRequest()), named(IAM.DeleteRolePolicyRequest()),
            named(IAM.CreateInstanceProfileRequest()), named(IAM.RemoveRoleFromInstanceProfileRequest()),
            named(Route53.ChangeResourceRecordSetsRequest()),
        ])

    /// Of every rule every operation with every code, three times, and then yes.
    @Test func eachPassesAfterAWhile() async throws {
        for rule in TransientRefusal.all {
            for operation in rule.operations.isEmpty ? ["EC2.DescribeVpcs"] : rule.operations.sorted() {
                let sender = try #require(Self.senders[operation], "\(operation) is no operation, or not listed here")
                for code in rule.codes.sorted() {
                    let clock = TestClock()
                    let start = clock.now
                    let told = Mutex(0)
                    let transport = FakeTransport { _, count in
                        count <= 3
                            ? FakeTransport.error(sender.service, 400, code, "it is \(rule.mentioning ?? "so")") : sender.yes
                    }
                    try await sender.send(
                        try Sample.account(transport, clock, waiting: { _, _ in told.withLock { $0 += 1 } }), nil)
                    #expect(transport.messages.count == 4, "\(operation) \(code)")
                    #expect(told.withLock { $0 } > 0 && clock.now > start)
                    #expect(TransientRefusal.of(Self.error(operation, code, rule)) != nil)
                }
            }
        }
    }

    private static func error(_ operation: String, _ code: String, _ rule: TransientRefusal) -> AWSError {
        AWSError(status: 400, code: code, message: rule.mentioning ?? "", operation: operation)
    }

    /// What lasts longer than it may is a no. It says how long it was waited for.
    @Test func noneIsWaitedForForEver() async throws {
        for rule in TransientRefusal.all {
            let operation = rule.operations.min() ?? "EC2.DescribeVpcs"
            let sender = try #require(Self.senders[operation])
            let code = try #require(rule.codes.min())
            #expect(rule.patience >= .seconds(10) && rule.patience <= .seconds(300) && !rule.reason.isEmpty)
            for patience in [nil, Duration.seconds(5), .zero] {
                let clock = TestClock()
                let start = clock.now
                let transport = FakeTransport { _, _ in FakeTransport.error(sender.service, 400, code, rule.mentioning ?? "no") }
                let error = await #expect(throws: AWSError.self) {
                    try await sender.send(try Sample.account(transport, clock), patience)
                }
                let wanted = patience ?? TransientRefusal.of(Self.error(operation, code, rule))?.patience ?? .zero
                #expect(error?.waited == (wanted > .zero ? wanted : nil), "\(operation) \(code)")
                #expect(clock.now.timeIntervalSince(start) >= wanted / .seconds(1) - 0.001)
                #expect(error?.operation == operation && error?.requestID == "R")
            }
        }
    }

    /// What is asked for or removed may really be gone, and what is wrong does not become right.
    @Test func othersAreNotWaitedFor() async throws {
        func expectAtOnce<Operation: AWSOperation>(_ operation: Operation, _ status: Int, _ code: String, _ message: String = "no")
            async throws
        {
            let transport = FakeTransport { _, _ in FakeTransport.error(Operation.service, status, code, message) }
            let error = await #expect(throws: AWSError.self) { try await Sample.account(transport).send(operation) }
            #expect(transport.messages.count == 1 && error?.waited == nil && error?.isTransient == false, "\(Operation.name) \(code)")
        }
        try await expectAtOnce(EC2.DescribeInstancesRequest(), 400, "InvalidInstanceID.NotFound")
        try await expectAtOnce(EC2.DeleteVpcRequest(), 400, "InvalidVpcID.NotFound")
        try await expectAtOnce(EC2.RunInstancesRequest(), 400, "InvalidParameterValue", "instanceType is wrong")
        try await expectAtOnce(EC2.RunInstancesRequest(), 400, "InvalidAMIID.NotFound")
        try await expectAtOnce(EC2.RunInstancesRequest(), 400, "VcpuLimitExceeded")
        try await expectAtOnce(EC2.RunInstancesRequest(), 403, "UnauthorizedOperation")
        try await expectAtOnce(EC2.RunInstancesRequest(), 412, "DryRunOperation")
        try await expectAtOnce(IAM.GetRoleRequest(), 404, "NoSuchEntity")
        try await expectAtOnce(SSM.GetParameterRequest(), 400, "ParameterNotFound")
    }
}
