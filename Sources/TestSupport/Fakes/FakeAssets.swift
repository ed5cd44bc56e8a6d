public import ClusterModel

/// An asset source whose files exist by name only. It fails for versions that its test did not say it has.
public struct FakeAssets: AssetSource {
    public let name = "/mirror"
    public let log: CallLog
    private let versions: [KubernetesVersion]

    /// - Parameter versions: those that it has; the greatest is the newest.
    public init(log: CallLog = CallLog(), versions: [KubernetesVersion] = []) {
        self.log = log
        self.versions = versions
    }

    /// What `sha256` of a file is said to be: 64 hexadecimal digits that depend on its name.
    public static func digest(_ name: String) -> String {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = String(sum, radix: 16)
        return String(repeating: String(repeating: "0", count: 16 - digits.count) + digits, count: 4)
    }

    public func newestVersion() async throws -> KubernetesVersion {
        log.add("assets.newestVersion")
        guard let newest = versions.max() else { throw UnexpectedCall("assets.newestVersion") }
        return newest
    }

    public func binary(_ binary: KubernetesBinary, version: KubernetesVersion) async throws -> AssetFile {
        log.add("assets.binary \(binary.rawValue) \(version)")
        guard versions.contains(version) else { throw UnexpectedCall("assets.binary \(binary.rawValue) \(version)") }
        let name = "\(version)/\(binary.rawValue)"
        return AssetFile(path: "/mirror/\(name)", sha256: FakeAssets.digest(name), size: 100_000_000)
    }

    public func pauseImage(named name: String, for version: KubernetesVersion) async throws -> AssetFile {
        log.add("assets.pauseImage \(name)")
        guard !versions.isEmpty else { throw UnexpectedCall("assets.pauseImage \(name)") }
        return AssetFile(path: "/mirror/pause.tar", sha256: FakeAssets.digest(name), size: 500_000)
    }
}
