import ClusterModel
import StateStore

/// Where the key of the secrets comes from. A passphrase is never an argument: others can read those.
extension StoreOptions {
    func key() -> SecretsKey {
        let surroundings = Surroundings.current
        let file = keyFile.map { KeyFile(path: $0) } ?? KeyFile.standard(environment: surroundings.environment)
        if let path = passphraseFile ?? surroundings.variable("SLIPWAY_PASSPHRASE_FILE") {
            return SecretsKey(keyFile: file, passphrase: Self.passphrase(in: path, asking: "Passphrase"), prefersPassphrase: true)
        }
        if let text = surroundings.variable("SLIPWAY_PASSPHRASE") {
            let passphrase = Passphrase(from: "$SLIPWAY_PASSPHRASE") { _ in Secret(text) }
            return SecretsKey(keyFile: file, passphrase: passphrase, prefersPassphrase: true)
        }
        // Secrets that need one are told by themselves; then somebody may be there to ask.
        return SecretsKey(keyFile: file, passphrase: Self.asked("Passphrase", surroundings))
    }

    /// Of a file, or of the person when the file is `-`.
    static func passphrase(in file: String, asking question: String) -> Passphrase {
        guard file == "-" else { return Passphrase(from: "the file \(file)") { _ in try PrivateFile.passphrase(at: file) } }
        return asked(question, Surroundings.current)
    }

    private static func asked(_ question: String, _ surroundings: Surroundings) -> Passphrase {
        Passphrase(from: "the passphrase that was typed") { isNew in
            guard let typed = try surroundings.hiddenAnswer("\(question): ") else {
                throw SlipwayError(
                    .notFound, doing: "asking for the passphrase", cause: "a passphrase encrypts the secrets, and there is nobody to ask",
                    hint: "give it with --passphrase-file FILE or $SLIPWAY_PASSPHRASE, or run this on a terminal")
            }
            if isNew, try surroundings.hiddenAnswer("The same again: ") != typed {
                throw SlipwayError(.usage, doing: "asking for the passphrase", cause: "the two differ", hint: "run the same command again")
            }
            return Secret(typed)
        }
    }
}
