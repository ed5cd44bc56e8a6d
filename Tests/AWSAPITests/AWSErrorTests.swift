import ClusterModel
import Foundation
import Testing

@testable import AWSAPI

@Suite struct AWSErrorTests {
    @Test(arguments: [
        (#"{"__type":"ParameterNotFound","message":"m"}"#, [(String, String)](), "ParameterNotFound", "m"),
        (#"{"__type":"com.amazonaws.kms#NotFoundException","Message":"m"}"#, [], "NotFoundException", "m"),
        (#"{"message":"m"}"#, [("x-amzn-ErrorType", "AccessDeniedException:http://internal/")], "AccessDeniedException", "m"),
        ("{}", [], "HTTP400", "the answer says nothing more"), ("", [], "HTTP400", "the answer says nothing more"),
        ("<html>", [], "HTTP400", "the answer says nothing more"), (##"{"__type":"#"}"##, [], "HTTP400", "the answer says nothing more"),
    ])
    func errorsOfJSONServices(_ body: String, _ headers: [(String, String)], _ code: String, _ message: String) {
        let error = AWSError(FakeTransport.xml(400, body, headers: headers + [("x-amzn-RequestId", "R")]))
        #expect(error == AWSError(status: 400, code: code, message: message, requestID: "R"))
    }

    @Test func errorsOfQueryServicesAndOfRoute53() {
        let query = """
            <ErrorResponse xmlns="http://x/"><Error><Type>Sender</Type><Code>TargetGroupNotFound</Code><Message>m</Message></Error>\
            <RequestId>R1</RequestId></ErrorResponse>
            """
        #expect(
            AWSError(FakeTransport.xml(400, query)) == AWSError(status: 400, code: "TargetGroupNotFound", message: "m", requestID: "R1"))
    }

    /// As EC2, IAM, STS and organisations' policies say it.
    @Test(
        arguments: [
            (
                "UnauthorizedOperation",
                "You are not authorized to perform this operation. User: arn:aws:iam::1:user/u is not authorized to perform: "
                    + "ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:1:instance/* because no identity-based policy allows the "
                    + "ec2:RunInstances action. Encoded authorization failure message: AbC-_d",
                "ec2:RunInstances", "arn:aws:iam::1:user/u", "arn:aws:ec2:eu-west-1:1:instance/*",
                "no identity-based policy allows the ec2:RunInstances action",
                "arn:aws:iam::1:user/u needs the permission ec2:RunInstances on arn:aws:ec2:eu-west-1:1:instance/*: "
                    + "no identity-based policy allows the ec2:RunInstances action"
            ),
            (
                "UnauthorizedOperation", "You are not authorized to perform this operation. Encoded authorization failure message: AbC",
                "ec2:DescribeVpcs", nil, nil, nil, "the credentials' owner needs the permission ec2:DescribeVpcs"
            ),
            (
                "AccessDenied",
                "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: iam:PassRole on resource: role x with an "
                    + "explicit deny in a service control policy",
                "iam:PassRole", "arn:aws:sts::1:assumed-role/r/s", "role x", "an explicit deny in a service control policy",
                "arn:aws:sts::1:assumed-role/r/s has an explicit deny in a service control policy against iam:PassRole: it must go"
            ),
            (
                "AccessDeniedException", "User: arn:aws:iam::1:user/u is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:x",
                "kms:Decrypt", "arn:aws:iam::1:user/u", "arn:aws:kms:x", nil,
                "arn:aws:iam::1:user/u needs the permission kms:Decrypt on arn:aws:kms:x"
            ),
        ] as [(String, String, String, String?, String?, String?, String)])
    func aPermissionThatIsMissingIsNamed(
        _ code: String, _ message: String, _ permission: String, _ principal: String?, _ resource: String?, _ reason: String?,
        _ hint: String
    ) throws {
        let error = AWSError(
            status: 403, code: code, message: message, operation: "EC2.DescribeVpcs", permission: "ec2:DescribeVpcs")
        let denial = try #require(error.denial)
        #expect(denial.permission == permission && denial.principal == principal)
        #expect(denial.resource == resource && denial.reason == reason)
        let shown = error.error(doing: "x")
        #expect(shown.hint == hint && shown.code == .unreachable && shown.retry == .permanent)
        #expect(!shown.cause.contains("Encoded"))
        #expect(shown.log.isEmpty == !message.contains("Encoded"))
    }

    @Test func otherRefusalsMissNoPermission() {
        #expect(AWSError(status: 400, code: "InvalidParameterValue", message: "x", permission: "ec2:X").denial == nil)
        #expect(AWSError(status: 403, code: "AccessDenied", message: "Access Denied").denial == nil, "S3 says no more than that")
    }

    /// Who asks wrongly has failed; who is not let in, or meets a service in trouble, has not reached it.
    @Test(arguments: [
        (400, "InvalidParameterValue", SlipwayError.Code.failed, SlipwayError.Retry.permanent),
        (400, "AuthFailure", .unreachable, .permanent),
        (400, "RequestLimitExceeded", .unreachable, .transient), (500, "InternalError", .unreachable, .transient),
        (400, "VcpuLimitExceeded", .failed, .permanent), (400, "DependencyViolation", .unreachable, .transient),
    ])
    func errorsHaveAKind(_ status: Int, _ code: String, _ kind: SlipwayError.Code, _ retry: SlipwayError.Retry) {
        var error = AWSError(status: status, code: code, message: "m", requestID: "R", operation: "EC2.DeleteVpc")
        let shown = error.error(doing: "removing x")
        #expect(shown.code == kind && shown.retry == retry)
        #expect(shown.cause == "m (\(code), status \(status), request R)")
        error.waited = .seconds(300)
        let late = error.error(doing: "removing x")
        #expect(late.cause == "m (\(code), status \(status), request R, after 300 s)")
        if code == "DependencyViolation" { #expect(late.retry == .permanent && late.hint?.contains("network interfaces") == true) }
    }

    @Test func whatIsNotThere() {
        for code in ["InvalidVpcID.NotFound", "NoSuchEntity", "LoadBalancerNotFound", "NotFoundException", "ParameterNotFound"] {
            #expect(AWSError(status: 400, code: code, message: "").isNotFound)
        }
        #expect(!AWSError(status: 400, code: "InvalidVpcRange", message: "").isNotFound)
        #expect(AWSError(status: 412, code: "DryRunOperation", message: "").isDryRunSuccess)
    }
}
