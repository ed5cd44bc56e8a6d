import Foundation

/// A cache of its own whose machine image boots to nothing: after two seconds it says why, and powers off.
struct BrokenImage: Sendable {
    static let lastWords = "slipway-test: the disk of this machine is broken"

    /// For `$SLIPWAY_CACHE`.
    let cache: String
    /// What makes each of the images break. There is one for each recipe that this host ever made machines by.
    private var wants: [String] = []

    /// Links the files of the real image, and changes none of them.
    init(_ bench: Bench) async throws {
        cache = "\(bench.folder)/broken-cache"
        let real = "\(Setup.environment["SLIPWAY_CACHE"] ?? "/var/cache/slipway")/images"
        try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        try await bench.run("cp", ["--archive", "--link", real, "\(cache)/images"]).expect(0)
        let unit = """
            [Unit]
            DefaultDependencies=no
            Before=sysinit.target
            FailureAction=poweroff-force
            [Service]
            Type=oneshot
            ExecStart=/bin/sh -c 'sleep 2; echo "\(Self.lastWords)" >/dev/console; exit 1'

            """
        for image in try FileManager.default.contentsOfDirectory(atPath: "\(cache)/images") where !image.hasPrefix(".") {
            let units = "\(cache)/images/\(image)/root/etc/systemd/system"
            try Data(unit.utf8).write(to: URL(filePath: "\(units)/slipway-test.service"))
            try FileManager.default.createDirectory(atPath: "\(units)/sysinit.target.wants", withIntermediateDirectories: true)
            wants.append("\(units)/sysinit.target.wants/slipway-test.service")
            try FileManager.default.createSymbolicLink(
                atPath: wants[wants.count - 1], withDestinationPath: "../slipway-test.service")
        }
        try check(!wants.isEmpty, "there is no image in \(real)")
    }

    /// From its next start on a machine boots as it should.
    func mend() throws {
        for link in wants { try FileManager.default.removeItem(atPath: link) }
    }
}
