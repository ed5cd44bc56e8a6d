import ClusterModel

extension NodePaths {
    /// Who may log in as root: Slipway itself first, then the keys of the spec. Nobody else's: the file is delivered whole.
    public static let authorizedKeys = "/root/.ssh/authorized_keys"
}

extension NodeRenderer {
    private static let ownKey = "@CLUSTER_SSH_KEY@"

    /// sshd reads the file at each login, so that nothing has to be restarted for another key.
    mutating func addLogins() {
        folders.append(NodeFolder("/root/.ssh", mode: 0o700))
        let lines = ["\(Self.ownKey) slipway-\(input.cluster.name)"] + input.sshPublicKeys
        add(
            NodeFile(
                NodePaths.authorizedKeys, mode: 0o600,
                content: .template(lines.map { $0 + "\n" }.joined(), placeholders: [Self.ownKey: .sshPublicKey]), effect: .nothing,
                part: .pool))
    }
}
