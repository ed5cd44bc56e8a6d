import AWSAPI
import ClusterModel

/// Where the objects of one cluster are.
struct ClusterKeys: Sendable, Equatable {
    /// Ends with `/`.
    var root: String

    var state: String { "\(root)state.json" }
    var journal: String { "\(root)journal/" }
    var secrets: String { "\(root)secrets.enc" }
    var secretsCopy: String { "\(history)secrets.enc" }
    var lock: String { "\(root)lock.json" }
    var history: String { "\(root)history/" }
    var runs: String { "\(root)runs/" }

    /// The segments that continue one state document. Each document has a folder of its own: what a process that lost its
    /// lock still writes, it writes where nobody looks any more once another one has folded the journal.
    func segments(continuing document: StateDocument) -> String {
        "\(journal)\(document.state.lineage)-\(Self.digits(document.body.sequence))/"
    }

    /// Named by the number of its first record, so that there is one at most of each.
    static func segment(from sequence: Int, in folder: String) -> String { "\(folder)\(digits(sequence)).jsonl" }

    /// Of a listing of `history/` the state documents, oldest first.
    func states(in listing: [S3Entry]) -> [String] { listing.map(\.key).filter { $0.hasPrefix("\(history)state-") }.sorted() }

    func history(serial: Int) -> String { "\(history)\(ClusterFolder.backupName(serial: serial))" }
    func run(_ id: String) -> String { "\(runs)\(id)/" }
    func runPart(_ id: String, _ number: Int) -> String { "\(run(id))\(Self.digits(number, count: 6)).jsonl" }

    /// Sorts by number.
    private static func digits(_ number: Int, count: Int = 12) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}
