import ArgumentParser
import ClusterModel
import Operations
import StateStore

struct Unlock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove what is left of a lock.",
        usage: "slipway unlock <name> <id> [options]",
        discussion: """
            The lock of a store in a folder is the kernel's and ends with its process, however that ends: nothing has to be unlocked for the \
            next command to work. What can be left is the note of who held it; this removes it. The id is the one that the refused command \
            printed. While the holder lives, unlock refuses: two commands that change one cluster at once could make machines twice or \
            lose what the other wrote. End that process instead; the next run goes on from where it was.
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Argument(help: "The lock's id, exactly as it was printed.") var id: String
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        let store = try store.store()
        try await store.breakLock(name, id: id)
        console.say("removed what was left of lock \(id) on cluster \(name); its process had ended and held nothing any more")
    }
}
