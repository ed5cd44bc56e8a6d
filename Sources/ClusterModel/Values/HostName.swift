/// What a host can be called where an IPv4 address would do as well.
public enum HostName {
    /// A DNS name (RFC 1123): labels of letters, digits and hyphens, the last one not of digits alone, so that no address that is
    /// written badly is taken for a name.
    public static func isDNSName(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, let last = labels.last, !last.utf8.allSatisfy(isDigit) else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.utf8.first != hyphen && label.utf8.last != hyphen
                && label.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == hyphen }
        }
    }

    public static func isAddressOrName(_ text: String) -> Bool { IPv4Address(text) != nil || isDNSName(text) }

    private static let hyphen = UInt8(ascii: "-")
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
}
