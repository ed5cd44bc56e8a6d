/// Reads the files that publishers put beside their releases.
enum ChecksumText {
    /// Larger ones are no checksum files.
    static let limit = 64 << 10

    /// The SHA-256 digest of the file `name`: a text that is one bare digest, or the line of that name among lines as
    /// sha256sum prints them. Nil when there is none, or two that differ.
    static func digest(of name: String, in text: String) -> String? {
        if let bare = SHA256Text.parse(text) { return bare }
        var found: Set<String> = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace)
            // A star marks a file that was read as binary; some publishers write a path.
            guard words.count == 2, let digest = SHA256Text.parse(String(words[0])),
                let last = words[1].trimmingPrefix("*").split(separator: "/").last, last == name
            else { continue }
            found.insert(digest)
        }
        return found.count == 1 ? found.first : nil
    }

    /// What stands in the place of a digest, for an error: its beginning, on one line.
    static func beginning(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ").filter { !$0.isControl }
        return line.isEmpty ? "it is empty" : "it begins with '\(line.prefix(60))'"
    }
}

extension Character {
    fileprivate var isControl: Bool { unicodeScalars.contains { $0.properties.generalCategory == .control } }
}
