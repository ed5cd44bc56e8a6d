internal import CLibSSH2

/// The library as a whole.
enum LibSSH2 {
    /// Initialised once, before any session; the first use of a global does it exactly once.
    static let initialisation: Int32 = libssh2_init(0)

    /// The version that is linked, as `1.10.0`.
    static var version: String { libssh2_version(0).map { String(cString: $0) } ?? "unknown" }

    static let channelWindow: UInt32 = 2 << 20
    static let channelPacket: UInt32 = 32_768

    /// What is offered to hosts, best first. What is not listed (SHA-1, CBC, RSA host keys) is not spoken.
    static let methods: [(kind: Int32, names: String)] = [
        (
            LIBSSH2_METHOD_KEX,
            "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
                + "diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256"
        ),
        (LIBSSH2_METHOD_CRYPT_CS, "aes128-ctr,aes256-ctr,aes192-ctr"),
        (LIBSSH2_METHOD_CRYPT_SC, "aes128-ctr,aes256-ctr,aes192-ctr"),
        (LIBSSH2_METHOD_MAC_CS, "hmac-sha2-256,hmac-sha2-512"),
        (LIBSSH2_METHOD_MAC_SC, "hmac-sha2-256,hmac-sha2-512"),
    ]
}

/// The kinds of host keys that are accepted. A pin does not tell its kind: when a host shows another key than the
/// pinned one, it is asked for its ECDSA key before it is called an impostor.
enum HostKeyPreference: String {
    case any = "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521"
    case ecdsa = "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521"
}
