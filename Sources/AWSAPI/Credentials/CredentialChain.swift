import ClusterModel
import Foundation

/// Looks for credentials where AWS' own tools do, in their order, and keeps what it found until shortly before its end.
public actor CredentialChain {
    private let sources: [any CredentialSource]
    private let context: RunContext
    private var known: AWSCredentials?
    /// One search serves all that wait for it.
    private var search: Task<AWSCredentials, any Error>?

    /// How long before their end credentials are replaced.
    private static let margin = Duration.seconds(300)

    init(_ sources: [any CredentialSource], context: RunContext) {
        self.sources = sources
        self.context = context
    }

    /// Environment, a profile's role, web identity, profile, container, machine.
    init(_ settings: AWSSettings, transport: any AWSTransport, context: RunContext) {
        let tokens = SecurityTokens(settings: settings, transport: transport, context: context)
        self.init(
            [
                EnvironmentCredentials(settings: settings),
                ProfileCredentials(settings: settings, transport: transport, tokens: tokens, rolesOnly: true),
                WebIdentityCredentials(settings: settings, tokens: tokens),
                ProfileCredentials(settings: settings, transport: transport, tokens: tokens),
                ContainerCredentials(settings: settings, transport: transport),
                InstanceCredentials(settings: settings, transport: transport),
            ], context: context)
    }

    /// - Throws: `.unreachable` when there are none, saying where they can be put.
    func credentials() async throws -> AWSCredentials {
        if let known, !isEnding(known) { return known }
        let search = self.search ?? Task { try await self.find() }
        self.search = search
        defer { self.search = nil }
        do {
            let found = try await search.value
            known = found
            return found
        } catch {
            // What ends soon has not ended yet.
            if let known, known.expiration.map({ $0 > context.now() }) ?? true { return known }
            throw error
        }
    }

    /// They were refused: looks again the next time.
    func forget(_ credentials: AWSCredentials) {
        if known == credentials { known = nil }
    }

    private func isEnding(_ credentials: AWSCredentials) -> Bool {
        guard let end = credentials.expiration else { return false }
        return end.timeIntervalSince(context.now()) < Self.margin / .seconds(1)
    }

    private func find() async throws -> AWSCredentials {
        for source in sources {
            if let found = try await source.credentials() { return found }
        }
        throw Self.error(
            "there are none: not in the environment, not in ~/.aws, not from this machine's or container's role",
            hint: "set $AWS_ACCESS_KEY_ID and $AWS_SECRET_ACCESS_KEY, or name a profile with $AWS_PROFILE")
    }

    static func error(_ cause: String, hint: String?) -> SlipwayError {
        SlipwayError(.unreachable, doing: "looking for AWS credentials", cause: cause, hint: hint)
    }
}
