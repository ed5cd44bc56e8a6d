/// A data key as a KMS key encrypted it. In clear beside what the data key seals: without that KMS key it opens nothing.
struct Envelope: Codable, Sendable, Hashable {
    /// The KMS key's ARN, as KMS said it.
    var kmsKey: String
    /// Base64 of the encrypted data key.
    var dataKey: String
}
