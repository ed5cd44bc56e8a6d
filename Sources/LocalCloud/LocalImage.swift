import ClusterModel
import Crypto
import Glibc
import Subprocess
import SystemPackage
import Templates

/// The root filesystem that every local machine's disk is laid over: Debian 12 with what a Kubernetes node needs. It is
/// made once, from the archive that this host's apt is set up for, and kept in the cache.
public struct LocalImage: Sendable, Equatable {
    /// First digits of the SHA-256 of the recipe: another recipe makes another image.
    public let digest: String
    /// Folder of the root filesystem.
    public let root: String

    static let release = "bookworm"
    static let packages = [
        "systemd", "systemd-sysv", "dbus", "openssh-server", "iproute2", "iptables", "nftables", "ipset", "ebtables", "conntrack",
        "ethtool", "socat", "curl", "iputils-ping", "iputils-arping", "keepalived", "containerd", "runc",
        "containernetworking-plugins", "etcd-server", "etcd-client", "ca-certificates", "procps", "psmisc", "kmod", "util-linux",
        "mount", "less",
    ]
    /// Laid over what the packages bring, by path in the image.
    static var files: [(path: String, content: String)] {
        [
            ("/etc/ssh/sshd_config.d/slipway.conf", LocalTemplates.sshdConfiguration),
            ("/etc/systemd/journald.conf.d/slipway.conf", LocalTemplates.journaldConfiguration),
            ("/etc/systemd/system.conf.d/slipway.conf", LocalTemplates.systemConfiguration),
            ("/etc/systemd/system/slipway-local-setup.service", LocalTemplates.setupUnit),
            ("/usr/lib/slipway/local-setup", LocalTemplates.setupScript),
        ]
    }

    static var recipeDigest: String {
        let recipe = [release, packages.joined(separator: ","), LocalTemplates.imageScript] + files.flatMap { [$0.path, $0.content] }
        let digest = SHA256.hash(data: Array(recipe.joined(separator: "\u{0}").utf8))
        return String(digest.hexadecimal.prefix(16))
    }

    /// The image of this recipe in the cache, nil when it was not made yet.
    static func find(in cacheRoot: String) -> LocalImage? {
        find(recipeDigest, in: cacheRoot)
    }

    static func find(_ digest: String, in cacheRoot: String) -> LocalImage? {
        // It gets this name when it is complete.
        let root = "\(cacheRoot)/images/\(digest)/root"
        return Files.exists(root) ? LocalImage(digest: digest, root: root) : nil
    }

    /// Finds the image, or makes it (needs root, mmdebstrap and a way to the archive; about two minutes). Of several
    /// processes one makes it and the others wait. Throws `.failed` with the last lines of the build's log.
    public static func ensure(cacheRoot: String, progress: @escaping @Sendable (String) -> Void) async throws -> LocalImage {
        if let image = find(in: cacheRoot) { return image }
        let images = "\(cacheRoot)/images"
        try Files.makeFolder(images, mode: 0o755)
        return try await FolderLock.with(images, waiting: { progress("waiting for another run that makes the machine image") }) {
            if let image = find(in: cacheRoot) { return image }
            return try await build(in: images, cacheRoot: cacheRoot, progress: progress)
        }
    }

    private static func build(in images: String, cacheRoot: String, progress: @escaping @Sendable (String) -> Void) async throws
        -> LocalImage
    {
        progress("making the machine image (Debian 12, \(packages.count) packages): once, about two minutes")
        for leftover in try Files.list(images) where leftover.hasPrefix(".building-") {
            try? await Tool.remove("\(images)/\(leftover)")
        }
        let digest = recipeDigest
        let work = "\(images)/.building-\(digest)-\(getpid())"
        try Files.makeFolder(work, mode: 0o755)
        do {
            for file in files {
                let path = FilePath("\(work)/files\(file.path)")
                try Files.makeFolder(path.removingLastComponent().string, mode: 0o755)
                try Files.write(Array(file.content.utf8), to: path.string, mode: 0o644)
            }
            try await runRecipe(in: work, progress: progress)
            try Files.makeFolder("\(work)/done", mode: 0o755)
            try Files.move("\(work)/root", to: "\(work)/done/root")
            sync()
            try Files.move("\(work)/done", to: "\(images)/\(digest)")
            try Files.sync(folder: images)
        } catch {
            try? await Tool.remove(work)
            throw error
        }
        try await Tool.remove(work)
        progress("the machine image is ready")
        return LocalImage(digest: digest, root: "\(images)/\(digest)/root")
    }

    private static func runRecipe(in work: String, progress: @escaping @Sendable (String) -> Void) async throws {
        let doing = "making the machine image"
        let result = try await run(
            .path("/bin/sh"),
            arguments: ["-c", LocalTemplates.imageScript, "local-image", work, release, packages.joined(separator: ",")],
            environment: .inherit.updating(["PATH": Tool.folders.joined(separator: ":"), "LC_ALL": "C"]),
            input: .none, output: .sequence, error: .combinedWithOutput
        ) { execution in
            var lines: [String] = []
            for try await line in execution.standardOutput.strings() {
                let text = line.trimming(while: \.isWhitespace)
                guard !text.isEmpty else { continue }
                lines = lines.suffix(19) + [text]
                if text.hasPrefix("I: ") { progress("machine image: \(text.dropFirst(3))") }
            }
            return lines
        }
        guard result.terminationStatus == .exited(0) else {
            throw SlipwayError(
                .failed, doing: doing, cause: "the build ended with \(result.terminationStatus)",
                hint: "check that apt-get update works on this host", log: result.closureResult, retry: .transient)
        }
    }
}

extension String {
    /// Without the characters at both ends for which `unwanted` holds.
    func trimming(while unwanted: (Character) -> Bool) -> String {
        let start = drop(while: unwanted)
        guard let end = start.lastIndex(where: { !unwanted($0) }) else { return "" }
        return String(start[...end])
    }
}
