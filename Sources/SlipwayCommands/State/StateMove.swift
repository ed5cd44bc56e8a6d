import ArgumentParser
import ClusterModel
import Operations
import StateStore

struct StateMove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Move what is remembered of a cluster to another store.",
        usage: "slipway state move <name> --to <url> [options]",
        discussion: """
            State and secrets go there, encrypted with the same key; logs of runs stay. Whatever cuts it short, the same command ends it; \
            until then nothing else works on the cluster. Only while the new store has nothing of it yet, --to with the old store takes the \
            move back. The tags of network and machines name the new store then, for the day on which the state is lost: run it where the \
            cloud can be reached.
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Option(help: ArgumentHelp("The other store, as --state takes it.", valueName: "url")) var to: String
    @OptionGroup var lock: LockOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        let destination = try store.store(at: to)
        try await World.with(store, lock: lock) { context in
            if destination.location == context.store.location, try await Inspect(context).state(name, serial: nil).movingTo != nil {
                try await MoveState.takeBack(name, context) { try store.store(at: $0) }
                console.say("took the move back; cluster \(name) is in \(destination.location)")
                return
            }
            let key = try await MoveState(context, to: destination)(name)
            console.say("moved cluster \(name) to \(destination.location); from now on: --state \(destination.location)")
            if let key { console.say("its secrets are encrypted with the key \(key.id) of \(key.path)") }
        }
    }
}
