public import ClusterModel

extension ClusterSecrets {
    /// The content that a reference stands for, as a file on a machine holds it.
    public func bytes(of reference: SecretReference) -> Secret {
        switch reference {
        case .authorityCertificate(let name): Secret(authority(name).certificatePEM)
        case .authorityKey(let name): authority(name).key
        case .serviceAccountKey: serviceAccountKey
        case .serviceAccountPublicKey: Secret(serviceAccountPublicKey)
        case .encryptionKey: encryptionKey.base64
        case .sshPublicKey: Secret(sshKey.authorizedKey(comment: ""))
        }
    }
}
