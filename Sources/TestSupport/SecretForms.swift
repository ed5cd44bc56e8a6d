import ClusterModel
public import Foundation

/// The forms in which a secret could leak: as it is, in hexadecimal, and in base64 wherever in a group of three bytes it begins.
public enum SecretForms {
    /// Enough of the middle to be nothing else, and not so much that a line break would hide it.
    private static let length = 24

    /// What to look for; empty for what is too short to be told apart from anything.
    public static func of(_ secret: [UInt8]) -> [Data] {
        guard secret.count >= 12 else { return [] }
        let start = secret.count > length + 16 ? 16 : 0
        let middle = Array(secret.dropFirst(start).prefix(length))
        var forms = [Data(middle), Data(middle.hexadecimal.utf8)]
        for skipped in 0..<3 {
            let part = middle.dropFirst(skipped)
            forms.append(Data(Data(part.prefix(part.count / 3 * 3)).base64EncodedString().utf8))
        }
        return forms
    }

    /// Of a text such as a PEM file: each line that could be a key by itself, as it stands and decoded.
    public static func ofLines(_ text: String) -> [Data] {
        text.split(whereSeparator: \.isNewline).flatMap { line -> [Data] in
            let line = line.trimmingCharacters(in: .whitespaces)
            guard line.utf8.count >= 24, !line.contains("-----"), !line.hasPrefix("#") else { return [] }
            return of(Array(line.utf8)) + (Data(base64Encoded: line).map { of([UInt8]($0)) } ?? [])
        }
    }
}
