import ClusterModel
import StateStore

/// Where the key of the secrets comes from. A passphrase is never an argument: others can read those.
extension StoreOptions {
    /// - Throws: `.usage` for what is no KMS key's name.
    func key() throws -> SecretsKey {
        let surroundings = Surroundings.current
        let file = keyFile.map { KeyFile(path: $0) } ?? KeyFile.standard(environment: surroundings.environment)
        let given = givenPassphrase(surroundings)
        let kms = try (kmsKey ?? surroundings.variable("SLIPWAY_KMS_KEY")).map { try Self.kms($0) }
        // Secrets say themselves what they need; this is for new ones. What is said here and now comes before what is set.
        let preferred: SecretsKey.Kind =
            if kmsKey == nil, passphraseFile != nil { .passphrase } else if kms != nil { .kms } else if given != nil { .passphrase } else {
                .keyFile
            }
        // Secrets may need a passphrase all the same; then somebody may be there to ask.
        return SecretsKey(
            keyFile: file, passphrase: given ?? Self.asked("Passphrase", surroundings), kms: kms, preferred: preferred)
    }

    private func givenPassphrase(_ surroundings: Surroundings) -> Passphrase? {
        if let path = passphraseFile ?? surroundings.variable("SLIPWAY_PASSPHRASE_FILE") {
            return Self.passphrase(in: path, asking: "Passphrase")
        }
        return surroundings.variable("SLIPWAY_PASSPHRASE").map { text in Passphrase(from: "$SLIPWAY_PASSPHRASE") { _ in Secret(text) } }
    }

    static func kms(_ name: String) throws -> KMSKey { try KMSKey(name, environment: Surroundings.current.environment) }

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
