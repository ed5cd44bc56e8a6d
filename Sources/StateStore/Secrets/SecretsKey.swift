import ClusterModel

/// What opens and seals the secrets of a store: a key file, a passphrase, a key of KMS, or during a rotation one after
/// the other.
public struct SecretsKey: Sendable {
    public var keyFile: KeyFile
    /// Given, or asked for when there are secrets that need it. Nil where nobody can be asked.
    public var passphrase: Passphrase?
    /// Nil where none was named.
    public var kms: KMSKey?
    /// What seals secrets of new clusters.
    public var preferred: Kind
    /// Set while the key is rotated: seals from now on, whatever opened.
    public var successor: Successor?

    public enum Kind: Sendable {
        case keyFile
        case passphrase
        case kms
    }

    public enum Successor: Sendable {
        /// The first key of the key file, for secrets that another of its keys sealed.
        case sameKeyFile
        case keyFile(KeyFile)
        case passphrase(Passphrase)
        /// A new data key of this one.
        case kms(KMSKey)
    }

    public init(
        keyFile: KeyFile, passphrase: Passphrase? = nil, kms: KMSKey? = nil, preferred: Kind = .keyFile, successor: Successor? = nil
    ) {
        self.keyFile = keyFile
        self.passphrase = passphrase
        self.kms = kms
        self.preferred = preferred
        self.successor = successor
    }

    /// What a document of secrets is sealed with.
    struct Seal: Sendable {
        var key: StoreKey
        /// With a passphrase: how the key was made of it.
        var derivation: Derivation?
        /// With a key of KMS: the key as it encrypted it.
        var envelope: Envelope?
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
            if case .sameKeyFile = successor, !own.isOfKeyFile {
                throw SlipwayError(
                    .usage, at: Address(.secrets, cluster), doing: "encrypting the secrets anew",
                    cause: own.envelope == nil ? "a passphrase encrypts them" : "a KMS key encrypts them",
                    hint: "say what comes next with --new-passphrase-file, --new-kms-key or --new-key-file")
            }
            if successor == nil {
                if own.isOfKeyFile { return try seal(with: keyFile, neededID: own.keyID, files) }
                let use = KeyUse(id: key.id, path: place, created: false)
                return Seal(key: key, derivation: own.derivation, envelope: own.envelope, use: use)
            }
        }
        switch successor {
        case .sameKeyFile: return try seal(with: keyFile, neededID: own?.keyID, files)
        case .keyFile(let file): return try seal(with: file, neededID: nil, files)
        case .passphrase(let passphrase): return try seal(with: passphrase)
        case .kms(let key): return try seal(with: key, cluster: cluster)
        case nil: break
        }
        if preferred == .passphrase, let passphrase { return try seal(with: passphrase) }
        if preferred == .kms, let kms { return try seal(with: kms, cluster: cluster) }
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

    private func seal(with kms: KMSKey, cluster: String) throws -> Seal {
        let (envelope, key) = try kms.fresh(cluster: cluster)
        return Seal(key: key, envelope: envelope, use: KeyUse(id: key.id, path: kms.place, created: false))
    }

    /// The key that a document was sealed with, and where it was found.
    private func opener(of document: SecretsDocument, cluster: String, _ files: FileSystem) throws -> (key: StoreKey, place: String) {
        if let derivation = document.derivation { return try opener(of: document, derivation, cluster: cluster) }
        if let envelope = document.envelope { return try opener(of: envelope, cluster: cluster) }
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

    private func opener(of envelope: Envelope, cluster: String) throws -> (key: StoreKey, place: String) {
        var candidates = [kms].compactMap { $0 }
        if case .kms(let next) = successor { candidates.append(next) }
        guard !candidates.isEmpty else {
            throw SlipwayError(
                .notFound, at: Address(.secrets, cluster), doing: "opening the secrets",
                cause: "the KMS key \(envelope.kmsKey) encrypted them, and none is named",
                hint: "if you trust that key, name it with --kms-key or $SLIPWAY_KMS_KEY; the permission kms:Decrypt on it is needed")
        }
        // A rotation that was cut short has sealed some with what comes next. KMS is not asked while another one knows.
        candidates = candidates.filter { $0.knows(envelope) } + candidates.filter { !$0.knows(envelope) }
        var refusal: (any Error)?
        for candidate in candidates {
            do {
                return (try candidate.key(envelope, cluster: cluster), candidate.place)
            } catch {
                refusal = refusal ?? error
            }
        }
        throw refusal ?? SecretsDocument.damaged(cluster)
    }
}
