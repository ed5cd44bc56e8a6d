/// The rules that a spec must follow. Each topic has its own file; what depends on the cloud is in `ProviderRules`.
struct SpecRules {
    let cluster: Cluster
    let provider: ProviderRules
    /// Whether the user wrote a field; defaults are blamed on the fields that they follow from.
    let isWritten: (FieldPath) -> Bool
    private(set) var findings: [Finding] = []

    init(_ cluster: Cluster, instanceTypes: [InstanceType]?, isWritten: @escaping (FieldPath) -> Bool) {
        self.cluster = cluster
        self.isWritten = isWritten
        provider = ProviderRules(cluster.spec.cloud.provider, instanceTypes: instanceTypes)
    }

    var spec: ClusterSpec { cluster.spec }

    mutating func checkAll(expectedName: String?) {
        checkName(expectedName: expectedName)
        checkVersion()
        checkAccess()
        checkAWS()
        checkControlPlane()
        checkPools()
        checkNetwork()
        checkAssets()
    }

    mutating func error(
        _ path: FieldPath, _ message: String, _ suggestion: String? = nil, related: [FieldPath] = [], hidesSource: Bool = false
    ) {
        findings.append(Finding(path: path, message: message, suggestion: suggestion, related: related, hidesSource: hidesSource))
    }

    mutating func warning(_ path: FieldPath, _ message: String, _ suggestion: String? = nil, related: [FieldPath] = []) {
        findings.append(Finding(severity: .warning, path: path, message: message, suggestion: suggestion, related: related))
    }

    mutating func error(_ path: FieldPath, _ problem: SpecTextProblem?, isAboutKey: Bool = false) {
        guard let problem else { return }
        findings.append(Finding(path: path, message: problem.message, suggestion: problem.suggestion, isAboutKey: isAboutKey))
    }

    // MARK: Small topics

    private mutating func checkVersion() {
        guard let version = spec.kubernetesVersion else { return }
        error(.kubernetesVersion, SupportedVersions.problem(version))
    }

    private mutating func checkAssets() {
        let source = spec.assets.source
        if let problem = AssetSourceText.problem(source) {
            error(.assetsSource, problem.message, problem.suggestion, hidesSource: AssetSourceText.mayHoldSecret(source))
        }
    }
}
