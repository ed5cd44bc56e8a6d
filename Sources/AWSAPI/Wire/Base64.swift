import Foundation

/// How bytes travel in requests and answers.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
    static func decode(_ text: String) -> [UInt8]? { Data(base64Encoded: text, options: .ignoreUnknownCharacters).map(Array.init) }
}
