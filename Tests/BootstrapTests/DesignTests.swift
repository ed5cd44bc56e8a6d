import Bootstrap
import ClusterModel
import Testing

@Suite struct DesignTests {
    private func design(_ role: MachineRole, version: String, pool: PoolSpec? = nil) throws -> NodeDesign {
        let machine = MachineDesign(
            name: "demo-nodes-a-1", pool: role == .worker ? "nodes" : MachineRole.controlPlanePool, zone: "local-a", role: role, ordinal: 1,
            instanceType: "local.small", podCIDR: Fixture.cidr("10.244.1.0/24"))
        return NodeDesigns.node(for: machine, pool: pool, version: try #require(KubernetesVersion(version)))
    }

    @Test(arguments: [
        ("1.20.2", ["master"]), ("1.23.9", ["master"]), ("1.24.0", ["control-plane", "master"]), ("1.25.0", ["control-plane"]),
        ("1.36.2", ["control-plane"]),
    ])
    func mastersAreTaintedAsKubeadmDid(version: String, keys: [String]) throws {
        let taints = try design(.controlPlane, version: version).taints
        #expect(taints == keys.map { Taint(key: "node-role.kubernetes.io/\($0)", effect: .noSchedule) })
    }

    @Test func labelsSayWhatTheMachineIs() throws {
        let pool = PoolSpec(
            name: "nodes", zones: ["local-a"], count: 1, instanceType: "local.small",
            labels: ["tier": "web", NodeDesigns.poolLabel: "lie"],
            taints: [Taint(key: "a", effect: .noSchedule)])
        let worker = try design(.worker, version: "1.20.2", pool: pool)
        #expect(
            worker.labels == [
                "tier": "web", "slipway.dev/pool": "nodes", "topology.kubernetes.io/zone": "local-a",
                "node.kubernetes.io/instance-type": "local.small",
            ])
        #expect(worker.taints == pool.taints)
        let old = try design(.controlPlane, version: "1.23.0").labels
        #expect(old["node-role.kubernetes.io/master"] == "")
        #expect(old["node-role.kubernetes.io/control-plane"] == "")
        #expect(try design(.controlPlane, version: "1.24.0").labels["node-role.kubernetes.io/master"] == nil)
    }

    @Test func theNoteSaysWhatWasApplied() throws {
        let version = try #require(KubernetesVersion("1.20.2"))
        let objects = ClusterManifests.objects(cluster: Fixture.cluster, version: version)
        let digest = ClusterManifests.digest(cluster: Fixture.cluster, version: version)
        #expect(ClusterManifests.digest(in: objects.last, cluster: Fixture.cluster) == digest)
        #expect(ClusterManifests.digest(in: nil, cluster: Fixture.cluster) == nil)
        #expect(ClusterManifests.digest(in: objects.last, cluster: ClusterIdentity(name: "demo", uid: "other")) == nil)
        #expect(ClusterManifests.digest(cluster: Fixture.cluster, version: try #require(KubernetesVersion("1.20.3"))) != digest)
    }

    @Test func theLogIsAskedForByUnit() {
        #expect(UnitLog.script(for: .apiserver, lines: 7).contains("--lines=7 --unit=kube-apiserver.service"))
    }
}
