public import ClusterModel
import Foundation

/// An asset source that may hold connections.
public protocol ClosableAssetSource: AssetSource {
    /// Lets go of what it holds. Nothing may be asked of it afterwards.
    func close() async
}

/// From the user's word for an asset source (`--assets`, `assets.source` of a spec) to the source.
public enum AssetSources {
    /// The word for Kubernetes' own release.
    public static let official = "official"
    /// Where Kubernetes publishes its releases.
    public static let officialURL = "https://dl.k8s.io/release"

    /// The source that `text` names: `official`, a folder, or an `http://`, `https://` or `file://` URL of the same layout.
    /// Asks nobody yet. Throws `.usage` when it is none of these.
    public static func resolve(_ text: String, cacheRoot: String = AssetCache.defaultRoot()) throws -> any ClosableAssetSource {
        let cache = AssetCache(root: cacheRoot)
        switch try parse(text) {
        case .official: return HTTPMirror(url: officialURL, name: official, isOfficial: true, cache: cache)
        case .folder(let path): return DirectoryMirror(path: path, name: text, cache: cache)
        case .url(let url): return HTTPMirror(url: url, name: text, cache: cache)
        }
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
