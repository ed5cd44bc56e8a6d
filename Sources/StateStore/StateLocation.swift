public import ClusterModel
import Foundation

/// What `--state` and `$SLIPWAY_STATE` can say.
public enum StateLocation: Sendable, Equatable {
    /// An absolute path.
    case folder(String)

    /// `./state`, from where the process was started.
    public static let standard = "./state"

    /// Reads a path or a `file://` URL. Throws `.usage`.
    public init(_ text: String) throws {
        func wrong(_ cause: String) -> SlipwayError {
            SlipwayError(
                .usage, doing: "reading the location of the state store", cause: cause,
                hint: "give a folder, as ./state or file:///srv/slipway")
        }
        guard !text.isEmpty else { throw wrong("it is empty") }
        guard let scheme = text.range(of: "://") else {
            self = .folder(URL(fileURLWithPath: text).standardizedFileURL.path)
            return
        }
        guard text[..<scheme.lowerBound] == "file" else {
            throw wrong("'\(text)': no store speaks \(text[..<scheme.lowerBound])://")
        }
        var path = text[scheme.upperBound...]
        if path.hasPrefix("localhost/") { path = path.dropFirst("localhost".count) }
        guard path.hasPrefix("/"), let decoded = path.removingPercentEncoding else {
            throw wrong("'\(text)' has no absolute path")
        }
        self = .folder(URL(fileURLWithPath: decoded).standardizedFileURL.path)
    }

    /// The store there. Touches nothing yet.
    public func open(keyFile: KeyFile, context: RunContext = .live) -> any StateStore {
        switch self {
        case .folder(let path): FileStateStore(root: path, keyFile: keyFile, context: context)
        }
    }
}
