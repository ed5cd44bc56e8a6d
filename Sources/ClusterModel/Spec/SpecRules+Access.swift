/// Rules for who may reach the cluster.
extension SpecRules {
    mutating func checkAccess() {
        let access = spec.access
        if let note = provider.accessNote {
            if !access.api.isEmpty { warning(.accessAPI, note) }
            if !access.ssh.isEmpty { warning(.accessSSH, note) }
        }
        var seen: Set<String> = []
        for (index, key) in access.sshPublicKeys.enumerated() {
            let path = FieldPath.sshPublicKeys.index(index)
            if let problem = SSHPublicKey.problem(key) {
                error(path, problem.message, problem.suggestion, hidesSource: SSHPublicKey.mayHoldSecret(key))
            } else if !seen.insert(SSHPublicKey.withoutComment(key)).inserted {
                warning(path, "the same key is given twice", "keep one of them")
            }
        }
    }
}
