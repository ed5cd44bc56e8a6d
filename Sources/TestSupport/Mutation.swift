public import ClusterModel

/// Damage to documents, repeatable by its generator.
public enum Mutation {
    /// One to three changes: bytes replaced, removed, repeated or put in from `parts`, or the end cut off.
    public static func bytes(_ document: [UInt8], parts: [[UInt8]], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = document
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes.insert(contentsOf: parts.randomElement(using: &generator) ?? [], at: place)
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...12, using: &generator)))
            case 2: if place < bytes.count { bytes[place] = UInt8.random(in: .min ... .max, using: &generator) }
            case 3: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator) }
            case 4: if Int.random(in: 0..<5, using: &generator) == 0 { bytes.removeSubrange(place...) }
            default:
                let end = min(bytes.count, place + Int.random(in: 1...80, using: &generator))
                bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &generator))
            }
        }
        return bytes
    }

    /// One change somewhere in the tree: a value of another kind, a key that is lost, new, renamed or comes from elsewhere.
    public static func json(_ value: JSONValue, _ generator: inout SeededGenerator) -> JSONValue {
        switch value {
        case .object(var members) where !members.isEmpty && Int.random(in: 0..<8, using: &generator) > 0:
            let key = members.keys.sorted().randomElement(using: &generator) ?? ""
            switch Int.random(in: 0..<12, using: &generator) {
            case 0: members[key] = nil
            case 1: members["added"] = odd(&generator)
            case 2:
                members[key + "x"] = members[key]
                members[key] = nil
            default: members[key] = members[key].map { json($0, &generator) }
            }
            return .object(members)
        case .array(var elements) where !elements.isEmpty && Int.random(in: 0..<4, using: &generator) > 0:
            let place = Int.random(in: elements.indices, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: elements.remove(at: place)
            case 1: elements.insert(elements[place], at: place)
            default: elements[place] = json(elements[place], &generator)
            }
            return .array(elements)
        default: return odd(&generator)
        }
    }

    private static func odd(_ generator: inout SeededGenerator) -> JSONValue {
        let odd: [JSONValue] = [
            .null, .bool(true), .bool(false), .int(0), .int(-1), .int(7), .int(.max), .int(.min), .double(0.5), .double(1e300), .string(""),
            .string("x"), .string("\u{0}\u{1F680}\n\""), .string("demo"), .string("10.0.0.0/8"), .string("v1.20.2"), .string("999.1.1.1"),
            .array([]), .array([.null]), .object([:]), .object(["_0": .null]),
        ]
        return odd.randomElement(using: &generator) ?? .null
    }
}
