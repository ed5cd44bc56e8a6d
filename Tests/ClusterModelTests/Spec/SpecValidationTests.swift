import ClusterModel
import Testing

/// Rules over specs that are values, by path.
@Suite struct SpecValidationTests {
    private func found(_ change: (inout Cluster) -> Void) throws -> [String] {
        var cluster = try Specs.cluster()
        change(&cluster)
        return SpecValidation.diagnostics(for: cluster).map { "\($0.severity.rawValue) \($0.path)" }
    }

    @Test func defaultsAreClean() throws { #expect(try found { _ in }.isEmpty) }

    @Test func reportsByPath() throws {
        #expect(try found { $0.metadata.name = "-" } == ["error metadata.name"])
        #expect(try found { $0.spec.controlPlane.count = -4 } == ["error spec.controlPlane.count"])
        #expect(try found { $0.spec.pools[0].count = -1 } == ["error spec.pools[0].count"])
        #expect(try found { $0.spec.pools[0].labels = ["k8s.io/x": "y"] } == ["error spec.pools[0].labels[k8s.io/x]"])
        #expect(try found { $0.spec.pools[0].update.drainTimeout = Seconds(0) } == ["error spec.pools[0].update.drainTimeout"])
        #expect(try found { $0.spec.pools[0].update.maxSurge = .count(0) } == ["error spec.pools[0].update.maxSurge"])
        #expect(try found { $0.spec.pools[0].count = 0 } == ["warning spec.pools"])
        #expect(try found { $0.spec.assets.source = "" } == ["error spec.assets.source"])
        #expect(
            try found { $0.spec.kubernetesVersion = KubernetesVersion(major: 1, minor: 21, patch: 0) } == ["error spec.kubernetesVersion"])
        #expect(try found { $0.spec.access.sshPublicKeys = ["ssh-rsa AAAA"] } == ["error spec.access.sshPublicKeys[0]"])
    }

    @Test func threeControlPlaneNodesInThreeZonesAreNothingToComplainAbout() throws {
        var cluster = try Specs.cluster()
        cluster.spec.controlPlane = ControlPlaneSpec(count: 3, zones: ["local-a", "local-b", "local-c"], instanceType: "local.small")
        #expect(SpecValidation.diagnostics(for: cluster).isEmpty)
    }

    @Test(arguments: [(3, 1), (3, 2), (5, 2), (7, 2)]) func warnsWhenAZonesLossIsTheClusters(count: Int, zones: Int) throws {
        let found = try found {
            $0.spec.controlPlane.count = count
            $0.spec.controlPlane.zones = (0..<zones).map { "z\($0)" }
        }
        #expect(found.contains("warning spec.controlPlane.zones"))
    }

    @Test func doesNotOverflow() throws {
        for count in [Int.max, Int.min, 5001] {
            let found = try found {
                $0.spec.controlPlane.count = count
                $0.spec.pools[0].count = count
                $0.spec.pools[0].update.maxSurge = .count(.max)
            }
            #expect(found.contains("error spec.controlPlane.count"))
            #expect(found.contains("error spec.pools[0].count"))
        }
    }

    /// Exactly as many machines as the range holds, surge and a control plane's replacement included.
    @Test func podRangeBoundsTheMachines() throws {
        let range = try #require(IPv4CIDR("10.1.0.0/21"))
        for (count, fits) in [(5, true), (6, false)] {
            let found = try found {
                $0.spec.network.podCIDR = range
                $0.spec.pools[0].count = count
            }
            #expect(found.isEmpty == fits, "\(count) machines: \(found)")
        }
    }

    @Test func checkThrowsTheProgramsError() throws {
        var cluster = try Specs.cluster()
        #expect(try SpecValidation.check(cluster).isEmpty)
        cluster.spec.pools[0].count = -1
        let error = try #require(throws: SlipwayError.self) { try SpecValidation.check(cluster) }
        #expect(error.code == .invalidSpec)
        #expect(error.address == Address(.cluster, "demo"))
        #expect(error.cause.contains("spec.pools[0].count"))
    }

    @Test(arguments: [
        "demo", "a", "a1", "a-b-c", "x" + String(repeating: "y", count: 39),
    ]) func acceptsNames(_ name: String) throws {
        #expect(try found { $0.metadata.name = name }.isEmpty)
    }

    @Test(arguments: ["", "A", "1a", "-a", "a-", "a_b", "a.b", "a b", "é", "a\n", String(repeating: "y", count: 41)]) func refusesNames(
        _ name: String
    ) throws {
        #expect(try found { $0.metadata.name = name }.contains("error metadata.name"))
    }

    @Test(arguments: ["official", "/srv/mirror", "https://mirror.example.com/k8s", "http://127.0.0.1:8080"]) func acceptsAssets(
        _ source: String
    ) throws {
        #expect(try found { $0.spec.assets.source = source }.isEmpty)
    }

    @Test(arguments: ["Official", "mirror", "./mirror", "~/mirror", "https://", "ftp://x/y", "file:///srv", "https://a:b@c/"])
    func refusesAssets(
        _ source: String
    ) throws {
        #expect(try found { $0.spec.assets.source = source } == ["error spec.assets.source"])
    }
}
