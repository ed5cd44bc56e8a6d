import ClusterModel
import Crypto
import Foundation

/// Credentials of a single sign-on: `aws sso login` leaves a token, and the portal gives a role's credentials for it.
struct SSOCredentials: Sendable {
    let settings: AWSSettings
    let transport: any AWSTransport
    let context: RunContext

    private static let timeout = Duration.seconds(20)
    private static let names = ["sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"]

    /// What a profile says of it.
    private struct Place {
        var account: String
        var role: String
        var region: String
        /// Of this the cached token's file is named.
        var key: String
    }

    /// The file that `aws sso login` writes.
    private struct Token: Decodable {
        var accessToken: String
        var expiresAt: String
    }

    /// The portal's answer.
    private struct Answer: Decodable {
        struct Credentials: Decodable {
            var accessKeyId: String
            var secretAccessKey: String
            var sessionToken: String
            /// Milliseconds since 1970.
            var expiration: Int
        }
        var roleCredentials: Credentials
    }

    /// Nil when the profile is of no single sign-on.
    func credentials(_ profile: [String: String], _ name: String) async throws -> AWSCredentials? {
        guard let place = try place(profile, name) else { return nil }
        let token = try token(place, name)
        let answer = try await ask(place, token)
        switch answer.status {
        case 200: break
        case 401: throw Self.login(name, "the portal does not take its token any more")
        case 403, 404:
            throw CredentialChain.error(
                "the single sign-on of profile \(name) gives no role \(place.role) in account \(place.account)",
                hint: "correct sso_role_name and sso_account_id, or have the role assigned")
        default: throw CredentialChain.error("the single sign-on's portal: status \(answer.status)", hint: nil)
        }
        guard let found = try? JSONDecoder().decode(Answer.self, from: Data(answer.body)).roleCredentials else {
            throw CredentialChain.error("the single sign-on's portal answered something that holds no credentials", hint: nil)
        }
        return AWSCredentials(
            accessKeyID: found.accessKeyId, secretAccessKey: Secret(found.secretAccessKey), sessionToken: Secret(found.sessionToken),
            expiration: Date(timeIntervalSince1970: Double(found.expiration) / 1000))
    }

    private func place(_ profile: [String: String], _ name: String) throws -> Place? {
        guard Self.names.contains(where: { profile[$0] != nil }) else { return nil }
        var all = profile
        let session = profile["sso_session"]
        if let session {
            guard let found = settings.shared.sessions[session] else {
                throw CredentialChain.error(
                    "sso_session of profile \(name) is '\(session)', which there is not",
                    hint: "add [sso-session \(session)] to ~/.aws/config")
            }
            all.merge(found) { $1 }
        }
        func need(_ setting: String) throws -> String {
            guard let value = all[setting], !value.isEmpty else {
                throw CredentialChain.error("profile \(name) has no \(setting)", hint: "aws configure sso --profile \(name)")
            }
            return value
        }
        let start = try need("sso_start_url")
        return Place(
            account: try need("sso_account_id"), role: try need("sso_role_name"), region: try need("sso_region"), key: session ?? start)
    }

    private func token(_ place: Place, _ name: String) throws -> Secret {
        let digest = Insecure.SHA1.hash(data: Data(place.key.utf8)).hexadecimal
        guard let data = FileManager.default.contents(atPath: "\(settings.shared.home)/.aws/sso/cache/\(digest).json"),
            let token = try? JSONDecoder().decode(Token.self, from: data)
        else { throw Self.login(name, "nobody has signed on") }
        // Old ones end in UTC instead of Z.
        guard let end = AWSTime.read(token.expiresAt.replacing("UTC", with: "Z")), end > context.now() else {
            throw Self.login(name, "the sign-on ended at \(token.expiresAt)")
        }
        return Secret(token.accessToken)
    }

    private func ask(_ place: Place, _ token: Secret) async throws -> HTTPAnswer {
        let server =
            try settings.endpoint(of: "SSO")?.absoluteString
            ?? "https://portal.sso.\(place.region).\(try AWSPartition(region: place.region).domain)"
        let query = CanonicalRequest.canonicalQuery([("account_id", place.account), ("role_name", place.role)])
        let base = server.hasSuffix("/") ? String(server.dropLast()) : server
        let message = HTTPMessage(
            method: "GET", url: "\(base)/federation/credentials?\(query)", headers: [("x-amz-sso_bearer_token", token.revealText())])
        do {
            return try await transport.send(message, within: Self.timeout)
        } catch let failure as TransportFailure {
            throw CredentialChain.error("the single sign-on's portal at \(base): \(failure)", hint: "is the network there?")
        }
    }

    private static func login(_ name: String, _ cause: String) -> SlipwayError {
        CredentialChain.error("profile \(name) is of a single sign-on, and \(cause)", hint: "aws sso login --profile \(name)")
    }
}
