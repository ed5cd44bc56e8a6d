import ClusterModel
import Foundation

/// The two calls of AWS' security token service that credentials come from.
struct SecurityTokens: Sendable {
    let settings: AWSSettings
    let transport: any AWSTransport
    let context: RunContext

    static let service = AWSService(
        name: "STS", id: "STS", endpointPrefix: "sts", signingName: "sts", version: "2011-06-15", wire: .query, isGlobal: false)
    private static let timeout = Duration.seconds(20)

    /// The role's credentials, lent to who has `credentials`.
    func assume(_ role: AssumedRole, by credentials: AWSCredentials) async throws -> AWSCredentials {
        try await ask(AssumeRole(role: role), as: credentials, role)
    }

    /// The role's credentials, lent to who has the token.
    func assume(_ role: AssumedRole, token: Secret) async throws -> AWSCredentials {
        try await ask(AssumeRoleWithWebIdentity(role: role, token: token), as: nil, role)
    }

    private func ask<Operation: AWSOperation>(
        _ operation: Operation, as credentials: AWSCredentials?, _ role: AssumedRole
    ) async throws -> AWSCredentials where Operation.Output == Lent {
        let endpoint = try AWSEndpoint(Self.service, region: settings.region ?? "us-east-1", settings: settings)
        let client = AWSClient(
            endpoint: endpoint.url, region: endpoint.signingRegion, service: Self.service.signingName, pathStyle: .normalised,
            sendsDigest: false, chain: credentials.map { CredentialChain([FixedCredentials(value: $0)], context: context) },
            transport: transport, attempts: try settings.attempts(), context: context)
        do {
            let lent = try await client.send(
                try Self.service.request(operation, token: "", timeout: Self.timeout), willTry: {},
                reading: { Operation.decode(try Self.service.node(of: $0, operation: Operation.name)) })
            guard let credentials = lent.credentials else {
                throw CredentialChain.error("\(client.server) answered no credentials for \(role.arn)", hint: nil)
            }
            return credentials
        } catch var error as AWSError {
            error.operation = Operation.fullName
            error.permission = "sts:\(Operation.name)"
            var failure = error.error(doing: "looking for AWS credentials")
            failure.code = .unreachable
            failure.cause = "role \(role.arn) is not to be had: \(failure.cause)"
            throw failure
        } catch let failure as TransportFailure {
            throw SlipwayError(
                .unreachable, doing: "looking for AWS credentials", cause: "\(client.server): \(failure)",
                hint: "is the endpoint right, and the network there?", retry: .transient)
        }
    }

    struct Lent: AWSDecodableShape {
        var credentials: AWSCredentials?

        private struct Keys: AWSDecodableShape {
            var id: String?
            var secret: String?
            var token: String?
            var end: Date?

            init(_ node: AWSNode) {
                id = node.read("AccessKeyId")
                secret = node.read("SecretAccessKey")
                token = node.read("SessionToken")
                end = node.read("Expiration")
            }
        }

        init(_ node: AWSNode) {
            let keys: Keys? = node.read("Credentials")
            guard let keys, let id = keys.id, let secret = keys.secret else { return }
            credentials = AWSCredentials(
                accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: keys.token.map { Secret($0) }, expiration: keys.end)
        }
    }

    private struct AssumeRole: AWSOperation {
        typealias Output = Lent
        static var service: AWSService { SecurityTokens.service }
        static let name = "AssumeRole"
        static let isReadOnly = true
        var role: AssumedRole

        func encode(into fields: inout AWSFields) {
            role.encode(into: &fields)
            fields.put("ExternalId", role.externalID)
        }
    }

    private struct AssumeRoleWithWebIdentity: AWSOperation {
        typealias Output = Lent
        static var service: AWSService { SecurityTokens.service }
        static let name = "AssumeRoleWithWebIdentity"
        static let isReadOnly = true
        var role: AssumedRole
        var token: Secret

        func encode(into fields: inout AWSFields) {
            role.encode(into: &fields)
            fields.put("WebIdentityToken", token.revealText())
        }
    }
}

/// A role, and how it is to be taken on.
struct AssumedRole: Sendable, Equatable {
    var arn: String
    var session: String
    var externalID: String?
    /// Seconds.
    var duration: Int?

    func encode(into fields: inout AWSFields) {
        fields.put("RoleArn", arn)
        fields.put("RoleSessionName", session)
        fields.put("DurationSeconds", duration)
    }
}

/// Credentials that are known.
struct FixedCredentials: CredentialSource {
    let value: AWSCredentials
    func credentials() -> AWSCredentials? { value }
}
