import ClusterModel
import Crypto
import Foundation

/// A file on a simulated machine: its checksum, and of its text only what is read back. Keys are not kept.
public struct SimulatedFile: Codable, Sendable, Equatable {
    public var sha256: String
    /// Of a short file all, of a certificate the first one. Empty for all others.
    public var text: String

    /// - Parameter keepsText: for a file that holds nothing secret.
    public init(_ bytes: [UInt8], keepsText: Bool = false) {
        sha256 = SHA256.hash(data: bytes).hexadecimal
        text = ""
        if keepsText || bytes.count <= 64 {
            text = String(decoding: bytes, as: UTF8.self)
        } else if bytes.count < 1 << 16 {
            let whole = String(decoding: bytes, as: UTF8.self)
            if let begin = whole.range(of: "-----BEGIN CERTIFICATE-----"), let end = whole.range(of: "-----END CERTIFICATE-----\n"),
                begin.lowerBound < end.lowerBound
            {
                text = String(whole[begin.lowerBound..<end.upperBound])
            }
        }
    }

    public init(_ text: String) { self.init(Array(text.utf8)) }

    /// A file whose bytes stay where they are.
    init(sha256: String) {
        self.sha256 = sha256
        text = ""
    }
}
