/// What is mounted where, as `/proc/self/mountinfo` tells it.
struct MountTable: Sendable, Equatable {
    struct Mount: Sendable, Equatable {
        var path: String
        var type: String
        /// `device` as the kernel was given it, and the options of its filesystem.
        var source: String
        var superOptions: [String]
    }

    var mounts: [Mount]

    init(_ mountinfo: String) {
        mounts = mountinfo.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            // Optional fields, a lone dash, then type, source and options.
            guard let dash = fields.firstIndex(of: "-"), dash > 4, fields.count > dash + 3 else { return nil }
            return Mount(
                path: String(fields[4]), type: String(fields[dash + 1]), source: String(fields[dash + 2]),
                superOptions: fields[dash + 3].split(separator: ",").map(String.init))
        }
    }

    static func current() throws -> MountTable {
        MountTable(try Files.text("/proc/self/mountinfo") ?? "")
    }

    func isMountPoint(_ path: String) -> Bool { mounts.contains { $0.path == path } }

    /// The type of the filesystem that an absolute path lies on.
    func filesystem(of path: String) -> String? {
        let covering = mounts.filter { $0.path == "/" || path == $0.path || path.hasPrefix($0.path + "/") }
        // Of several at one place the last one is seen.
        return covering.enumerated().max { ($0.element.path.utf8.count, $0.offset) < ($1.element.path.utf8.count, $1.offset) }?.element.type
    }
}
