/// How far the download of one file is.
public struct AssetProgress: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// Some of it is here.
        case received
        /// All of it is here, and is what its checksum says.
        case finished
        /// It broke off and is tried again, for this reason.
        case retrying(String)
    }

    /// The file's own name.
    public var file: String
    public var kind: Kind
    /// In bytes, with what an earlier try brought.
    public var received: Int
    /// In bytes; nil when the server did not say.
    public var total: Int?

    public init(file: String, kind: Kind, received: Int, total: Int?) {
        self.file = file
        self.kind = kind
        self.received = received
        self.total = total
    }
}
