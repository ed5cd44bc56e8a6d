import ClusterModel
import Foundation

/// The sections of AWS' shared files, `~/.aws/config` and `~/.aws/credentials`.
struct SharedConfig: Sendable, Equatable {
    /// Settings by profile. What the credentials file says counts more.
    private(set) var profiles: [String: [String: String]] = [:]
    /// Settings by `sso-session`.
    private(set) var sessions: [String: [String: String]] = [:]
    /// By `services` section, then by service, as `elastic_load_balancing_v2`.
    private(set) var endpoints: [String: [String: String]] = [:]
    /// `~`, for paths that begin with it and for caches.
    private(set) var home = ""

    /// Reads both files; one that is missing is empty.
    /// - Throws: `.failed` for a file that is there and cannot be read.
    static func load(_ environment: [String: String]) throws -> SharedConfig {
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
        func path(_ variable: String, _ name: String) -> String {
            guard let named = environment[variable], !named.isEmpty else { return "\(home)/.aws/\(name)" }
            return named.hasPrefix("~/") ? home + named.dropFirst() : named
        }
        var shared = SharedConfig()
        shared.home = home
        shared.read(try text(path("AWS_CONFIG_FILE", "config")), isConfig: true)
        shared.read(try text(path("AWS_SHARED_CREDENTIALS_FILE", "credentials")), isConfig: false)
        return shared
    }

    private static func text(_ path: String) throws -> String {
        guard FileManager.default.fileExists(atPath: path) else { return "" }
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw SlipwayError(.failed, doing: "reading \(path)", cause: error.localizedDescription)
        }
    }

    /// What a section holds.
    private enum Section {
        case profile(String)
        case session(String)
        case services(String)
    }

    /// In the config file a profile's section is called `profile NAME`, but for `default`.
    mutating func read(_ text: String, isConfig: Bool) {
        var section: Section?
        // The service that indented lines are of.
        var service: String?
        for line in text.split(whereSeparator: \.isNewline) {
            guard let first = line.first(where: { !$0.isWhitespace }), first != "#", first != ";" else { continue }
            if first == "[" {
                section = Self.section(line, isConfig: isConfig)
                service = nil
                continue
            }
            guard let section, let equals = line.firstIndex(of: "=") else { continue }
            let name = line[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
            let value = Self.value(line[line.index(after: equals)...])
            // Indented lines belong to a setting that has settings of its own; only those of services are needed.
            let isIndented = line.first?.isWhitespace == true
            switch section {
            case .profile(let profile):
                if !isIndented { profiles[profile, default: [:]][name] = value }
            case .session(let session):
                if !isIndented { sessions[session, default: [:]][name] = value }
            case .services(let services):
                if !isIndented {
                    service = name
                } else if let service, name == "endpoint_url" {
                    endpoints[services, default: [:]][service] = value
                }
            }
        }
    }

    private static func section(_ line: Substring, isConfig: Bool) -> Section? {
        guard let start = line.firstIndex(of: "["), let end = line.firstIndex(of: "]") else { return nil }
        let words = line[line.index(after: start)..<end].split(whereSeparator: \.isWhitespace).map(String.init)
        switch (words.count, isConfig) {
        case (1, true): return words[0] == "default" ? .profile("default") : nil
        case (1, false): return .profile(words[0])
        case (2, true):
            switch words[0] {
            case "profile": return .profile(words[1])
            case "sso-session": return .session(words[1])
            case "services": return .services(words[1])
            default: return nil
            }
        default: return nil
        }
    }

    /// A comment begins at a `#` or `;` that white space stands before.
    private static func value(_ text: Substring) -> String {
        var value = text
        for mark in [" #", " ;", "\t#", "\t;"] {
            if let comment = value.range(of: mark) { value = value[..<comment.lowerBound] }
        }
        return value.trimmingCharacters(in: .whitespaces)
    }
}
