public import Foundation

/// An object, whole.
public struct S3Object: Sendable, Equatable {
    public var bytes: [UInt8]
    /// Changes with every change of the object.
    public var etag: String
    /// When it was put, by the service's clock, in whole seconds.
    public var modified: Date?
    /// When the service answered, by the same clock.
    public var answered: Date?

    public init(bytes: [UInt8], etag: String, modified: Date? = nil, answered: Date? = nil) {
        self.bytes = bytes
        self.etag = etag
        self.modified = modified
        self.answered = answered
    }
}

extension AWSError {
    /// There is no such object; of a bucket that is missing it says so.
    var isMissingObject: Bool { status == 404 && code != "NoSuchBucket" }
}

/// What must be true for a put to take effect.
public enum S3Condition: Sendable, Equatable {
    case none
    /// There is no such object.
    case absent
    /// The object is the one with this tag.
    case matches(etag: String)
}

/// What came of a put.
public enum S3Put: Sendable, Equatable {
    case stored(etag: String)
    /// The condition was not true. After an earlier try that was not answered, it may be this very put that made it so.
    case conditionFailed
}

/// What a listing says of an object.
public struct S3Entry: Sendable, Equatable {
    public var key: String
    public var size: Int
    public var etag: String

    public init(key: String, size: Int, etag: String) {
        self.key = key
        self.size = size
        self.etag = etag
    }
}

/// A listing, all pages of it.
public struct S3Listing: Sendable, Equatable {
    public var entries: [S3Entry]
    /// With a delimiter: what begins the keys that go on behind it.
    public var prefixes: [String]

    public init(entries: [S3Entry] = [], prefixes: [String] = []) {
        self.entries = entries
        self.prefixes = prefixes
    }
}
