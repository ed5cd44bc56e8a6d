import AWSAPI
import AWSRequests
import ClusterModel
import Foundation
import TestSupport
import Testing

/// The same requests to a server of all services, which reads them by AWS' own models.
@Suite(.enabled(if: S3Server.python != nil, "$SLIPWAY_TEST_S3_PYTHON names a Python with the server")) struct AWSServerTests {
    /// Of its own: services that are slow to begin would hold up those who share a server.
    private static let server = Result { try S3Server() }

    private func account() throws -> AWSAccount {
        let server = try Self.server.get()
        let environment = server.environment.merging(["AWS_ENDPOINT_URL": server.url]) { $1 }
        return try AWSAccount(settings: AWSSettings(environment))
    }

    private func tags(_ type: String, _ name: String) -> [EC2.TagSpecification] {
        [EC2.TagSpecification(resourceType: type, tags: [EC2.Tag(key: "Name", value: name), EC2.Tag(key: "a/b", value: "é & <x>")])]
    }

    @Test func aNetworkIsMadeAndTakenDown() async throws {
        let account = try account()
        let name = UUID().uuidString
        let zones = try await account.send(EC2.DescribeAvailabilityZonesRequest()).availabilityZones.compactMap(\.zoneName)
        #expect(zones.contains("us-east-1a"))
        let vpc = try #require(
            try await account.send(EC2.CreateVpcRequest(cidrBlock: "10.9.0.0/16", tagSpecifications: tags("vpc", name))).vpc?.vpcId)
        let found = try await account.pages(EC2.DescribeVpcsRequest(filters: [EC2.Filter(name: "tag:Name", values: [name])]))
            .flatMap(\.vpcs)
        #expect(found.map(\.vpcId) == [vpc] && found.first?.cidrBlock == "10.9.0.0/16")
        #expect(found.first?.tags.first { $0.key == "a/b" }?.value == "é & <x>")
        _ = try await account.send(EC2.ModifyVpcAttributeRequest(enableDnsHostnames: EC2.AttributeBooleanValue(value: true), vpcId: vpc))
        let attribute = try await account.send(EC2.DescribeVpcAttributeRequest(attribute: "enableDnsHostnames", vpcId: vpc))
        #expect(attribute.enableDnsHostnames?.value == true)
        let subnet = try #require(
            try await account.send(
                EC2.CreateSubnetRequest(
                    availabilityZone: "us-east-1a", cidrBlock: "10.9.0.0/20", tagSpecifications: tags("subnet", name), vpcId: vpc)
            ).subnet?.subnetId)
        let gateway = try #require(try await account.send(EC2.CreateInternetGatewayRequest()).internetGateway?.internetGatewayId)
        _ = try await account.send(EC2.AttachInternetGatewayRequest(internetGatewayId: gateway, vpcId: vpc))
        let table = try #require(try await account.send(EC2.CreateRouteTableRequest(vpcId: vpc)).routeTable?.routeTableId)
        let association = try await account.send(EC2.AssociateRouteTableRequest(routeTableId: table, subnetId: subnet)).associationId
        _ = try await account.send(EC2.CreateRouteRequest(destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway, routeTableId: table))
        let routes = try await account.send(EC2.DescribeRouteTablesRequest(routeTableIds: [table])).routeTables.first?.routes ?? []
        #expect(routes.contains { $0.destinationCidrBlock == "0.0.0.0/0" && $0.gatewayId == gateway })
        let group = try #require(
            try await account.send(EC2.CreateSecurityGroupRequest(description: "d", groupName: name, vpcId: vpc)).groupId)
        _ = try await account.send(
            EC2.AuthorizeSecurityGroupIngressRequest(
                groupId: group,
                ipPermissions: [
                    EC2.IpPermission(
                        fromPort: 22, ipProtocol: "tcp", ipRanges: [EC2.IpRange(cidrIp: "192.0.2.0/24", description: "x")], toPort: 22)
                ]))
        let rules = try await account.send(EC2.DescribeSecurityGroupsRequest(groupIds: [group])).securityGroups.first?.ipPermissions
        #expect(rules?.first?.ipRanges == [EC2.IpRange(cidrIp: "192.0.2.0/24", description: "x")] && rules?.first?.toPort == 22)
        // Down again, in order; too early once.
        let early = await #expect(throws: AWSError.self) { try await account.send(EC2.DeleteVpcRequest(vpcId: vpc), patience: .zero) }
        #expect(early?.code == "DependencyViolation" && early?.isTransient == true)
        _ = try await account.send(EC2.DisassociateRouteTableRequest(associationId: association))
        _ = try await account.send(EC2.DeleteRouteRequest(destinationCidrBlock: "0.0.0.0/0", routeTableId: table))
        _ = try await account.send(EC2.DeleteRouteTableRequest(routeTableId: table))
        _ = try await account.send(EC2.DetachInternetGatewayRequest(internetGatewayId: gateway, vpcId: vpc))
        _ = try await account.send(EC2.DeleteInternetGatewayRequest(internetGatewayId: gateway))
        _ = try await account.send(EC2.DeleteSecurityGroupRequest(groupId: group))
        _ = try await account.send(EC2.DeleteSubnetRequest(subnetId: subnet))
        _ = try await account.send(EC2.DeleteVpcRequest(vpcId: vpc))
        let gone = await #expect(throws: AWSError.self) { try await account.send(EC2.DescribeVpcsRequest(vpcIds: [vpc])) }
        #expect(gone?.code == "InvalidVpcID.NotFound" && gone?.isNotFound == true)
    }

    @Test func instancesRunAndEnd() async throws {
        let account = try account()
        let image = try #require(try await account.send(EC2.DescribeImagesRequest(owners: ["amazon"])).images.first?.imageId)
        let key = UUID().uuidString
        let material =
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDusXfgTE4eBP50NglSzCSEGnIL6+cr6m3H6cZANOQ+P1o/W4BdtcAL3sor4iGi7SOeJgo8kweyMQrhrt6HaKGgromRiz37LQx+4xAcBi4Zd023mO/V7Rc2Chh18mWgLSmA6ng+j37ip6452zxtv0jHAz9pJolbKBpJzbZlPN45ZQ== x"
        _ = try await account.send(EC2.ImportKeyPairRequest(keyName: key, publicKeyMaterial: Array(material.utf8)))
        let made = try await account.send(
            EC2.RunInstancesRequest(
                imageId: image, instanceType: "t3.small", keyName: key, maxCount: 2, minCount: 2, tagSpecifications: tags("instance", key),
                userData: Data("#!/bin/sh\n".utf8).base64EncodedString())
        ).instances
        #expect(made.count == 2)
        let pages = try await account.pages(
            EC2.DescribeInstancesRequest(filters: [EC2.Filter(name: "tag:Name", values: [key])], maxResults: 5))
        let found = pages.flatMap(\.reservations).flatMap(\.instances)
        #expect(Set(found.map(\.instanceId)) == Set(made.map(\.instanceId)))
        #expect(found.allSatisfy { $0.state?.name == "running" && $0.keyName == key && $0.launchTime != nil && $0.privateIpAddress != nil })
        let ids = made.compactMap(\.instanceId)
        _ = try await account.send(EC2.CreateTagsRequest(resources: ids, tags: [EC2.Tag(key: "more", value: "1")]))
        let tags = try await account.pages(EC2.DescribeTagsRequest(filters: [EC2.Filter(name: "resource-id", values: ids)])).flatMap(\.tags)
        #expect(tags.count { $0.key == "more" && $0.value == "1" } == 2)
        let stopped = try await account.send(EC2.StopInstancesRequest(instanceIds: ids)).stoppingInstances
        #expect(stopped.count == 2 && stopped.first?.previousState?.name == "running")
        _ = try await account.send(
            EC2.ModifyInstanceAttributeRequest(instanceId: ids[0], sourceDestCheck: EC2.AttributeBooleanValue(value: false)))
        #expect(try await account.send(EC2.TerminateInstancesRequest(instanceIds: ids)).terminatingInstances.count == 2)
        _ = try await account.send(EC2.DeleteKeyPairRequest(keyName: key))
        let types = try await account.pages(EC2.DescribeInstanceTypesRequest(instanceTypes: ["t3.small"])).flatMap(\.instanceTypes)
        #expect(types.first?.vCpuInfo?.defaultVCpus == 2 && types.first?.memoryInfo?.sizeInMiB == 2048)
    }

    @Test func rolesAndTheirPolicies() async throws {
        let account = try account()
        let name = "r-\(UUID().uuidString)"
        let trust =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
        let policy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}]}"#
        let made = try await account.send(
            IAM.CreateRoleRequest(
                assumeRolePolicyDocument: trust, path: "/slipway/", roleName: name, tags: [IAM.Tag(key: "a", value: "b c")]))
        #expect(made.role?.arn == "arn:aws:iam::123456789012:role/slipway/\(name)")
        let role = try #require(try await account.send(IAM.GetRoleRequest(roleName: name)).role)
        #expect(
            role.assumeRolePolicyDocument.map { try? JSONDecoder().decode(JSONValue.self, from: Data($0.utf8)) }
                == (try JSONDecoder().decode(JSONValue.self, from: Data(trust.utf8))))
        #expect(role.tags == [IAM.Tag(key: "a", value: "b c")])
        _ = try await account.send(IAM.PutRolePolicyRequest(policyDocument: policy, policyName: "p", roleName: name))
        let read = try await account.send(IAM.GetRolePolicyRequest(policyName: "p", roleName: name)).policyDocument
        #expect(
            read.map { try? JSONDecoder().decode(JSONValue.self, from: Data($0.utf8)) }
                == (try JSONDecoder().decode(JSONValue.self, from: Data(policy.utf8))))
        _ = try await account.send(IAM.CreateInstanceProfileRequest(instanceProfileName: name))
        _ = try await account.send(IAM.AddRoleToInstanceProfileRequest(instanceProfileName: name, roleName: name))
        let profiles = try await account.pages(IAM.ListInstanceProfilesForRoleRequest(roleName: name)).flatMap(\.instanceProfiles)
        #expect(profiles.map(\.instanceProfileName) == [name])
        #expect(try await account.pages(IAM.ListRolesRequest(pathPrefix: "/slipway/")).flatMap(\.roles).contains { $0.roleName == name })
        #expect(try await account.pages(IAM.ListRolePoliciesRequest(roleName: name)).flatMap(\.policyNames) == ["p"])
        _ = try await account.send(IAM.RemoveRoleFromInstanceProfileRequest(instanceProfileName: name, roleName: name))
        _ = try await account.send(IAM.DeleteInstanceProfileRequest(instanceProfileName: name))
        _ = try await account.send(IAM.DeleteRolePolicyRequest(policyName: "p", roleName: name))
        _ = try await account.send(IAM.DeleteRoleRequest(roleName: name))
        let gone = await #expect(throws: AWSError.self) { try await account.send(IAM.GetRoleRequest(roleName: name)) }
        #expect(gone?.code == "NoSuchEntity" && gone?.status == 404 && gone?.isNotFound == true)
        let who = try await account.send(STS.GetCallerIdentityRequest())
        #expect(who.account == "123456789012")
        let lent = try await account.send(STS.AssumeRoleRequest(roleArn: role.arn, roleSessionName: "s")).credentials
        #expect(lent?.accessKeyId != nil && (lent?.expiration ?? .distantPast) > Date())
    }

    @Test func aLoadBalancerAndItsTargets() async throws {
        let account = try account()
        let name = "n\(UUID().uuidString.prefix(12).lowercased())"
        let vpc = try #require(try await account.send(EC2.CreateVpcRequest(cidrBlock: "10.8.0.0/16")).vpc?.vpcId)
        let subnet = try #require(
            try await account.send(EC2.CreateSubnetRequest(availabilityZone: "us-east-1a", cidrBlock: "10.8.0.0/20", vpcId: vpc)).subnet?
                .subnetId)
        let made = try await account.send(
            ELBv2.CreateLoadBalancerRequest(
                name: name, scheme: "internal", subnets: [subnet], tags: [ELBv2.Tag(key: "k", value: "v")], type: "network"))
        let balancer = try #require(made.loadBalancers.first?.loadBalancerArn)
        #expect(made.loadBalancers.first?.availabilityZones.first?.subnetId == subnet)
        let target = try #require(
            try await account.send(
                ELBv2.CreateTargetGroupRequest(
                    healthCheckProtocol: "TCP", name: name, port: 443, protocol: "TCP", targetType: "ip", vpcId: vpc)
            ).targetGroups.first?.targetGroupArn)
        _ = try await account.send(
            ELBv2.RegisterTargetsRequest(targetGroupArn: target, targets: [ELBv2.TargetDescription(id: "10.8.0.9", port: 443)]))
        let health = try await account.send(ELBv2.DescribeTargetHealthRequest(targetGroupArn: target)).targetHealthDescriptions
        #expect(health.map(\.target?.id) == ["10.8.0.9"])
        let listener = try await account.send(
            ELBv2.CreateListenerRequest(
                defaultActions: [ELBv2.Action(targetGroupArn: target, type: "forward")], loadBalancerArn: balancer, port: 443,
                protocol: "TCP")
        ).listeners.first
        #expect(listener?.port == 443 && listener?.defaultActions.first?.targetGroupArn == target)
        #expect(
            try await account.send(ELBv2.DescribeTagsRequest(resourceArns: [balancer])).tagDescriptions.first?.tags == [
                ELBv2.Tag(key: "k", value: "v")
            ])
        _ = try await account.send(ELBv2.DeleteListenerRequest(listenerArn: listener?.listenerArn))
        _ = try await account.send(ELBv2.DeleteLoadBalancerRequest(loadBalancerArn: balancer))
        _ = try await account.send(ELBv2.DeleteTargetGroupRequest(targetGroupArn: target))
        let gone = await #expect(throws: AWSError.self) {
            try await account.send(ELBv2.DescribeLoadBalancersRequest(loadBalancerArns: [balancer]))
        }
        #expect(gone?.code == "LoadBalancerNotFound")
    }

    @Test func parametersKeysAndNames() async throws {
        let account = try account()
        let image = try await account.send(
            SSM.GetParameterRequest(name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")
        ).parameter
        #expect(image?.value?.hasPrefix("ami-") == true && image?.lastModifiedDate != nil)
        let missing = await #expect(throws: AWSError.self) { try await account.send(SSM.GetParameterRequest(name: "/none")) }
        #expect(missing?.code == "ParameterNotFound" && missing?.isNotFound == true)
        #expect(try await account.send(Route53.ListHostedZonesByNameRequest(dnsName: "none.example.org")).hostedZones == [])
        let zone = await #expect(throws: AWSError.self) {
            try await account.send(Route53.ListResourceRecordSetsRequest(hostedZoneId: "/hostedzone/Z0NONE"))
        }
        #expect(zone?.code == "NoSuchHostedZone")
        let key = await #expect(throws: AWSError.self) { try await account.send(KMS.DescribeKeyRequest(keyId: UUID().uuidString)) }
        #expect(key?.code == "NotFoundException" && key?.isNotFound == true)
    }
}
