/// The Kubernetes releases that were booted for real.
public enum SupportedVersions {
    /// Oldest first. Every patch release of these minor releases is accepted.
    public static let minors: [(major: Int, minor: Int)] = [(1, 20)]

    /// A release to show in messages and documentation.
    public static let example = KubernetesVersion(major: 1, minor: 20, patch: 2)

    public static func supports(_ version: KubernetesVersion) -> Bool {
        minors.contains { $0 == (version.major, version.minor) }
    }

    /// Why a release cannot be used; nil when it can.
    static func problem(_ version: KubernetesVersion) -> SpecTextProblem? {
        guard !supports(version), let oldest = minors.first, let newest = minors.last else { return nil }
        let range =
            oldest == newest ? "\(oldest.major).\(oldest.minor)" : "\(oldest.major).\(oldest.minor) to \(newest.major).\(newest.minor)"
        let relation =
            (version.major, version.minor) < oldest
            ? "older than the oldest supported release" : "newer than the newest supported release"
        return SpecTextProblem("Kubernetes \(version) is \(relation)", "supported: \(range), as \(example)")
    }
}
