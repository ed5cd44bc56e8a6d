import ClusterModel

/// One place that credentials may come from.
public protocol CredentialSource: Sendable {
    /// Nil when there is nothing at this place, so that the next one is looked at. Throws when there is something that
    /// cannot be used.
    func credentials() async throws -> AWSCredentials?
}

/// `AWS_ACCESS_KEY_ID` and its companions.
struct EnvironmentCredentials: CredentialSource {
    let settings: AWSSettings

    func credentials() throws -> AWSCredentials? {
        guard let id = settings.variable("AWS_ACCESS_KEY_ID") else { return nil }
        guard let secret = settings.variable("AWS_SECRET_ACCESS_KEY") else {
            throw CredentialChain.error("$AWS_ACCESS_KEY_ID is set and $AWS_SECRET_ACCESS_KEY is not", hint: "set both or neither")
        }
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: settings.variable("AWS_SESSION_TOKEN").map { Secret($0) })
    }
}
