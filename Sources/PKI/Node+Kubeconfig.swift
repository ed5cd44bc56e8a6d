import Foundation
import Yams

extension Node {
    /// A string that every YAML reader takes for a string.
    ///
    /// Plain only when it begins with a letter and is not a word that some version of YAML reads as something else:
    /// `yes`, `1e3`, `0123` and `null` are quoted.
    static func text(_ text: String) -> Node {
        let words: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
        let isLetter: (UInt8) -> Bool = { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
        let isPlain =
            text.utf8.first.map(isLetter) == true && !text.hasSuffix(":") && !words.contains(text.lowercased())
            && text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || "-._/:@+=".utf8.contains($0) }
        return Node(text, Tag(.str), isPlain ? .plain : .doubleQuoted)
    }

    static func base64(_ bytes: some Swift.Sequence<UInt8>) -> Node { .text(Data(bytes).base64EncodedString()) }

    /// Written as nothing, `~` or `null`.
    var isNull: Bool { scalar != nil && tag == Tag(.null) }

    /// Refuses what no kubeconfig is, before anything walks it: a short text can stand for a tree of any size, for
    /// aliases are expanded.
    /// - Throws: `KubeconfigProblem`.
    func checkSize() throws {
        var pending: [(node: Node, depth: Int)] = [(self, 0)]
        var seen = 0
        while let (node, depth) = pending.popLast() {
            seen += 1
            guard seen <= 200_000, depth <= 50 else { throw KubeconfigProblem(cause: "it is too large or too deeply nested") }
            switch node {
            case .mapping(let mapping): for (key, value) in mapping { pending += [(key, depth + 1), (value, depth + 1)] }
            case .sequence(let sequence): for element in sequence { pending.append((element, depth + 1)) }
            case .scalar, .alias: break
            }
        }
    }

    /// The same tree in a form that the emitter writes without a change of meaning: it writes no tags on scalars, so a
    /// string that only a tag makes one (`!!str 0123`) is quoted.
    var writable: Node {
        switch self {
        case .mapping(let mapping): Node(mapping.map { ($0.key.writable, $0.value.writable) }, mapping.tag)
        case .sequence(let sequence): Node(sequence.map(\.writable), sequence.tag)
        case .scalar(let scalar): .scalar(scalar.writable)
        case .alias: self
        }
    }
}

extension Node.Scalar {
    fileprivate var writable: Node.Scalar {
        guard style == .plain, tag == Tag(.str), Resolver.default.resolveTag(of: Node(string)) != .str else { return self }
        var copy = self
        copy.style = .doubleQuoted
        return copy
    }
}
