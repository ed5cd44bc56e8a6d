import ClusterModel
import Testing

@Suite struct SpecDecoderTests {
    @Test func fillsDefaultsIn() throws {
        let cluster = try Specs.cluster()
        let spec = cluster.spec
        #expect(cluster.name == "demo")
        #expect(spec.kubernetesVersion == nil)
        #expect(spec.cloud == CloudSpec(provider: .local, local: LocalCloudSpec(cidr: nil)))
        #expect(spec.access == AccessSpec())
        #expect(spec.controlPlane == ControlPlaneSpec(count: 1, zones: ["local-a"], instanceType: "local.small"))
        #expect(spec.pools == [PoolSpec(name: "nodes", zones: ["local-a"], count: 1, instanceType: "local.small")])
        #expect(spec.pools.first?.update == UpdateSpec(maxSurge: .count(1), maxUnavailable: .count(0), drainTimeout: Seconds(900)))
        #expect("\(spec.network.podCIDR) \(spec.network.serviceCIDR)" == "10.244.0.0/16 10.96.0.0/16")
        #expect(spec.assets.source == "official")
        #expect(!spec.deletionProtection)
    }

    @Test func poolsFollowTheControlPlanesZones() throws {
        let cluster = try Specs.cluster(
            "controlPlane: {count: 1, zones: [local-a, local-b]}\npools: [{name: x}, {name: y, zones: [local-c]}]")
        #expect(cluster.spec.pools.map(\.zones) == [["local-a", "local-b"], ["local-c"]])
        #expect(cluster.spec.pools.map(\.count) == [2, 1])
    }

    @Test(arguments: [(1, 1), (2, 1), (3, 3), (4, 3), (5, 5)]) func controlPlaneIsOneAZoneAndOdd(zones: Int, count: Int) {
        #expect(SpecDefaults.controlPlaneCount(zones: zones) == count)
    }

    @Test func emptyFieldsAreLeftToSlipway() throws {
        let text = "kubernetesVersion:\naccess:\ncontrolPlane: ~\npools: null\nnetwork: {podCIDR: }\nassets:\ndeletionProtection:"
        #expect(try Specs.cluster(text) == Specs.cluster())
    }

    @Test func noPoolsAreNoPools() throws { #expect(try Specs.cluster("pools: []").spec.pools.isEmpty) }

    /// What YAML 1.1 would take for booleans, numbers, dates and nothing is the text that it is.
    @Test func readsTextAsItIsWritten() throws {
        let cluster = try Specs.cluster(
            """
            kubernetesVersion: 1.20.2
            controlPlane: {count: 1, zones: [no]}
            pools:
              - name: on
                zones: [no, y, off, e5]
                count: 4
                labels: {a: yes, b: 1.20, c: 0x10, d: 1_000, e: 2001-01-01, f: "null", g: 010, h: 1e3, i: .5e1x}
            """.replacing(", i: .5e1x", with: ""))
        let pool = try #require(cluster.spec.pools.first)
        #expect(cluster.spec.kubernetesVersion == KubernetesVersion(major: 1, minor: 20, patch: 2))
        #expect(cluster.spec.controlPlane.zones == ["no"])
        #expect(pool.name == "on")
        #expect(pool.zones == ["no", "y", "off", "e5"])
        #expect(
            pool.labels == [
                "a": "yes", "b": "1.20", "c": "0x10", "d": "1_000", "e": "2001-01-01", "f": "null", "g": "010", "h": "1e3",
            ])
    }

    @Test(arguments: ["1.20.2", "v1.20.2", "'1.20.2'", "\"1.20.2\"", "!!str 1.20.2"]) func readsVersions(_ text: String) throws {
        #expect(try Specs.cluster("kubernetesVersion: \(text)").spec.kubernetesVersion?.description == "1.20.2")
    }

    @Test func everyMistakeHasPlaceLineAndPath() throws {
        let found = Specs.findings(Specs.text("controlPlane:\n  count: 2\nassets: {source: offical}"))
        #expect(found.map(\.path) == ["spec.controlPlane.count", "spec.assets.source"])
        let first = try #require(found.first)
        #expect(first.file == "demo.yaml")
        #expect((first.line, first.column) == (8, 12))
        #expect(first.sourceLine == "    count: 2")
        #expect(first.suggestion == "1, 3 or 5")
        #expect(found.allSatisfy { $0.severity == .error && $0.flag == nil })
    }

    /// A value that could not be read must not make rules speak of the default in its place.
    @Test func doesNotBlameStandIns() {
        let found = Specs.findings(
            Specs.text("network: {podCIDR: oops, serviceCIDR: 10.244.0.0/20}\ncontrolPlane: {count: x, zones: [a, b, c]}"))
        #expect(found.map(\.path) == ["spec.network.podCIDR", "spec.controlPlane.count"])
    }

    @Test func comparesTheNameWithTheCommands() throws {
        #expect(try Specs.decode(Specs.text(), expectedName: "demo").get().cluster.name == "demo")
        guard case .failure(let failure) = Specs.decode(Specs.text(), expectedName: "other") else {
            Issue.record("accepted a file of another cluster")
            return
        }
        #expect(failure.diagnostics.map(\.message) == ["the file is of the cluster 'demo', the command of 'other'"])
        #expect(failure.diagnostics.first?.line == 4)
    }

    @Test func theCloudMayBringItsInstanceTypes() throws {
        let text = Specs.text("controlPlane: {instanceType: local.huge}\npools: []")
        let huge = InstanceType(name: "local.huge", cpus: 64, memoryMiB: 1 << 20)
        let read = try SpecDecoder.decode(text, file: "demo.yaml", instanceTypes: InstanceType.local + [huge]).get()
        #expect(read.cluster.spec.controlPlane.instanceType == "local.huge")
        guard case .failure = Specs.decode(text) else {
            Issue.record("accepted an unknown instance type")
            return
        }
    }

    @Test func convertsToTheProgramsError() throws {
        guard case .failure(let failure) = Specs.decode(Specs.text("controlPlane: {count: 0}\nfoo: 1")) else {
            Issue.record("accepted")
            return
        }
        let error = failure.slipwayError(doing: "reading demo.yaml")
        #expect(error.code == .invalidSpec)
        #expect(error.doing == "reading demo.yaml")
        #expect(error.cause.hasPrefix("2 errors, the first: demo.yaml:7:25:"))
        #expect(error.log.joined(separator: "\n").contains("unknown key 'foo'"))
        #expect(error.retry == .permanent)
    }
}
