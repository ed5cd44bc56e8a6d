import ClusterModel

/// What opens and seals the secrets of a store: a key file, a passphrase, or during a rotation one after the other.
public struct SecretsKey: Sendable {
    public var keyFile: KeyFile
    /// Given, or asked for when there are secrets that need it. Nil where nobody can be asked.
    public var passphrase: Passphrase?
    /// Whether the passphrase seals secrets of new clusters, and not the key file.
    public var prefersPassphrase: Bool
    /// Set while the key is rotated: seals from now on, whatever opened.
    public var successor: Successor?

    public enum Successor: Sendable {
        /// The first key of the key file, for secrets that another of its keys sealed.
        case sameKeyFile
        case keyFile(KeyFile)
        case passphrase(Passphrase)
    }

    public init(keyFile: KeyFile, passphrase: Passphrase? = nil, prefersPassphrase: Bool = false, successor: Successor? = nil) {
        self.keyFile = keyFile
        self.passphrase = passphrase
        self.prefersPassphrase = prefersPassphrase
        self.successor = successor
    }

    /// What a document of secrets is sealed with.
    struct Seal: Sendable {
        var key: StoreKey
        /// With a passphrase: how the key was made of it.
        var derivation: Derivation?
        var use: KeyUse
    }

    /// Opens the secrets of a cluster. Blocks.
    func open(_ document: SecretsDocument, cluster: String, _ files: FileSystem = FileSystem()) throws -> [String: Secret] {
        let (key, place) = try opener(of: document, cluster: cluster, files)
        return try document.open(with: key, at: place, cluster: cluster)
    }

    /// What seals the secrets of a cluster. Blocks.
    /// - Parameters:
    ///   - own: its secrets as they are; nil when it has none. Whoever cannot open those must not replace them.
    ///   - neededElsewhere: the id of a key file's key that other clusters of the store need: then none is made.
    func seal(
        replacing own: SecretsDocument?, cluster: String, neededElsewhere: () throws -> String?, _ files: FileSystem = FileSystem()
    ) throws -> Seal {
        if let own {
            let (key, place) = try opener(of: own, cluster: cluster, files)
            if case .sameKeyFile = successor, own.derivation != nil {
                throw SlipwayError(
                    .usage, at: Address(.secrets, cluster), doing: "encrypting the secrets anew", cause: "a passphrase encrypts them",
                    hint: "say what comes next with --new-passphrase-file or --new-key-file")
            }
            if successor == nil {
                guard let derivation = own.derivation else { return try seal(with: keyFile, neededID: own.keyID, files) }
                return Seal(key: key, derivation: derivation, use: KeyUse(id: key.id, path: place, created: false))
            }
        }
        switch successor {
        case .sameKeyFile: return try seal(with: keyFile, neededID: own?.keyID, files)
        case .keyFile(let file): return try seal(with: file, neededID: nil, files)
        case .passphrase(let passphrase): return try seal(with: passphrase)
        case nil: break
        }
        if prefersPassphrase, let passphrase { return try seal(with: passphrase) }
        return try seal(with: keyFile, neededID: try neededElsewhere(), files)
    }

    private func seal(with file: KeyFile, neededID: String?, _ files: FileSystem) throws -> Seal {
        let (key, created) = try file.loadOrCreate(neededID: neededID, files)
        return Seal(key: key, derivation: nil, use: KeyUse(id: key.id, path: file.path, created: created))
    }

    private func seal(with passphrase: Passphrase) throws -> Seal {
        let (derivation, key) = try passphrase.fresh()
        return Seal(key: key, derivation: derivation, use: KeyUse(id: key.id, path: passphrase.origin, created: false))
    }

    /// The key that a document was sealed with, and where it was found.
    private func opener(of document: SecretsDocument, cluster: String, _ files: FileSystem) throws -> (key: StoreKey, place: String) {
        if let derivation = document.derivation { return try opener(of: document, derivation, cluster: cluster) }
        var found = try keyFile.loadAll(files).map { (key: $0, place: keyFile.path) }
        // A rotation that was cut short has sealed some with what comes next.
        if case .keyFile(let next) = successor { found += try next.loadAll(files).map { (key: $0, place: next.path) } }
        if let key = found.first(where: { $0.key.id == document.keyID }) { return key }
        guard let other = found.first else { throw keyFile.missing(document.keyID).at(Address(.secrets, cluster)) }
        throw document.wrongKey(other.key, at: other.place, cluster: cluster)
    }

    private func opener(of document: SecretsDocument, _ derivation: Derivation, cluster: String) throws -> (key: StoreKey, place: String) {
        var candidates = [passphrase].compactMap { $0 }
        if case .passphrase(let next) = successor { candidates.append(next) }
        // Nobody is asked for one while another opens it.
        candidates = candidates.filter { $0.knows(derivation) } + candidates.filter { !$0.knows(derivation) }
        var unanswered: (any Error)?
        for candidate in candidates {
            do {
                let key = try candidate.key(derivation)
                if key.id == document.keyID { return (key, candidate.origin) }
            } catch let error as SlipwayError where error.code == .notFound {
                unanswered = unanswered ?? error
            }
        }
        if let unanswered { throw unanswered }
        guard let given = candidates.first else {
            throw SlipwayError(
                .notFound, at: Address(.secrets, cluster), doing: "opening the secrets",
                cause: "a passphrase encrypted them, and none is given",
                hint: "give it with --passphrase-file FILE or $SLIPWAY_PASSPHRASE, or run this on a terminal, which asks for it")
        }
        throw SlipwayError(
            .refused, at: Address(.secrets, cluster), doing: "opening the secrets", cause: "\(given.origin) does not open them",
            hint: "it is another passphrase than the one that encrypted them")
    }
}
