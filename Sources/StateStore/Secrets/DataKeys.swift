import ClusterModel

/// Who makes data keys and opens them again. Tests have one that needs no network.
protocol DataKeys: Sendable {
    /// A new data key, in clear and encrypted under a KMS key.
    func make(under key: String, context: [String: String]) async throws -> DataKey

    /// An encrypted data key in clear.
    func open(_ encrypted: [UInt8], under key: String, context: [String: String]) async throws -> DataKey
}

struct DataKey: Sendable {
    var plaintext: Secret
    var encrypted: [UInt8]
    /// Of the KMS key that encrypted it.
    var arn: String
}
