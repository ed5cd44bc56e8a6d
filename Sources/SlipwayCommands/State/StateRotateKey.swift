import ArgumentParser
import ClusterModel
import Operations
import StateStore

struct StateRotateKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key", abstract: "Encrypt secrets anew, under another key.",
        usage: "slipway state rotate-key [<name> ...] [--new-key-file <file>] [options]",
        discussion: """
            Without a name the secrets of every cluster of the store. Without another file a new key is put before the old one in the key \
            file: the first encrypts, all of them open, as other stores may still need the old one; remove its line when none does. \
            Whatever cuts it short, secrets open with the old key or with the new one, and the same command goes on.

            This changes what opens the store. Who had the old key and a copy of the store has its secrets all the same.
            """)

    @Argument(help: "Clusters' names.", completion: LiveNames.clusters) var names: [String] = []
    @Option(help: ArgumentHelp("Encrypt with the key in this file; made if there is none.", valueName: "file"), completion: .file())
    var newKeyFile: String?
    @Option(
        help: ArgumentHelp("Encrypt with the passphrase in this file, or - to be asked for it.", valueName: "file"), completion: .file())
    var newPassphraseFile: String?
    @Option(
        help: ArgumentHelp(
            "Encrypt with a new data key of this key of AWS KMS; it may be the one that is in use.", valueName: "key"))
    var newKmsKey: String?
    @OptionGroup var lock: LockOptions
    @OptionGroup var store: StoreOptions

    mutating func validate() throws {
        guard [newKeyFile, newPassphraseFile, newKmsKey].compactMap({ $0 }).count <= 1 else {
            throw ValidationError("give one of --new-key-file, --new-passphrase-file and --new-kms-key")
        }
    }

    func run() async throws {
        let console = Console.current
        let successor: SecretsKey.Successor
        if let newPassphraseFile {
            successor = .passphrase(StoreOptions.passphrase(in: newPassphraseFile, asking: "New passphrase"))
        } else if let newKmsKey {
            successor = .kms(try StoreOptions.kms(newKmsKey))
        } else {
            successor = newKeyFile.map { .keyFile(KeyFile(path: $0)) } ?? .sameKeyFile
        }
        try await World.with(store, lock: lock, successor: successor) { context in
            for name in names { _ = try await Inspect(context).cluster(name) }
            if case .sameKeyFile = successor {
                let file = try store.key().keyFile
                let keys = try file.rotate()
                console.say("put the key \(keys.new) into \(file.path), before \(keys.old): back it up")
            }
            for (name, key) in try await RotateKey(context)(names) {
                console.say(key.map { "the secrets of \(name) are encrypted with the key \($0) now" } ?? "\(name) has no secrets yet")
            }
        }
    }
}
