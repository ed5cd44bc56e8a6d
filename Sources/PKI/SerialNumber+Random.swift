import X509

extension Certificate.SerialNumber {
    /// 126 random bits in exactly 16 bytes: positive, never zero, no leading zero, well under the 20 bytes that
    /// RFC 5280 allows (some libraries refuse longer ones).
    static func unguessable() -> Self {
        var bytes = randomBytes(16)
        bytes[0] = bytes[0] & 0x7F | 0x40
        return Self(bytes: bytes)
    }
}

/// Bytes from the system's cryptographically secure generator.
func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
}
