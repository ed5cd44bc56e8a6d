public import ClusterModel
public import Foundation

/// An asset source of files in the publishers' own layouts, that may hold connections.
public protocol ClosableAssetSource: AssetSource {
    /// What its files are built for.
    var architecture: Architecture { get }
    /// Where the file is, a URL or a path. Asks nobody.
    func location(of file: ReleaseFile) -> String
    /// The pod sandbox's image that goes with the release. Asks nobody. Throws `.usage` for a release that is not known.
    func sandboxImage(for version: KubernetesVersion) throws -> NodeAsset
    /// A file of this machine, checked against the publisher's checksum. Throws as `binary` does.
    func file(_ file: ReleaseFile) async throws -> AssetFile
    /// Lets go of what it holds. Nothing may be asked of it afterwards.
    func close() async
}

/// From the user's word for an asset source (`--assets`, `assets.source` of a spec) to the source.
public enum AssetSources {
    /// The word for the publishers' own releases.
    public static let official = "official"

    /// The source that `text` names: `official`, a folder, or an `http://`, `https://` or `file://` URL of the same layout.
    /// Asks nobody yet. Throws `.usage` when it is none of these, and for a variable of a publisher that is no URL.
    public static func resolve(
        _ text: String, architecture: Architecture = .host, cacheRoot: String = AssetCache.defaultRoot(),
        environment: [String: String] = ProcessInfo.processInfo.environment,
        progress: @escaping @Sendable (AssetProgress) -> Void = { _ in }
    ) throws -> any ClosableAssetSource {
        let cache = AssetCache(root: cacheRoot)
        switch try parse(text) {
        case .official:
            return HTTPMirror(
                name: official, addresses: try .official(environment: environment), isOfficial: true, architecture: architecture,
                cache: cache, progress: progress)
        case .folder(let path): return DirectoryMirror(path: path, name: text, architecture: architecture, cache: cache)
        case .url(let url):
            return HTTPMirror(name: text, addresses: .mirror(url), architecture: architecture, cache: cache, progress: progress)
        }
    }

    /// Throws `.usage` when `text` is no http or https URL.
    static func url(_ text: String, named variable: String) throws -> String {
        guard case .url(let url)? = try? parse(text) else {
            throw SlipwayError(
                .usage, doing: "reading \(variable)", cause: "it is not the URL of a server",
                hint: "give an http or https URL without user, ? and #, or unset it")
        }
        return url
    }

    /// `text` in the form that means the same from every folder, to be written down. Throws as `resolve` does.
    public static func canonical(_ text: String) throws -> String {
        switch try parse(text) {
        case .official: official
        case .folder(let path): path
        case .url(let url): url
        }
    }

    private enum Parsed {
        case official
        case folder(String)
        case url(String)
    }

    private static func parse(_ text: String) throws -> Parsed {
        if text == official { return .official }
        guard text.contains("://") else {
            guard !text.isEmpty else { throw refusal("it is empty") }
            return .folder(absolute(text))
        }
        guard let url = URLComponents(string: text), let scheme = url.scheme?.lowercased() else { throw refusal("it is not a valid URL") }
        // Not repeated in the error: it may hold a password.
        guard url.user == nil, url.password == nil else { throw refusal("a URL with a user or password in it is not supported") }
        guard url.query == nil, url.fragment == nil else { throw refusal("a URL with ? or # cannot have files below it") }
        switch scheme {
        case "file":
            guard url.host == nil || url.host == "" || url.host == "localhost", url.path.hasPrefix("/") else {
                throw refusal("a file URL must be file:///ABSOLUTE/PATH: \(text)")
            }
            return .folder(absolute(url.path))
        case "http", "https":
            guard let host = url.host, !host.isEmpty else { throw refusal("it has no host: \(text)") }
            return .url(text.trimmingSlashes())
        default: throw refusal("only http, https and file URLs are supported: \(text)")
        }
    }

    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }

    private static func refusal(_ cause: String) -> SlipwayError {
        SlipwayError(
            .usage, doing: "reading the asset source", cause: cause,
            hint: "give `official`, a folder, or the URL of a mirror (`make assets` prepares one and prints its path)")
    }
}

extension String {
    fileprivate func trimmingSlashes() -> String {
        var text = self[...]
        while text.hasSuffix("/") { text = text.dropLast() }
        return String(text)
    }
}
