import ClusterModel
import Foundation

/// What a profile in the shared files leads to: a role, a web identity, a single sign-on, keys, or a program.
struct ProfileCredentials: CredentialSource {
    let settings: AWSSettings
    let transport: any AWSTransport
    let tokens: SecurityTokens
    /// Looks only whether the profile takes on a role: that counts more than a web identity in the environment, and keys less.
    var rolesOnly = false

    func credentials() async throws -> AWSCredentials? {
        if rolesOnly, (settings.profile["role_arn"] ?? "").isEmpty { return nil }
        if let found = try await credentials(of: settings.profileName, behind: []) { return found }
        guard settings.isProfileNamed else { return nil }
        throw CredentialChain.error(
            "profile \(settings.profileName) has no aws_access_key_id, and nothing else that credentials come from",
            hint: "add it to ~/.aws/credentials, or unset $AWS_PROFILE")
    }

    /// - Parameter path: the profiles that led here.
    private func credentials(of name: String, behind path: [String]) async throws -> AWSCredentials? {
        guard let profile = settings.shared.profiles[name] else {
            guard let last = path.last else { return nil }
            throw CredentialChain.error(
                "source_profile of profile \(last) is '\(name)', which there is not", hint: "correct it in ~/.aws/config")
        }
        if let role = try ProfileRole.read(profile, name: name, settings: settings, context: tokens.context) {
            return try await credentials(for: role, profile, name, path + [name])
        }
        if let file = profile["web_identity_token_file"], !file.isEmpty {
            throw CredentialChain.error(
                "profile \(name) has a web_identity_token_file and no role_arn", hint: "add the role_arn that the token in \(file) is for")
        }
        if let found = try await SSOCredentials(settings: settings, transport: transport, context: tokens.context).credentials(
            profile, name)
        {
            return found
        }
        if let keys = try Self.keys(profile, name) { return keys }
        return try await ProcessCredentials.credentials(profile, name)
    }

    private func credentials(
        for role: AssumedRole, _ profile: [String: String], _ name: String, _ path: [String]
    ) async throws -> AWSCredentials {
        if let file = profile["web_identity_token_file"], !file.isEmpty {
            return try await WebIdentityCredentials.exchange(settings.expanded(file), for: role, tokens: tokens)
        }
        let source: AWSCredentials
        switch (profile["source_profile"] ?? "", profile["credential_source"] ?? "") {
        case ("", ""):
            throw CredentialChain.error(
                "profile \(name) has a role_arn, and neither source_profile nor credential_source says whose credentials may take it on",
                hint: "add one of them")
        case (let next, "") where next == name:
            // Its own keys are what it begins with.
            guard let keys = try Self.keys(profile, name) else {
                throw CredentialChain.error(
                    "profile \(name) is its own source_profile and has no aws_access_key_id", hint: "add it, or name another profile")
            }
            source = keys
        case (let next, "") where path.contains(next):
            throw CredentialChain.error(
                "profiles take their credentials from each other in a circle: \((path + [next]).joined(separator: ", "))",
                hint: "one of them must have an aws_access_key_id")
        case (let next, ""):
            guard let found = try await credentials(of: next, behind: path) else {
                throw CredentialChain.error(
                    "profile \(next), the source_profile of \(name), has nothing that credentials come from",
                    hint: "add an aws_access_key_id")
            }
            source = found
        case ("", let place): source = try await credentials(at: place, name)
        default:
            throw CredentialChain.error("profile \(name) has a source_profile and a credential_source", hint: "remove one of them")
        }
        return try await tokens.assume(role, by: source)
    }

    private func credentials(at place: String, _ name: String) async throws -> AWSCredentials {
        let sources: [String: any CredentialSource] = [
            "environment": EnvironmentCredentials(settings: settings),
            "ec2instancemetadata": InstanceCredentials(settings: settings, transport: transport),
            "ecscontainer": ContainerCredentials(settings: settings, transport: transport),
        ]
        guard let source = sources[place.lowercased()] else {
            throw CredentialChain.error(
                "credential_source of profile \(name) is '\(place)'", hint: "it can be Environment, Ec2InstanceMetadata or EcsContainer")
        }
        guard let found = try await source.credentials() else {
            throw CredentialChain.error(
                "profile \(name) takes its credentials from \(place), and there are none",
                hint: "is this the machine or container that it is meant for?")
        }
        return found
    }

    private static func keys(_ profile: [String: String], _ name: String) throws -> AWSCredentials? {
        guard let id = profile["aws_access_key_id"], !id.isEmpty else { return nil }
        guard let secret = profile["aws_secret_access_key"], !secret.isEmpty else {
            throw CredentialChain.error("profile \(name) has an aws_access_key_id and no aws_secret_access_key", hint: "add it")
        }
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: profile["aws_session_token"].map { Secret($0) })
    }
}
