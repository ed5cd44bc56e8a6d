import AWSRequests
import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import AWSAPI

/// Requests over HTTP, to a server that does wrong on purpose.
@Suite struct MisbehavingServerTests {
    private typealias Answer = LoopbackServer.Answer

    private static let vpcs = "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet></DescribeVpcsResponse>"

    private func with<Result>(
        clock: TestClock = TestClock(), timeout: Duration = .seconds(20),
        _ answer: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer,
        _ body: (AWSAccount, LoopbackServer) async throws -> Result
    ) async throws -> Result {
        let server = try LoopbackServer(answer: answer)
        defer { server.stop() }
        let account = try Sample.account(nil, clock, ["AWS_ENDPOINT_URL": server.url], timeout: timeout)
        return try await body(account, server)
    }

    private static func refusal(_ status: String, _ code: String, headers: String = "") -> LoopbackServer.Answer {
        let body = Array("<Response><Errors><Error><Code>\(code)</Code><Message>no</Message></Error></Errors></Response>".utf8)
        return Answer(head: "\(status)\r\nContent-Length: \(body.count)\(headers)", body: body)
    }

    @Test func whatIsAskedArrivesSigned() async throws {
        try await with({ _ in .ok(Self.vpcs) }) { account, server in
            let vpcs = try await account.send(EC2.DescribeVpcsRequest(filters: [EC2.Filter(name: "tag:a b", values: ["&=é"])]))
            #expect(vpcs.vpcs.map(\.vpcId) == ["vpc-1"])
            let request = try #require(server.requests.first)
            #expect(
                String(decoding: request.body, as: UTF8.self)
                    == "Action=DescribeVpcs&Version=2016-11-15&Filter.1.Name=tag%3Aa%20b&Filter.1.Value.1=%26%3D%C3%A9")
            #expect(request.headers["authorization"]?.contains("Credential=AKID/20270115/eu-west-1/ec2/aws4_request") == true)
            #expect(request.headers["content-type"] == "application/x-www-form-urlencoded; charset=utf-8")
            #expect(account.calls == ["EC2.DescribeVpcs": 1] && account.tries == ["EC2.DescribeVpcs": 1])
        }
    }

    /// In the first answer something is wrong; the second is whole.
    @Test(arguments: ["half", "reset", "nothing", "500", "503", "garbage", "throttled", "unfinished"])
    func whatWentWrongIsAskedAgain(_ fault: String) async throws {
        try await with(
            { request in
                guard request.count == 1 else { return .ok(Self.vpcs) }
                switch fault {
                case "half": return .ok(Self.vpcs).cut(after: 30)
                case "reset": return .ok(Self.vpcs).cut(after: 30, .reset)
                case "nothing": return .ok(Array(Self.vpcs.utf8), length: 1000).cut(after: 0, .reset)
                case "500": return Answer(head: "500 Oops\r\nContent-Length: 0")
                case "503": return Answer(head: "503 Busy\r\nContent-Type: text/html\r\nContent-Length: 6", body: Array("<html>".utf8))
                case "garbage": return .ok("{}")
                case "throttled": return Self.refusal("503 Slow", "RequestLimitExceeded")
                // Whole for HTTP, but not the whole answer.
                default: return .ok(Array(Self.vpcs.utf8.prefix(40)))
                }
            }
        ) { account, server in
            let vpcs = try await account.send(EC2.DescribeVpcsRequest()).vpcs
            #expect(vpcs.count == 1)
            #expect(server.requests.count == 2)
            #expect(account.calls == ["EC2.DescribeVpcs": 1] && account.tries == ["EC2.DescribeVpcs": 2])
        }
    }

    /// A request that makes something is the same request when it is tried again.
    @Test func aTryAgainIsTheSameRequest() async throws {
        try await with({ $0.count == 1 ? .status("500 Oops") : .ok("<RunInstancesResponse/>") }) { account, server in
            _ = try await account.send(EC2.RunInstancesRequest(maxCount: 1, minCount: 1))
            let bodies = server.requests.map(\.body)
            #expect(bodies.count == 2 && bodies[0] == bodies[1])
            #expect(String(decoding: bodies[0], as: UTF8.self).contains("ClientToken=slipway-"))
            _ = try await account.send(EC2.RunInstancesRequest(maxCount: 1, minCount: 1))
            #expect(server.requests[2].body != bodies[0], "another request has another token")
        }
    }

    @Test(arguments: [true, false]) func whoIsSlowIsNotWaitedForForEver(_ trickles: Bool) async throws {
        try await with(
            timeout: .milliseconds(500),
            { _ in
                var answer = Answer.ok(Self.vpcs)
                if trickles { answer.pace = (1, 0.1) } else { answer = answer.cut(after: 20, .stall) }
                return answer
            }
        ) { account, server in
            let error = await #expect(throws: SlipwayError.self) { try await account.send(EC2.DescribeVpcsRequest()) }
            #expect(error?.code == .unreachable && error?.retry == .transient && error?.cause.contains("no answer within") == true)
            #expect(server.requests.count == 3)
        }
    }

    @Test func bytesThatComeSlowlyAreRead() async throws {
        try await with({ _ in
            var answer = Answer.ok(Self.vpcs)
            answer.pace = (7, 0.01)
            return answer
        }) { account, _ in
            let vpcs = try await account.send(EC2.DescribeVpcsRequest()).vpcs
            #expect(vpcs.count == 1)
        }
    }

    @Test func aServiceThatStaysDownIsSaid() async throws {
        try await with({ _ in .status("500 Oops") }) { account, server in
            let error = await #expect(throws: AWSError.self) { try await account.send(EC2.DescribeVpcsRequest()) }
            #expect(error?.status == 500 && error?.operation == "EC2.DescribeVpcs" && error?.isTransient == true)
            #expect(server.requests.count == 3)
        }
        let account = try Sample.account(nil, TestClock(), ["AWS_ENDPOINT_URL": "http://127.0.0.1:1"])
        let error = await #expect(throws: SlipwayError.self) { try await account.send(EC2.DescribeVpcsRequest()) }
        #expect(error?.cause.contains("127.0.0.1:1") == true && error?.doing == "asking for EC2.DescribeVpcs")
    }

    // MARK: Signatures

    /// This machine's clock is an hour behind; the service's date mends it, for all that follow, too.
    @Test(arguments: ["RequestExpired", "SignatureDoesNotMatch", "AuthFailure", "RequestTimeTooSkewed"])
    func aWrongClockIsMended(_ code: String) async throws {
        let clock = TestClock(start: Date(timeIntervalSince1970: 1_800_000_000 - 3600))
        try await with(
            clock: clock,
            { request in
                request.headers["x-amz-date"]?.hasPrefix("20270115T0800") == true
                    ? .ok(Self.vpcs) : Self.refusal("400 No", code, headers: "\r\nDate: Fri, 15 Jan 2027 08:00:00 GMT")
            }
        ) { account, server in
            for _ in 0..<3 {
                let vpcs = try await account.send(EC2.DescribeVpcsRequest()).vpcs
                #expect(vpcs.count == 1)
            }
            #expect(server.requests.count == 4)
        }
    }

    @Test func aSignatureThatIsWrongIsNotTheClocksFault() async throws {
        try await with({ _ in Self.refusal("403 No", "SignatureDoesNotMatch", headers: "\r\nDate: Fri, 15 Jan 2027 08:01:00 GMT") }) {
            account, server in
            let error = await #expect(throws: AWSError.self) { try await account.send(EC2.DescribeVpcsRequest()) }
            #expect(error?.code == "SignatureDoesNotMatch" && server.requests.count == 1)
        }
        // A clock that stays wrong is mended once, not for ever.
        try await with({ _ in Self.refusal("403 No", "RequestTimeTooSkewed", headers: "\r\nDate: Fri, 15 Jan 2027 18:00:00 GMT") }) {
            account, server in
            let error = await #expect(throws: AWSError.self) { try await account.send(EC2.DescribeVpcsRequest()) }
            #expect(error?.code == "RequestTimeTooSkewed" && server.requests.count == 2)
        }
    }

    /// Keys that have ended are looked for again, once.
    @Test(arguments: ["ExpiredToken", "RequestExpired"]) func keysThatEndedAreReplaced(_ code: String) async throws {
        let server = try LoopbackServer { request in
            if request.path == "/creds" {
                return .ok(#"{"AccessKeyId":"K\#(request.count)","SecretAccessKey":"s","Token":"t","Expiration":"2028-01-01T00:00:00Z"}"#)
            }
            return request.headers["authorization"]?.contains("Credential=K2/") == true ? .ok(Self.vpcs) : Self.refusal("400 No", code)
        }
        defer { server.stop() }
        let environment = [
            "AWS_ENDPOINT_URL": server.url, "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(server.url)/creds", "AWS_ACCESS_KEY_ID": "",
        ]
        let account = try Sample.account(nil, TestClock(), environment)
        #expect(try await account.send(EC2.DescribeVpcsRequest()).vpcs.count == 1)
        #expect(server.count("/creds") == 2 && server.count("/") == 2)
    }

    // MARK: Pages

    @Test func allPagesAreRead() async throws {
        try await with({ request in
            let body = String(decoding: request.body, as: UTF8.self)
            let number = body.firstMatch(of: /NextToken=t([0-9]+)/).flatMap { Int($0.1) } ?? 1
            let next = number < 5 ? "<nextToken>t\(number + 1)</nextToken>" : ""
            // One page is asked for twice.
            if request.count == 3 { return .status("500 Oops") }
            return .ok(
                "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-\(number)</vpcId></item></vpcSet>\(next)</DescribeVpcsResponse>")
        }) { account, _ in
            let pages = try await account.pages(EC2.DescribeVpcsRequest(maxResults: 1))
            #expect(pages.flatMap(\.vpcs).map(\.vpcId) == ["vpc-1", "vpc-2", "vpc-3", "vpc-4", "vpc-5"])
            #expect(account.calls == ["EC2.DescribeVpcs": 5] && account.tries == ["EC2.DescribeVpcs": 6])
        }
    }

    @Test func pagesThatGoInACircleAreRefused() async throws {
        try await with({ _ in .ok("<DescribeVpcsResponse><nextToken>t</nextToken></DescribeVpcsResponse>") }) { account, server in
            let error = await #expect(throws: SlipwayError.self) { try await account.pages(EC2.DescribeVpcsRequest()) }
            #expect(error?.cause == "page 2 is followed by itself" && server.requests.count == 2)
        }
    }

    // MARK: Limits

    /// Refused for five seconds: the client's own three tries are over by then.
    @Test func aLimitIsWaitedFor() async throws {
        let clock = TestClock()
        let start = clock.now
        try await with(
            clock: clock,
            { _ in clock.now.timeIntervalSince(start) < 5 ? Self.refusal("400 No", "RequestLimitExceeded") : .ok(Self.vpcs) }
        ) { account, server in
            let vpcs = try await account.send(EC2.DescribeVpcsRequest()).vpcs
            #expect(vpcs.count == 1)
            #expect(server.requests.count > 3)
        }
    }

    @Test func withoutARegionNothingIsAsked() throws {
        let error = #expect(throws: SlipwayError.self) { try Sample.account(nil, TestClock(), ["AWS_REGION": ""]) }
        #expect(error?.code == .usage && error?.hint?.contains("$AWS_REGION") == true)
    }
}
