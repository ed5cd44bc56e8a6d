import ArgumentParser
import ClusterModel
import Operations
import StateStore

struct Unlock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove what is left of a lock.",
        usage: "slipway unlock <name> <id> [options]",
        discussion: """
            The id is the one that the refused command printed, exactly.

            The lock of a store in a folder is the kernel's and ends with its process, however that ends: nothing has to be unlocked for the \
            next command to work. What can be left is the note of who held it; this removes it. While the holder lives, unlock refuses: end \
            that process instead; the next run goes on from where it was.

            The lock of a store on S3 ends by itself some time after its holder's last sign of life, and at once when a process of this \
            machine is seen to have died. Unlock removes it before. The risk: whether a holder on another machine still lives cannot be \
            known, and until it finds out, within that time, two commands may change one cluster at once; they cannot overwrite what the \
            other recorded, but they can make a machine twice. So unlock only what you know to be dead.
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Argument(help: "The lock's id, exactly as it was printed.") var id: String
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        let store = try store.store()
        let broken = try await store.breakLock(name, id: id)
        guard let time = broken.mayActFor else {
            console.say("removed what was left of lock \(id) on cluster \(name); its process had ended and held nothing any more")
            return
        }
        let seconds = max(1, Int((time / .seconds(1)).rounded(.up)))
        console.say(
            """
            removed lock \(id) on cluster \(name), held by \(broken.holder)
            if that process still lives, it finds out when it next renews the lock, and may change the cluster until then \
            (\(seconds) s at most): run nothing on this cluster before that, unless you know that it is dead
            """)
    }
}
