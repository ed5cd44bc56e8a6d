public import ArgumentParser
public import ClusterModel
import Operations
import StateStore

/// Where clusters are remembered, and the key that their secrets are encrypted with.
struct StoreOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The state store: a folder, or s3://BUCKET/PREFIX (or $SLIPWAY_STATE). Default: ./state", valueName: "url"))
    var state: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The key that secrets are encrypted with (or $SLIPWAY_KEY_FILE). Default: ~/.config/slipway/key", valueName: "file"))
    var keyFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A file with the passphrase that encrypts secrets instead, or - to be asked for it (or $SLIPWAY_PASSPHRASE_FILE, or the passphrase in $SLIPWAY_PASSPHRASE).",
            valueName: "file"))
    var passphraseFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A key of AWS KMS that encrypts secrets instead: its ARN, its id, or alias/NAME (or $SLIPWAY_KMS_KEY).", valueName: "key"))
    var kmsKey: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Stop after this long: start nothing new, save, exit with 75. As 30m.", valueName: "duration"))
    var timeout: Seconds?

    @Option(name: .long, help: ArgumentHelp("How much is told of a run.", valueName: "level"))
    var logLevel: LogLevel = .info

    @Flag(
        name: .long,
        help: "First rebuild what the store has lost of the cluster, from its tags, its nodes and its control plane.")
    var recover = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --recover, when the secrets are lost, too: the private key of one of access.sshPublicKeys.", valueName: "file"),
        completion: .file())
    var sshKey: String?

    mutating func validate() throws {
        if sshKey != nil, !recover { throw ValidationError("--ssh-key belongs to --recover") }
        if let timeout, timeout.duration <= .zero { throw ValidationError("--timeout is longer than 0s") }
    }

    /// The store that the options name. `successor`: what seals secrets from now on.
    func store(successor: SecretsKey.Successor? = nil) throws -> any StateStore {
        try store(at: state ?? Surroundings.current.variable("SLIPWAY_STATE") ?? StateLocation.standard, successor: successor)
    }

    /// Another store, with the same key.
    func store(at location: String, successor: SecretsKey.Successor? = nil) throws -> any StateStore {
        var key = try key()
        key.successor = successor
        return try StateLocation(location).open(key: key, environment: Surroundings.current.environment)
    }
}

extension StoreOptions {
    /// - Parameter mayStart: whether machines may be started for it.
    /// - Throws: `.notFound`, `.refused` for a key file that cannot be used.
    func recovery(mayStart: Bool) throws -> RecoveryRequest? {
        guard recover else { return nil }
        return RecoveryRequest(sshKey: try sshKey.map { try PrivateKeyFile.read($0) }, mayStart: mayStart)
    }
}

/// How long to wait for others.
struct LockOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Wait this long for a lock that somebody else holds, as 30s or 5m.", valueName: "duration"))
    var lockTimeout: Seconds = Seconds(0)
}

/// How a run is carried out and told.
struct RunOptions: ParsableArguments {
    @Flag(name: .long, help: "Carry the plan out. Without it the plan is only shown.")
    var yes = false

    @OptionGroup var lock: LockOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How many machines are worked on at once, from 1 to 256. Default: 16, or more where pools may surge by more.", valueName: "n"))
    var parallelism: Int?

    @Option(
        name: .shortAndLong, help: "Form of the plan: table (for people), json or yaml. With json, events are JSON lines on standard error."
    )
    var output: OutputFormat = .table

    @Flag(name: .long, help: "In a preview, exit with 2 when there is something to do.")
    var detailedExitCode = false

    mutating func validate() throws {
        guard (1...256).contains(parallelism ?? 1) else { throw ValidationError("--parallelism is a number from 1 to 256") }
        if yes, detailedExitCode { throw ValidationError("--detailed-exit-code belongs to a preview: leave --yes out") }
    }
}

extension Seconds: ExpressibleByArgument {
    public init?(argument: String) { self.init(text: argument) }
}
