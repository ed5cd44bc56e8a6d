import ClusterModel

/// Where the files of one cluster are.
struct ClusterFolder: Sendable, Equatable {
    var path: String

    var state: String { "\(path)/state.json" }
    var journal: String { "\(path)/journal.jsonl" }
    var secrets: String { "\(path)/secrets.enc" }
    var secretsCopy: String { "\(backups)/secrets.enc" }
    var lock: String { "\(path)/lock" }
    var owner: String { "\(path)/lock.owner" }
    var backups: String { "\(path)/backups" }
    var runs: String { "\(path)/runs" }

    static let backupsKept = 10

    /// Sorts by serial.
    static func backupName(serial: Int) -> String {
        let digits = String(serial)
        return "state-\(String(repeating: "0", count: max(0, 12 - digits.count)))\(digits).json"
    }

    func backup(serial: Int) -> String { "\(backups)/\(Self.backupName(serial: serial))" }
    func run(_ id: String) -> String { "\(runs)/\(id).jsonl" }

    /// Backups, newest first.
    func backupNames(_ files: FileSystem) throws -> [String] {
        try files.list(backups).filter { $0.hasPrefix("state-") && $0.hasSuffix(".json") }.reversed()
    }

    /// What is here of a cluster besides its state document, locks and logs.
    func traces(_ files: FileSystem) throws -> [String] {
        var traces: [String] = []
        if (files.size(journal) ?? 0) > 0 { traces.append("journal.jsonl") }
        if files.size(secrets) != nil { traces.append("secrets.enc") }
        if try !backupNames(files).isEmpty { traces.append("backups/") }
        return traces
    }
}

/// Names that become names of files.
enum FileName {
    static func check(_ name: String, _ what: String) throws {
        let allowed = name.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains($0)
        }
        guard allowed, !name.isEmpty, !name.hasPrefix("."), name.utf8.count <= 200 else {
            throw SlipwayError(
                .usage, doing: "looking into the state store", cause: "'\(name)' cannot be the name of a \(what)",
                hint: "letters, digits and '-' are what a name is made of")
        }
    }
}
