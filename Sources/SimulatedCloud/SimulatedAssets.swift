public import ClusterModel

/// Kubernetes' binaries by name only: nothing is read, since simulated machines take any file.
public struct SimulatedAssets: AssetSource {
    public let name = "simulated"
    let versions: [KubernetesVersion]

    /// - Parameter versions: those that it has; the greatest is the newest.
    public init(versions: [KubernetesVersion]) { self.versions = versions }

    public func newestVersion() async throws -> KubernetesVersion {
        guard let newest = versions.max() else { throw lacks("any release") }
        return newest
    }

    public func binary(_ binary: KubernetesBinary, version: KubernetesVersion) async throws -> AssetFile {
        guard versions.contains(version) else { throw lacks("Kubernetes \(version)") }
        return file("\(version)/\(binary.rawValue)", size: 100_000_000)
    }

    public func pauseImage(named name: String, for version: KubernetesVersion) async throws -> AssetFile {
        file("pause/\(name)", size: 500_000)
    }

    private func file(_ name: String, size: Int) -> AssetFile {
        AssetFile(path: "/simulated/\(name)", sha256: SimulatedFile(name).sha256, size: size)
    }

    private func lacks(_ what: String) -> SlipwayError {
        let known = versions.sorted().map { "\($0)" }.joined(separator: ", ")
        return SlipwayError(
            .unreachable, doing: "asking the simulated asset source", cause: "it does not have \(what)",
            hint: known.isEmpty ? nil : "it has: \(known)")
    }
}
