import ClusterModel
import Crypto
import Synchronization

/// The digests of many machines, each worked out once. What machines of a pool have in common is rendered once: rendering each one
/// whole takes milliseconds, which is seconds for thousands.
///
/// The text that a digest is over is rendered for a made-up machine and cut where its name and its pod range are in it;
/// each machine's own go there. That is the same text as long as nothing else depends on the two: two more made-up machines
/// are rendered both ways, and where the results differ every machine is rendered whole. So is every one of a few.
public final class NodeDigests: Sendable {
    /// Of machines that differ in name and range only.
    private struct Alike {
        /// Of those that were rendered whole.
        var whole: [NodeContentInput: String] = [:]
        /// Nil before it is tried; nil inside when there is more to them than the two.
        var pattern: Pattern??
    }

    /// A pattern costs as much as this many machines.
    static let renderedWhole = 3

    private let known = Mutex<[NodeContentInput: Alike]>([:])

    public init() {}

    /// The same as `NodeContent.specDigest(of:)`.
    public func specDigest(of input: NodeContentInput) throws -> String {
        let input = input.symbolic
        var key = input
        key.machine = Pattern.name
        key.podCIDR = Pattern.range
        let alike = known.withLock { $0[key] } ?? Alike()
        if let digest = alike.whole[input] { return digest }
        if alike.whole.count >= Self.renderedWhole, Self.isPlain(input.machine), input.podCIDR.prefix == Pattern.prefix {
            let pattern = try alike.pattern ?? Pattern(key)
            known.withLock { $0[key, default: Alike()].pattern = .some(pattern) }
            if let pattern { return pattern.digest(machine: input.machine, range: input.podCIDR) }
        }
        let digest = try NodeContent.specDigest(of: input)
        known.withLock { $0[key, default: Alike()].whole[input] = digest }
        return digest
    }

    /// Nothing that any format would quote or take for something else than a text.
    private static func isPlain(_ name: String) -> Bool {
        guard let first = name.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first), name.contains("-") else { return false }
        return name.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "-")
        }
    }
}

/// The text of a digest with places for a machine's name and the first three numbers of its pod range.
private struct Pattern: Sendable {
    static let prefix = 24
    /// In no spec: it is longer than a machine's name may be.
    static let name = "slipway-pattern-" + String(repeating: "x", count: 64)
    /// Of the ranges that are only for documentation (RFC 5737).
    static let range: IPv4CIDR = {
        guard let range = IPv4CIDR("203.0.113.0/24") else { preconditionFailure("this literal is a range") }
        return range
    }()
    private static let numbers = "203.0.113."
    /// The same in the hardware address of the pod bridge.
    private static let hexadecimal = "cb:00:71:"

    private enum Place {
        case name, range, hardware
    }

    /// Over all before the first place.
    private var begun = SHA256()
    private var rest: [(place: Place, text: [UInt8])] = []

    /// Nil when there is more to it than the two.
    init?(_ input: NodeContentInput) throws {
        let text = Array(try NodeContent.digestText(of: input).utf8)
        let signs: [(place: Place, bytes: [UInt8])] = [
            (.name, Array(Self.name.utf8)), (.range, Array(Self.numbers.utf8)), (.hardware, Array(Self.hexadecimal.utf8)),
        ]
        var (start, index) = (0, 0)
        var next: Place?
        func add(_ piece: [UInt8], to pattern: inout Pattern) {
            if let next { pattern.rest.append((next, piece)) } else { pattern.begun.update(data: piece) }
        }
        while index < text.count {
            guard let sign = signs.first(where: { $0.bytes[0] == text[index] && text[index...].starts(with: $0.bytes) }) else {
                index += 1
                continue
            }
            add(Array(text[start..<index]), to: &self)
            next = sign.place
            index += sign.bytes.count
            start = index
        }
        add(Array(text[start...]), to: &self)
        for (name, range) in [("a-1", "10.0.0.0/24"), ("m-" + String(repeating: "long", count: 15), "192.168.255.0/24")] {
            guard let range = IPv4CIDR(range) else { return nil }
            var trial = input
            trial.machine = name
            trial.podCIDR = range
            guard try NodeContent.specDigest(of: trial) == digest(machine: name, range: range) else { return nil }
        }
    }

    func digest(machine: String, range: IPv4CIDR) -> String {
        let name = Array(machine.utf8)
        let numbers = Array("\(range.base)".utf8.dropLast())
        let octets = stride(from: 24, to: 0, by: -8).map { UInt8(truncatingIfNeeded: range.base.rawValue >> UInt32($0)) }
        let hardware = octets.flatMap { Array(([$0].hexadecimal + ":").utf8) }
        var hash = begun
        for (place, text) in rest {
            switch place {
            case .name: hash.update(data: name)
            case .range: hash.update(data: numbers)
            case .hardware: hash.update(data: hardware)
            }
            hash.update(data: text)
        }
        return hash.finalize().hexadecimal
    }
}
