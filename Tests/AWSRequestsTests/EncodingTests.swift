import AWSRequests
import Foundation
import TestSupport
import Testing

@testable import AWSAPI

/// What goes over the wire, a file for each family of operations.
@Suite struct EncodingTests {
    private func expect(_ requests: [any AWSOperation], equal name: String) throws {
        let texts = try requests.map { try Self.text($0) }
        try Golden.expect(texts.joined(separator: "\n\n") + "\n", equals: "requests/\(name).txt")
    }

    private static func text<Operation: AWSOperation>(_ operation: Operation) throws -> String {
        let request = try Operation.service.request(operation, token: "TOKEN", timeout: .seconds(1))
        let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let body = String(decoding: request.body, as: UTF8.self)
        let isForm = request.headers.contains { $0.value.hasPrefix("application/x-www-form-urlencoded") }
        let lines =
            ["\(request.method) \(request.path)\(query.isEmpty ? "" : "?\(query)")"]
            + request.headers.map { "\($0.name): \($0.value)" } + (body.isEmpty ? [] : [isForm ? body.replacing("&", with: "\n&") : body])
        return lines.joined(separator: "\n")
    }

    private static let tags = [EC2.Tag(key: "Name", value: "a b&c=d é"), EC2.Tag(key: "slipway.dev/cluster", value: "")]

    @Test func networks() throws {
        try expect(
            [
                EC2.CreateVpcRequest(
                    cidrBlock: "10.0.0.0/16", tagSpecifications: [EC2.TagSpecification(resourceType: "vpc", tags: Self.tags)]),
                EC2.ModifyVpcAttributeRequest(enableDnsHostnames: EC2.AttributeBooleanValue(value: true), vpcId: "vpc-1"),
                EC2.DescribeSubnetsRequest(
                    filters: [EC2.Filter(name: "vpc-id", values: ["vpc-1", "vpc-2"]), EC2.Filter(name: "tag:x", values: ["y"])],
                    maxResults: 100),
                EC2.CreateRouteRequest(destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-1", routeTableId: "rtb-1"),
                EC2.CreateNatGatewayRequest(allocationId: "eipalloc-1", subnetId: "subnet-1"),
                EC2.AuthorizeSecurityGroupIngressRequest(
                    groupId: "sg-1",
                    ipPermissions: [
                        EC2.IpPermission(
                            fromPort: 22, ipProtocol: "tcp",
                            ipRanges: [EC2.IpRange(cidrIp: "10.0.0.0/8", description: "ssh"), EC2.IpRange(cidrIp: "192.0.2.0/24")],
                            toPort: 22),
                        EC2.IpPermission(ipProtocol: "-1", userIdGroupPairs: [EC2.UserIdGroupPair(groupId: "sg-1")]),
                    ]),
                EC2.DeleteVpcRequest(vpcId: "vpc-1"),
            ], equal: "ec2-networks")
    }

    @Test func instances() throws {
        try expect(
            [
                EC2.RunInstancesRequest(
                    blockDeviceMappings: [
                        EC2.BlockDeviceMapping(
                            deviceName: "/dev/xvda",
                            ebs: EC2.EbsBlockDevice(deleteOnTermination: true, encrypted: true, volumeSize: 20, volumeType: "gp3"))
                    ], clientToken: "demo-nodes-a-1", iamInstanceProfile: EC2.IamInstanceProfileSpecification(name: "p"),
                    imageId: "ami-1", instanceType: "t3.small", maxCount: 1,
                    metadataOptions: EC2.InstanceMetadataOptionsRequest(httpPutResponseHopLimit: 1, httpTokens: "required"), minCount: 1,
                    networkInterfaces: [
                        EC2.InstanceNetworkInterfaceSpecification(
                            associatePublicIpAddress: false, deviceIndex: 0, groups: ["sg-1", "sg-2"], subnetId: "subnet-1")
                    ], tagSpecifications: [EC2.TagSpecification(resourceType: "instance", tags: Self.tags)], userData: "IyEvYmluL3NoCg=="),
                EC2.RunInstancesRequest(imageId: "ami-1", maxCount: 1, minCount: 1),
                EC2.RunInstancesRequest(
                    imageId: "ami-1",
                    instanceMarketOptions: EC2.InstanceMarketOptionsRequest(
                        marketType: "spot",
                        spotOptions: EC2.SpotMarketOptions(instanceInterruptionBehavior: "terminate", spotInstanceType: "one-time")),
                    maxCount: 1, minCount: 1),
                EC2.DescribeInstancesRequest(instanceIds: ["i-1", "i-2"], nextToken: "t+/="),
                EC2.ModifyInstanceAttributeRequest(instanceId: "i-1", sourceDestCheck: EC2.AttributeBooleanValue(value: false)),
                EC2.ImportKeyPairRequest(keyName: "k", publicKeyMaterial: Array("ssh-ed25519 AAAA x".utf8)),
                EC2.CreateTagsRequest(resources: ["i-1", "vol-1"], tags: Self.tags),
                EC2.DeleteTagsRequest(resources: ["i-1"], tags: [EC2.Tag(key: "Name")]),
            ], equal: "ec2-instances")
    }

    @Test func loadBalancers() throws {
        try expect(
            [
                ELBv2.CreateLoadBalancerRequest(
                    name: "demo-api", scheme: "internet-facing", subnets: ["subnet-1", "subnet-2"],
                    tags: [ELBv2.Tag(key: "k", value: "v")], type: "network"),
                ELBv2.RegisterTargetsRequest(
                    targetGroupArn: "arn:tg", targets: [ELBv2.TargetDescription(id: "i-1", port: 443), ELBv2.TargetDescription(id: "i-2")]),
                ELBv2.CreateListenerRequest(
                    defaultActions: [ELBv2.Action(targetGroupArn: "arn:tg", type: "forward")], loadBalancerArn: "arn:lb", port: 443,
                    protocol: "TCP"),
                ELBv2.ModifyLoadBalancerAttributesRequest(
                    attributes: [ELBv2.LoadBalancerAttribute(key: "load_balancing.cross_zone.enabled", value: "true")],
                    loadBalancerArn: "arn:lb"),
                ELBv2.DescribeTagsRequest(resourceArns: ["arn:lb"]),
            ], equal: "elbv2")
    }

    @Test func identities() throws {
        try expect(
            [
                IAM.CreateRoleRequest(
                    assumeRolePolicyDocument: #"{"Version": "2012-10-17"}"#, path: "/slipway/", roleName: "demo-nodes",
                    tags: [IAM.Tag(key: "k", value: "v")]),
                IAM.PutRolePolicyRequest(policyDocument: "{}", policyName: "p", roleName: "demo-nodes"),
                IAM.ListRolesRequest(marker: "m", maxItems: 100, pathPrefix: "/slipway/"),
                IAM.TagRoleRequest(roleName: "r", tags: [IAM.Tag(key: "a", value: "1"), IAM.Tag(key: "b", value: "2")]),
                STS.AssumeRoleRequest(durationSeconds: 900, roleArn: "arn:r", roleSessionName: "s"),
                STS.GetCallerIdentityRequest(),
            ], equal: "iam-sts")
    }

    @Test func names() throws {
        try expect(
            [
                Route53.ListHostedZonesByNameRequest(dnsName: "example.org", maxItems: "1"),
                Route53.ListResourceRecordSetsRequest(
                    hostedZoneId: "/hostedzone/Z1", startRecordName: "a.example.org", startRecordType: "A"),
                Route53.ChangeResourceRecordSetsRequest(
                    changeBatch: Route53.ChangeBatch(
                        changes: [
                            Route53.Change(
                                action: "UPSERT",
                                resourceRecordSet: Route53.ResourceRecordSet(
                                    name: "api.example.org", resourceRecords: [Route53.ResourceRecord(value: "192.0.2.1")], ttl: 60,
                                    type: "A")),
                            Route53.Change(
                                action: "DELETE",
                                resourceRecordSet: Route53.ResourceRecordSet(
                                    aliasTarget: Route53.AliasTarget(
                                        dnsName: "lb.example.org", evaluateTargetHealth: false, hostedZoneId: "Z2"), name: "<&>\"",
                                    type: "A")),
                        ], comment: "a & b"), hostedZoneId: "Z1"),
            ], equal: "route53")
    }

    @Test func parametersAndKeys() throws {
        try expect(
            [
                SSM.GetParameterRequest(name: "/aws/service/ami/x", withDecryption: true),
                KMS.EncryptRequest(encryptionContext: ["cluster": "demo", "a": "b"], keyId: "alias/x", plaintext: [0, 1, 254, 255]),
                KMS.DecryptRequest(ciphertextBlob: [1, 2, 3]),
                KMS.GenerateDataKeyRequest(encryptionContext: ["slipway:cluster": "demo"], keyId: "alias/x", keySpec: "AES_256"),
                KMS.DescribeKeyRequest(keyId: "k\"é"),
            ], equal: "ssm-kms")
    }
}
