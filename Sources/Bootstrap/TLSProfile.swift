/// What every TLS server of a node speaks. All keys are elliptic curve keys; TLS 1.3 has no choice of suites.
enum TLSProfile {
    static let minimumVersion = "VersionTLS12"
    static let cipherSuites = [
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    ]
    /// The same suites, the last by the older of its two names: the only one that the security benchmark knows for kubelets.
    static let kubeletCipherSuites = cipherSuites.dropLast() + ["TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305"]
}
