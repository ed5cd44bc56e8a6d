/// The answer of `/version`, as far as it is read.
struct VersionObject: Decodable, Sendable {
    /// With its leading `v`.
    var gitVersion: String
}
