import ClusterModel
public import Foundation

/// What AWS' own tools read from the environment and from the shared files: profile, region, endpoints, patience.
public struct AWSSettings: Sendable {
    let environment: [String: String]
    /// The profile's name, `default` if nothing names one.
    let profileName: String
    /// True when the profile was asked for by name.
    let isProfileNamed: Bool
    let profile: [String: String]
    let shared: SharedConfig

    /// Reads `environment` and the files that it names.
    /// - Throws: `.usage` for a profile that is named and in neither file.
    public init(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let named = environment["AWS_PROFILE"].flatMap { $0.isEmpty ? nil : $0 }
        let shared = try SharedConfig.load(environment)
        self.environment = environment
        self.shared = shared
        profileName = named ?? "default"
        isProfileNamed = named != nil
        if let named, shared.profiles[named] == nil {
            let known = shared.profiles.keys.sorted().joined(separator: ", ")
            throw SlipwayError(
                .usage, doing: "reading AWS' settings", cause: "$AWS_PROFILE names '\(named)', which is in neither shared file",
                hint: known.isEmpty ? "there are no profiles at all" : "there are: \(known)")
        }
        profile = shared.profiles[profileName] ?? [:]
    }

    /// An environment variable that is set and not empty.
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// A path of the shared files, with `~` for the home.
    func expanded(_ path: String) -> String { path.hasPrefix("~/") ? shared.home + path.dropFirst() : path }

    /// From the environment, else from the profile.
    public var region: String? {
        variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? profile["region"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The address to use in place of AWS' own for a service, as `s3`.
    /// - Throws: `.usage` for what is no address.
    public func endpoint(of service: String) throws -> URL? {
        if ["true", "1"].contains(variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.lowercased()) { return nil }
        let name = "AWS_ENDPOINT_URL_" + service.uppercased().replacing(" ", with: "_")
        let key = service.lowercased().replacing(" ", with: "_")
        let section = profile["services"] ?? ""
        for (source, text) in [
            ("$\(name)", variable(name)), ("endpoint_url of \(service) in services \(section)", shared.endpoints[section]?[key]),
            ("$AWS_ENDPOINT_URL", variable("AWS_ENDPOINT_URL")),
            ("endpoint_url of profile \(profileName)", profile["endpoint_url"]),
        ] {
            guard let text, !text.isEmpty else { continue }
            guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host?.isEmpty == false else {
                throw SlipwayError(
                    .usage, doing: "reading AWS' settings", cause: "\(source) is '\(text)'",
                    hint: "give an address as https://HOST:PORT")
            }
            return url
        }
        return nil
    }

    /// Of the environment, else of the profile, with where it is from.
    private func setting(_ variable: String, _ name: String) -> (value: String, place: String)? {
        if let value = self.variable(variable) { return (value, "$\(variable)") }
        guard let value = profile[name], !value.isEmpty else { return nil }
        return (value, "\(name) of profile \(profileName)")
    }

    private static func wrong(_ setting: (value: String, place: String), hint: String) -> SlipwayError {
        SlipwayError(.usage, doing: "reading AWS' settings", cause: "\(setting.place) is '\(setting.value)'", hint: hint)
    }

    /// Tries in all of one request.
    /// - Throws: `.usage` for what is no number of tries.
    func attempts() throws -> Int {
        guard let setting = setting("AWS_MAX_ATTEMPTS", "max_attempts") else { return StandardRetry.attempts }
        guard let number = Int(setting.value), number > 0 else { throw Self.wrong(setting, hint: "give a number from 1") }
        return number
    }

    /// - Throws: `.usage` for a mode that there is not.
    func retryMode() throws -> RetryMode {
        guard let setting = setting("AWS_RETRY_MODE", "retry_mode") else { return .standard }
        switch setting.value.lowercased() {
        case "standard", "legacy": return .standard
        case "adaptive": return .adaptive
        default: throw Self.wrong(setting, hint: "it can be standard or adaptive; legacy is taken as standard")
        }
    }

    /// A file of certificate authorities to trust in place of the system's.
    var authorities: String? { variable("AWS_CA_BUNDLE") ?? profile["ca_bundle"].flatMap { $0.isEmpty ? nil : $0 } }
}
