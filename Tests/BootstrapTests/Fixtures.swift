import Bootstrap
import ClusterModel
import Foundation

/// Inputs that the tests share.
enum Fixture {
    static let cluster = ClusterIdentity(name: "demo", uid: "0a1b2c3d")

    static let late = LateValues(
        address: "100.96.8.10", providerID: "local://0a1b2c3d/demo-control-plane-a-1", apiAddress: "100.96.8.2", gateway: "100.96.8.1",
        networkCIDR: "100.96.8.0/24")

    static func cidr(_ text: String) -> IPv4CIDR { IPv4CIDR(text) ?? IPv4CIDR(base: IPv4Address(rawValue: 0), prefix: 0).unsafelyUnwrapped }

    static func input(
        _ role: MachineRole = .controlPlane, version: String = "1.20.2", machine: String? = nil, podCIDR: String? = nil,
        taints: [Taint]? = nil, late: LateValues = Fixture.late
    ) throws -> NodeContentInput {
        let isMaster = role == .controlPlane
        let design = MachineDesign(
            name: machine ?? (isMaster ? "demo-control-plane-a-1" : "demo-nodes-a-1"),
            pool: isMaster ? MachineRole.controlPlanePool : "nodes", zone: "local-a", role: role, ordinal: 1, instanceType: "local.small",
            podCIDR: cidr(podCIDR ?? (isMaster ? "10.244.0.0/24" : "10.244.1.0/24")))
        var input = try NodeContentInput(
            cluster: cluster, spec: spec(version: version), machine: design, secretsVersion: "1", late: late)
        if let taints { input.taints = taints }
        return input
    }

    static func spec(version: String = "1.20.2", masters: Int = 1, workers: Int = 1) -> ClusterSpec {
        ClusterSpec(
            kubernetesVersion: KubernetesVersion(version), cloud: CloudSpec(provider: .local), access: AccessSpec(),
            controlPlane: ControlPlaneSpec(count: masters, zones: ["local-a"], instanceType: "local.small"),
            pools: [PoolSpec(name: "nodes", zones: ["local-a"], count: workers, instanceType: "local.small")],
            network: NetworkSpec(podCIDR: cidr(NetworkSpec.defaultPodCIDR), serviceCIDR: cidr(NetworkSpec.defaultServiceCIDR)),
            assets: AssetsSpec(), deletionProtection: false)
    }

    /// Secrets and certificates whose bytes name themselves.
    static func secret(_ reference: SecretReference) -> Secret { Secret("secret \(reference)\n") }
    static func certificate(_ name: String) -> IssuedCertificate {
        IssuedCertificate(certificate: "certificate \(name)\n", key: Secret("key \(name)\n"))
    }
}

extension NodeContent {
    func text(at path: String) -> String {
        guard case .text(let text)? = file(at: path)?.content else { return "" }
        return text
    }
}

/// A folder of its own, removed by `remove`.
struct TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "slipway-\(UUID().uuidString.prefix(13))").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String, mode: Int = 0o644) throws {
        let target = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: target))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: target)
    }

    func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }

    func mode(_ name: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)"))?[.posixPermissions] as? Int
    }
}
