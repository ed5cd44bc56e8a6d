import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import AWSAPI

/// Profiles that lead elsewhere: roles, web identities, single sign-ons, programs.
@Suite struct ProfileCredentialTests {
    private static let clock = TestClock()

    /// A security token service: for a role it lends keys that are named after it and after who asked.
    private static func tokens() -> FakeTransport {
        FakeTransport { message, _ in
            let form = FormReader.read(message.body)
            let action = form["Action"] ?? ""
            let asker = message.header("authorization")?.firstMatch(of: /Credential=([^\/]+)/).map { String($0.1) } ?? "nobody"
            let role = form["RoleArn"]?.split(separator: "/").last.map(String.init) ?? ""
            return FakeTransport.xml(
                200,
                """
                <\(action)Response><\(action)Result><Credentials><AccessKeyId>\(role)-by-\(asker)</AccessKeyId>\
                <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2027-01-15T09:00:00.123Z</Expiration>\
                </Credentials></\(action)Result></\(action)Response>
                """)
        }
    }

    private func find(
        _ config: String, credentials: String = "", environment more: [String: String] = ["AWS_PROFILE": "work"], _ transport: FakeTransport
    ) async throws -> AWSCredentials {
        try await Sample.withFiles(config: config, credentials: credentials) { home in
            let settings = try AWSSettings(home.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { $1 }.merging(more) { $1 })
            return try await CredentialChain(settings, transport: transport, context: Self.clock.context).credentials()
        }
    }

    private func fails(
        _ config: String, credentials: String = "", environment more: [String: String] = ["AWS_PROFILE": "work"],
        _ transport: FakeTransport = tokens()
    ) async throws -> SlipwayError {
        let error = await #expect(throws: SlipwayError.self) {
            try await find(config, credentials: credentials, environment: more, transport)
        }
        let found = try #require(error)
        #expect(found.code == .unreachable && found.doing == "looking for AWS credentials")
        return found
    }

    private static let base = "[base]\naws_access_key_id = BASE\naws_secret_access_key = b\n"

    @Test func aRoleIsTakenOnWithAnotherProfilesKeys() async throws {
        let config = """
            [profile work]
            role_arn = arn:aws:iam::1:role/admin
            source_profile = base
            external_id = e-1
            role_session_name = me
            duration_seconds = 1800
            region = eu-west-1
            """
        let transport = Self.tokens()
        let found = try await find(config, credentials: Self.base, transport)
        #expect(found.accessKeyID == "admin-by-BASE" && found.sessionToken == Secret("t"))
        #expect(found.expiration == Date(timeIntervalSince1970: 1_800_003_600))
        let message = try #require(transport.messages.first)
        #expect(message.url == "https://sts.eu-west-1.amazonaws.com/")
        #expect(
            FormReader.read(message.body) == [
                "Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": "arn:aws:iam::1:role/admin", "RoleSessionName": "me",
                "DurationSeconds": "1800", "ExternalId": "e-1",
            ])
    }

    @Test func rolesLeadToRoles() async throws {
        let config = """
            [profile work]
            role_arn = arn:aws:iam::1:role/c
            source_profile = middle
            [profile middle]
            role_arn = arn:aws:iam::1:role/b
            source_profile = base
            """
        #expect(try await find(config, credentials: Self.base, Self.tokens()).accessKeyID == "c-by-b-by-BASE")
        let own = "[work]\naws_access_key_id = OWN\naws_secret_access_key = o\n"
        let itself = "[profile work]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = work\n"
        #expect(try await find(itself, credentials: own, Self.tokens()).accessKeyID == "a-by-OWN")
    }

    @Test func rolesTakeTheirFirstKeysFromElsewhere() async throws {
        let config = "[profile work]\nrole_arn = arn:aws:iam::1:role/a\ncredential_source = EcsContainer\n"
        let sts = Self.tokens()
        let transport = FakeTransport { message, count in
            guard message.url == "http://169.254.170.2/x" else { return try sts.answered(message, count) }
            return FakeTransport.xml(200, #"{"AccessKeyId":"BOX","SecretAccessKey":"s","Token":"t"}"#)
        }
        let more = ["AWS_PROFILE": "work", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"]
        #expect(try await find(config, environment: more, transport).accessKeyID == "a-by-BOX")
        let none = try await fails(config)
        #expect(none.cause.contains("EcsContainer, and there are none"))
        let wrong = try await fails(config.replacing("EcsContainer", with: "Moon"))
        #expect(wrong.hint?.contains("Ec2InstanceMetadata") == true)
    }

    @Test(arguments: [
        ("role_arn = x\nsource_profile = a\n[profile a]\nrole_arn = y\nsource_profile = work", "in a circle: work, a, work"),
        ("role_arn = x\nsource_profile = gone", "'gone', which there is not"),
        ("role_arn = x\nsource_profile = work", "its own source_profile"),
        ("role_arn = x\nsource_profile = empty\n[profile empty]\nregion = x", "profile empty, the source_profile of work, has nothing"),
        ("role_arn = x", "neither source_profile nor credential_source"),
        ("role_arn = x\nsource_profile = a\ncredential_source = Environment", "a source_profile and a credential_source"),
        ("role_arn = x\nsource_profile = a\nmfa_serial = arn:aws:iam::1:mfa/me", "mfa_serial"),
        ("role_arn = x\nsource_profile = a\nduration_seconds = 1h", "duration_seconds of profile work is '1h'"),
        ("web_identity_token_file = /x", "no role_arn"),
        ("role_arn = x\nweb_identity_token_file = /nonexistent/token", "/nonexistent/token cannot be read"),
        ("region = x", "nothing else that credentials come from"),
        ("sso_session = gone", "'gone', which there is not"),
        ("sso_start_url = https://x\nsso_region = eu-west-1\nsso_account_id = 1", "has no sso_role_name"),
        ("credential_process = /bin/x 'y", "a quote is not closed"),
        ("credential_process = /nonexistent/program", "cannot be started"),
        ("credential_process = /bin/sh -c 'echo said >&2; exit 3'", "said"),
        ("credential_process = /bin/echo {}", "no credentials of version 1"),
    ])
    func whatLeadsNowhereIsSaid(_ lines: String, _ cause: String) async throws {
        let transport = Self.tokens()
        let error = try await fails("[profile work]\n\(lines)\n", transport)
        #expect(error.cause.contains(cause), "\(error.cause)")
        #expect(transport.messages.isEmpty)
    }

    @Test func aRoleThatIsRefusedSaysWhichPermissionIsMissing() async throws {
        let transport = FakeTransport { _, _ in
            FakeTransport.xml(
                403,
                """
                <ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/me is not \
                authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/admin</Message></Error>\
                <RequestId>R</RequestId></ErrorResponse>
                """)
        }
        let config = "[profile work]\nrole_arn = arn:aws:iam::1:role/admin\nsource_profile = base\n"
        let error = try await fails(config, credentials: Self.base, transport)
        #expect(error.cause.hasPrefix("role arn:aws:iam::1:role/admin is not to be had:"))
        #expect(error.hint == "arn:aws:iam::1:user/me needs the permission sts:AssumeRole on arn:aws:iam::1:role/admin")
        let silent = FakeTransport { _, _ in throw TransportFailure("no route") }
        #expect(try await fails(config, credentials: Self.base, silent).retry == .transient)
    }

    @Test func aWebIdentityIsExchangedWithoutASignature() async throws {
        try await Sample.withFiles { home in
            let file = "\(home["HOME"] ?? "")/token"
            try Data("ey.J.w\n".utf8).write(to: URL(fileURLWithPath: file))
            let variables = ["AWS_WEB_IDENTITY_TOKEN_FILE": file, "AWS_ROLE_ARN": "arn:aws:iam::1:role/pod", "AWS_REGION": "eu-west-1"]
            let transport = Self.tokens()
            // Keys of a profile count less.
            let keys = "[default]\naws_access_key_id = FILE\naws_secret_access_key = f\n"
            #expect(try await find("", credentials: keys, environment: variables, transport).accessKeyID == "pod-by-nobody")
            let form = FormReader.read(try #require(transport.messages.first).body)
            #expect(form["Action"] == "AssumeRoleWithWebIdentity" && form["WebIdentityToken"] == "ey.J.w")
            #expect(form["RoleSessionName"]?.hasPrefix("slipway-18000") == true)
            let profile = "[profile work]\nrole_arn = arn:aws:iam::1:role/p\nweb_identity_token_file = \(file)\n"
            #expect(try await find(profile, Self.tokens()).accessKeyID == "p-by-nobody")
        }
        let half = try await fails("", environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/x"])
        #expect(half.cause.contains("$AWS_ROLE_ARN"))
    }

    // MARK: Single sign-on

    private static let session = """
        [profile work]
        sso_session = corp
        sso_account_id = 123
        sso_role_name = Admin Role
        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-central-1
        """

    private func withToken<Result>(
        _ key: String, expires: String, _ body: (AWSSettings) async throws -> Result
    ) async throws -> Result {
        try await Sample.withFiles(config: key == "corp" ? Self.session : Self.legacy) { home in
            let folder = "\(home["HOME"] ?? "")/.aws/sso/cache"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            // SHA-1 of `corp` and of the start URL, as `aws sso login` names its files.
            let names = [
                "corp": "ee0bfd2552fbd840c02cc48b6e823320543c450f", "https://old/start": "85096cd4931eb1372a63d460a9c91b7600c9ba2b",
            ]
            let name = try #require(names[key])
            try Data(#"{"accessToken":"TOKEN","expiresAt":"\#(expires)","region":"eu-central-1"}"#.utf8)
                .write(to: URL(fileURLWithPath: "\(folder)/\(name).json"))
            return try await body(AWSSettings(home.merging(["AWS_PROFILE": "work"]) { $1 }))
        }
    }

    private static let legacy = """
        [profile work]
        sso_start_url = https://old/start
        sso_region = eu-west-1
        sso_account_id = 9
        sso_role_name = R
        """

    private static let portal = FakeTransport { message, _ in
        guard message.header("x-amz-sso_bearer_token") == "TOKEN" else { return HTTPAnswer(status: 401) }
        return FakeTransport.xml(
            200,
            #"{"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"s","sessionToken":"t","expiration":1800000000123}}"#)
    }

    private func credentials(_ settings: AWSSettings, _ transport: FakeTransport) async throws -> AWSCredentials {
        try await CredentialChain(settings, transport: transport, context: TestClock().context).credentials()
    }

    @Test func aSignOnsTokenGivesARole() async throws {
        let found = try await withToken("corp", expires: "2027-01-15T09:00:00Z") { try await credentials($0, Self.portal) }
        #expect(found.accessKeyID == "SSO" && found.expiration == Date(timeIntervalSince1970: 1_800_000_000.123))
        #expect(
            Self.portal.messages.last?.url
                == "https://portal.sso.eu-central-1.amazonaws.com/federation/credentials?account_id=123&role_name=Admin%20Role")
        let old = try await withToken("https://old/start", expires: "2027-01-15T09:00:00UTC") { try await credentials($0, Self.portal) }
        #expect(old.accessKeyID == "SSO")
    }

    @Test func aSignOnThatEndedSaysHowToSignOn() async throws {
        for (expires, status) in [("2027-01-15T07:59:59Z", 200), ("2027-01-15T09:00:00Z", 401)] {
            let error = await #expect(throws: SlipwayError.self) {
                try await withToken("corp", expires: expires) {
                    try await credentials($0, FakeTransport { _, _ in HTTPAnswer(status: status) })
                }
            }
            #expect(error?.hint == "aws sso login --profile work")
        }
        let never = try await fails(Self.session)
        #expect(never.cause.contains("nobody has signed on") && never.hint == "aws sso login --profile work")
        let refused = await #expect(throws: SlipwayError.self) {
            try await withToken("corp", expires: "2027-01-15T09:00:00Z") {
                try await credentials($0, FakeTransport { _, _ in HTTPAnswer(status: 403) })
            }
        }
        #expect(refused?.cause.contains("no role Admin Role in account 123") == true)
    }

    // MARK: Programs

    @Test func aProgramPrintsCredentials() async throws {
        let answer =
            #"{"Version": 1, "AccessKeyId": "P", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "2027-01-15T09:00:00Z"}"#
        let found = try await find("[profile work]\ncredential_process = /bin/echo '\(answer)'\n", Self.tokens())
        #expect(found.accessKeyID == "P" && found.sessionToken == Secret("t"))
        #expect(found.expiration == Date(timeIntervalSince1970: 1_800_003_600))
    }

    @Test(arguments: [
        ("a b", ["a", "b"]), ("  a\t'b c'  ", ["a", "b c"]), (#""a \"b\"" ''"#, [#"a "b""#, ""]), (#"a\ b 'c\d'"#, ["a b", #"c\d"#]),
        ("", []), ("x'y'z", ["xyz"]),
    ])
    func wordsOfACommand(_ line: String, _ words: [String]) { #expect(CommandWords.words(line) == words) }

    @Test(arguments: ["'a", "\"a", "a\\"])
    func wordsThatDoNotEnd(_ line: String) { #expect(CommandWords.words(line) == nil) }
}

enum FormReader {
    static func read(_ body: [UInt8]) -> [String: String] {
        let pairs = String(decoding: body, as: UTF8.self).split(separator: "&").map { pair in
            pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { $0.removingPercentEncoding ?? "" }
        }
        return Dictionary(pairs.map { ($0[0], $0.count > 1 ? $0[1] : "") }, uniquingKeysWith: { $1 })
    }
}
