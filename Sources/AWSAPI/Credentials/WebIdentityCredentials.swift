import ClusterModel
import Foundation

/// A token of another identity provider, as Kubernetes gives it to pods, exchanged for a role's credentials.
struct WebIdentityCredentials: CredentialSource {
    let settings: AWSSettings
    let tokens: SecurityTokens

    func credentials() async throws -> AWSCredentials? {
        guard let file = settings.variable("AWS_WEB_IDENTITY_TOKEN_FILE") else { return nil }
        guard let role = settings.variable("AWS_ROLE_ARN") else {
            throw CredentialChain.error("$AWS_WEB_IDENTITY_TOKEN_FILE is set and $AWS_ROLE_ARN is not", hint: "set both or neither")
        }
        return try await Self.exchange(
            file, for: AssumedRole(arn: role, session: ProfileRole.session(settings.variable("AWS_ROLE_SESSION_NAME"), tokens.context)),
            tokens: tokens)
    }

    /// Read anew each time: whoever gives the token replaces it.
    static func exchange(_ file: String, for role: AssumedRole, tokens: SecurityTokens) async throws -> AWSCredentials {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw CredentialChain.error("the web identity token in \(file) cannot be read", hint: "is the file there, and readable?")
        }
        return try await tokens.assume(role, token: Secret(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
}
