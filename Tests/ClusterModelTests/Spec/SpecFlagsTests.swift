import ClusterModel
import Testing

@Suite struct SpecFlagsTests {
    @Test func nothingButTheCloudIsTheMinimalFile() throws {
        #expect(try SpecFlags(name: "demo", cloud: "local").read().get().cluster == Specs.cluster())
    }

    @Test func flagsAndFileGiveTheSameSpec() throws {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me"
        let flags = SpecFlags(
            name: "demo", cloud: "local", zones: ["local-a", "local-b"], controlPlaneCount: 1, controlPlaneSize: "local.small",
            nodeCount: 3,
            nodeSize: "local.small", kubernetesVersion: "1.20.2", access: ["10.0.0.0/8"], sshPublicKeys: [key], assets: "/srv/mirror",
            podCIDR: "10.1.0.0/16", serviceCIDR: "10.2.0.0/16", localCIDR: "100.96.8.0/24", deletionProtection: true)
        let file = """
            apiVersion: slipway.dev/v1alpha1
            kind: Cluster
            metadata: {name: demo}
            spec:
              kubernetesVersion: 1.20.2
              cloud: {provider: local, local: {cidr: 100.96.8.0/24}}
              access: {api: [10.0.0.0/8], ssh: [10.0.0.0/8], sshPublicKeys: [\(key)]}
              controlPlane: {count: 1, zones: [local-a, local-b], instanceType: local.small}
              pools: [{name: nodes, count: 3, zones: [local-a, local-b], instanceType: local.small}]
              network: {podCIDR: 10.1.0.0/16, serviceCIDR: 10.2.0.0/16}
              assets: {source: /srv/mirror}
              deletionProtection: true
            """
        let fromFlags = try flags.read().get()
        let fromFile = try Specs.decode(file).get()
        #expect(fromFlags.cluster == fromFile.cluster)
        #expect(SpecEncoder.yaml(fromFlags.cluster) == SpecEncoder.yaml(fromFile.cluster))
        #expect(Set(fromFlags.warnings.map(\.message)) == Set(fromFile.warnings.map(\.message)))
    }

    @Test func mistakesNameTheirFlag() throws {
        let flags = SpecFlags(
            name: "Demo", cloud: "locl", zones: ["local-a", "local-a"], controlPlaneCount: 2, controlPlaneSize: "huge", nodeCount: -1,
            nodeSize: "local.smal", kubernetesVersion: "1.20", access: ["10.0.0.1/8"], assets: "x", podCIDR: "y", localCIDR: "10.96.0.0/24")
        guard case .failure(let failure) = flags.read() else {
            Issue.record("accepted")
            return
        }
        let named = failure.diagnostics.map(\.flag)
        for flag in [
            "NAME", "--cloud", "--zones", "--control-plane-count", "--node-count", "--kubernetes-version", "--access", "--assets",
            "--pod-cidr",
            "--local-cidr",
        ] {
            #expect(named.contains(flag), "\(flag)")
        }
        #expect(failure.diagnostics.allSatisfy { $0.file == nil && $0.line == nil && $0.flag != nil })
        try Golden.expect(failure.render() + "\n", equals: "flags.txt")
    }

    @Test func theCloudMustBeNamed() {
        guard case .failure(let failure) = SpecFlags(name: "demo").read() else {
            Issue.record("accepted")
            return
        }
        #expect(failure.render() == "--cloud: error: no cloud is named\n      = --cloud local\n1 error")
    }

    @Test func openToWorldIsEveryRange() throws {
        let access = try SpecFlags(name: "demo", cloud: "local", openToWorld: true).read().get().cluster.spec.access
        #expect(access.api.map(\.description) == ["0.0.0.0/0"])
        #expect(access.ssh == access.api)
        guard case .failure = SpecFlags(name: "demo", cloud: "local", access: ["10.0.0.0/8"], openToWorld: true).read() else {
            Issue.record("accepted a contradiction")
            return
        }
    }
}
