/// The processors that all publishers build for.
public enum Architecture: String, Codable, Sendable, CaseIterable {
    case amd64, arm64

    /// That of this machine.
    #if arch(arm64)
        public static let host = Architecture.arm64
    #else
        public static let host = Architecture.amd64
    #endif
}
