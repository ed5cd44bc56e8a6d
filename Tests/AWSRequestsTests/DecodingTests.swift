import AWSRequests
import Foundation
import TestSupport
import Testing

@testable import AWSAPI

/// What services answer, as their documentation shows it, and what is read of it.
@Suite struct DecodingTests {
    private func expect<Operation: AWSOperation>(_ operation: Operation.Type, _ ending: String = "xml") throws {
        let name = "answers/\(Operation.service.name).\(Operation.name)"
        let answer = HTTPAnswer(status: 200, body: try Golden.input("\(name).\(ending)"))
        let output = Operation.decode(try Operation.service.node(of: answer, operation: Operation.name))
        try Golden.expect(Shown.text(output), equals: "\(name).txt")
    }

    @Test func networks() throws {
        try expect(EC2.DescribeVpcsRequest.self)
        try expect(EC2.DescribeSecurityGroupsRequest.self)
        try expect(EC2.DescribeNatGatewaysRequest.self)
        try expect(EC2.CreateRouteRequest.self)
    }

    @Test func instances() throws {
        try expect(EC2.DescribeInstancesRequest.self)
        try expect(EC2.DescribeInstanceTypesRequest.self)
    }

    @Test func loadBalancers() throws {
        try expect(ELBv2.DescribeLoadBalancersRequest.self)
        try expect(ELBv2.DescribeTargetHealthRequest.self)
    }

    @Test func identities() throws {
        try expect(IAM.GetRoleRequest.self)
        try expect(STS.AssumeRoleRequest.self)
    }

    @Test func names() throws { try expect(Route53.ListResourceRecordSetsRequest.self) }

    @Test func parametersAndKeys() throws {
        try expect(SSM.GetParameterRequest.self, "json")
        try expect(KMS.DecryptRequest.self, "json")
        try expect(KMS.GenerateDataKeyRequest.self, "json")
    }

    @Test func anAnswerWithoutContentIsOne() throws {
        #expect(
            EC2.DeleteVpcRequest.decode(
                try EC2.service.node(
                    of: FakeTransport.text(200, "<DeleteVpcResponse><return>true</return></DeleteVpcResponse>"), operation: "DeleteVpc"))
                == AWSNoOutput())
        let empty = try EC2.service.node(of: FakeTransport.text(200, "<DescribeVpcsResponse/>"), operation: "DescribeVpcs")
        #expect(EC2.DescribeVpcsRequest.decode(empty) == EC2.DescribeVpcsResponse())
    }

    @Test(arguments: ["", "<DescribeVpcsResponse><vpcSet>", "<html/>", "{}", "<DescribeSubnetsResponse/>"])
    func whatIsNoAnswerIsRefused(_ text: String) {
        #expect(throws: TransportFailure.self) { try EC2.service.node(of: FakeTransport.text(200, text), operation: "DescribeVpcs") }
    }

    @Test(arguments: ["{", "[]", "<x/>", #"{"a""#])
    func whatIsNoJSONAnswerIsRefused(_ text: String) {
        #expect(throws: TransportFailure.self) { try KMS.service.node(of: FakeTransport.text(200, text), operation: "Decrypt") }
    }

    /// A type that is not what was expected is as good as missing.
    @Test func otherTypesAreNil() throws {
        let text =
            "<DescribeSubnetsResponse><subnetSet><item><availableIpAddressCount>many</availableIpAddressCount></item></subnetSet></DescribeSubnetsResponse>"
        let node = try EC2.service.node(of: FakeTransport.text(200, text), operation: "DescribeSubnets")
        #expect(EC2.DescribeSubnetsRequest.decode(node) == EC2.DescribeSubnetsResponse(subnets: [EC2.Subnet()]))
    }
}
