/// Bytes that must not be seen: no description, no reflection and no encoding prints them.
/// Only `reveal` gives them out, so every use can be found by its name.
public struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    public init(_ text: String) { bytes = Array(text.utf8) }

    public func reveal() -> [UInt8] { bytes }
    public func revealText() -> String { String(decoding: bytes, as: UTF8.self) }

    public var description: String { "<secret>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
