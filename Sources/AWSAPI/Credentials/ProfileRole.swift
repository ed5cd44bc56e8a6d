import ClusterModel
import Foundation

/// The role that a profile names.
enum ProfileRole {
    /// - Throws: `.unreachable` for settings that contradict each other or ask for a person.
    static func read(_ profile: [String: String], name: String, settings: AWSSettings, context: RunContext) throws -> AssumedRole? {
        guard let arn = profile["role_arn"], !arn.isEmpty else { return nil }
        guard (profile["mfa_serial"] ?? "").isEmpty else {
            throw CredentialChain.error(
                "profile \(name) has an mfa_serial, and Slipway asks nobody for a code while it works",
                hint: "get credentials for a while first: eval \"$(aws configure export-credentials --profile \(name) --format env)\"")
        }
        var duration: Int?
        if let text = profile["duration_seconds"], !text.isEmpty {
            guard let number = Int(text), (900...43_200).contains(number) else {
                throw CredentialChain.error("duration_seconds of profile \(name) is '\(text)'", hint: "give seconds from 900 to 43200")
            }
            duration = number
        }
        return AssumedRole(
            arn: arn, session: session(profile["role_session_name"] ?? settings.variable("AWS_ROLE_SESSION_NAME"), context),
            externalID: profile["external_id"].flatMap { $0.isEmpty ? nil : $0 }, duration: duration)
    }

    /// What is in the account's logs for whoever has the credentials.
    static func session(_ wanted: String?, _ context: RunContext) -> String {
        wanted.flatMap { $0.isEmpty ? nil : $0 } ?? "slipway-\(Int(context.now().timeIntervalSince1970))"
    }
}
