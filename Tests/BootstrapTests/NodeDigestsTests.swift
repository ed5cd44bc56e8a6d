import ClusterModel
import TestSupport
import Testing

@testable import Bootstrap

@Suite struct NodeDigestsTests {
    private static func input(
        _ machine: String, range: String = "10.244.7.0/24", role: MachineRole = .worker, version: KubernetesVersion = Fixtures.version,
        pods: String = "10.244.0.0/16"
    ) throws -> NodeContentInput {
        var spec = Fixtures.cluster().spec
        spec.kubernetesVersion = version
        spec.network.podCIDR = Fixtures.cidr(pods)
        let design = MachineDesign(
            name: machine, pool: role == .controlPlane ? MachineRole.controlPlanePool : "nodes", zone: "local-a", role: role, ordinal: 1,
            instanceType: "local.small", podCIDR: Fixtures.cidr(range))
        return try NodeContentInput(
            cluster: ClusterIdentity(name: "demo", uid: "0011aabb"), spec: spec, machine: design, secretsVersion: "one")
    }

    @Test(arguments: [20, 24, 28, 32, 36]) func areThoseOfTheWholeContent(minor: Int) throws {
        let digests = NodeDigests()
        let version = KubernetesVersion(major: 1, minor: minor, patch: 2)
        for role in [MachineRole.controlPlane, .worker] {
            for (name, range) in [
                ("demo-nodes-a-1", "10.244.7.0/24"), ("demo-nodes-a-1", "10.244.8.0/24"), ("d-n-a-12345", "10.1.2.0/24"),
                ("demo-" + String(repeating: "long", count: 14), "192.168.200.0/24"), ("demo-nodes-no-1", "10.244.7.0/24"),
                ("demo-nodes-a-2", "10.244.9.0/24"), ("demo-nodes-a-3", "10.244.10.0/24"),
            ] {
                let input = try Self.input(name, range: range, role: role, version: version)
                #expect(try digests.specDigest(of: input) == NodeContent.specDigest(of: input), "\(name) \(range)")
            }
        }
    }

    /// What could be quoted, and ranges that are in the content for other reasons, or of another size.
    @Test func areThoseOfTheWholeContentForUnusualValuesToo() throws {
        let digests = NodeDigests()
        for (name, range, pods) in [
            ("a b'\"$%", "10.244.7.0/24", "10.244.0.0/16"), ("1e5", "10.244.7.0/24", "10.244.0.0/16"),
            ("demo-nodes-a-1", "10.244.7.0/26", "10.244.0.0/16"), ("demo-nodes-a-1", "203.0.113.0/24", "203.0.113.0/24"),
            ("demo-nodes-a-1", "203.0.112.0/24", "203.0.112.0/20"),
        ] {
            let input = try Self.input(name, range: range, pods: pods)
            #expect(try digests.specDigest(of: input) == NodeContent.specDigest(of: input), "\(name) \(range)")
        }
    }
}
