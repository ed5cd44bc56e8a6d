/// An element of a service's answer. Attributes and name spaces say nothing that is needed.
struct XMLElement: Sendable, Equatable {
    var name: String
    var text = ""
    var children: [XMLElement] = []

    func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }
    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// This one or the first below it that `matches`.
    func descendant(_ matches: (XMLElement) -> Bool) -> XMLElement? {
        if matches(self) { return self }
        for child in children {
            if let found = child.descendant(matches) { return found }
        }
        return nil
    }
}

/// Reads the XML that AWS' services answer: elements, text, character references. Not a reader for any XML: document types
/// are refused, and with them entities that anyone could define.
struct XMLReader {
    struct Problem: Error, Equatable {
        var text: String
    }

    private static let deepest = 64

    private let bytes: [UInt8]
    private var place = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    static func read(_ bytes: [UInt8]) throws -> XMLElement {
        var reader = XMLReader(bytes)
        try reader.skipProlog()
        let root = try reader.element(depth: 0)
        return root
    }

    private func problem(_ text: String) -> Problem { Problem(text: "\(text) at byte \(place)") }

    private func starts(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[min(place, bytes.count)...].starts(with: $0) }
    }

    /// Moves behind the next `text`.
    private mutating func skip(past text: String) throws {
        let wanted = Array(text.utf8)
        while place < bytes.count {
            if bytes[place...].starts(with: wanted) {
                place += wanted.count
                return
            }
            place += 1
        }
        throw problem("there is no '\(text)'")
    }

    private mutating func skipProlog() throws {
        if starts("\u{FEFF}") { place += 3 }
        while place < bytes.count {
            if Self.isSpace(bytes[place]) {
                place += 1
            } else if starts("<?") {
                try skip(past: "?>")
            } else if starts("<!--") {
                try skip(past: "-->")
            } else {
                return
            }
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

    private mutating func name() throws -> String {
        let start = place
        while place < bytes.count, !Self.isSpace(bytes[place]), ![UInt8(ascii: ">"), UInt8(ascii: "/")].contains(bytes[place]) {
            place += 1
        }
        guard place > start else { throw problem("an element has no name") }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    /// Stands before `<`.
    private mutating func element(depth: Int) throws -> XMLElement {
        guard depth < Self.deepest else { throw problem("it is too deep") }
        guard starts("<"), !starts("<!"), !starts("</") else { throw problem("no element begins") }
        place += 1
        var element = XMLElement(name: try name())
        if try skipAttributes() { return element }
        var text: [UInt8] = []
        while true {
            guard place < bytes.count else { throw problem("it ends within \(element.name)") }
            if bytes[place] != UInt8(ascii: "<"), bytes[place] != UInt8(ascii: "&") {
                text.append(bytes[place])
                place += 1
            } else if starts("</") {
                place += 2
                guard try name() == element.name else { throw problem("\(element.name) is not closed") }
                try skip(past: ">")
                element.text = String(decoding: text, as: UTF8.self)
                return element
            } else if starts("<!--") {
                try skip(past: "-->")
            } else if starts("<![CDATA[") {
                place += 9
                let start = place
                try skip(past: "]]>")
                text += bytes[start..<place - 3]
            } else if starts("<?") {
                try skip(past: "?>")
            } else if starts("<") {
                element.children.append(try self.element(depth: depth + 1))
            } else {
                text += try reference()
            }
        }
    }

    /// True when the element ends with its tag.
    private mutating func skipAttributes() throws -> Bool {
        var quote: UInt8?
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return bytes[place - 2] == UInt8(ascii: "/")
            }
        }
        throw problem("a tag does not end")
    }

    private mutating func reference() throws -> [UInt8] {
        let start = place + 1
        try skip(past: ";")
        let text = String(decoding: bytes[start..<place - 1], as: UTF8.self)
        switch text {
        case "amp": return [UInt8(ascii: "&")]
        case "lt": return [UInt8(ascii: "<")]
        case "gt": return [UInt8(ascii: ">")]
        case "quot": return [UInt8(ascii: "\"")]
        case "apos": return [UInt8(ascii: "'")]
        default:
            let number =
                text.hasPrefix("#x") ? UInt32(text.dropFirst(2), radix: 16) : text.hasPrefix("#") ? UInt32(text.dropFirst()) : nil
            guard let scalar = number.flatMap(Unicode.Scalar.init) else { throw problem("'&\(text.prefix(20));' is unknown") }
            return Array(String(Character(scalar)).utf8)
        }
    }
}
