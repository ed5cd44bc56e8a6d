import ClusterModel
import Foundation
import Testing

@testable import Assets

@Suite struct ReleaseTableTests {
    @Test func everyMinorHasAWholeRow() throws {
        for minor in ReleaseTable.minors {
            let row = try ReleaseTable.companions(of: KubernetesVersion(major: 1, minor: minor, patch: 0))
            for version in [row.etcd, row.containerd, row.runc, row.cniPlugins] {
                #expect(KubernetesVersion(version) != nil, "1.\(minor): \(version)")
            }
            #expect(row.pause.wholeMatch(of: /3\.[0-9]+(\.[0-9]+)?/) != nil)
        }
    }

    /// What each kubelet needs of its runtime, and what must never be given out.
    @Test func theRowsKeepTheRules() throws {
        var before: Companions?
        for minor in ReleaseTable.minors {
            let row = try ReleaseTable.companions(of: KubernetesVersion(major: 1, minor: minor, patch: 0))
            let containerd = try #require(KubernetesVersion(row.containerd))
            if minor <= 25 { #expect(!containerd.isAtLeast(2, 0), "1.\(minor) speaks CRI v1alpha2, which containerd 2 does not") }
            if minor >= 26 { #expect(containerd.isAtLeast(1, 7), "1.\(minor) speaks CRI v1 only") }
            let etcd = try #require(KubernetesVersion(row.etcd))
            let losesData = KubernetesVersion(major: 3, minor: 5, patch: 0)...KubernetesVersion(major: 3, minor: 5, patch: 2)
            #expect(!losesData.contains(etcd))
            if let before, let old = KubernetesVersion(before.etcd), let oldRuntime = KubernetesVersion(before.containerd) {
                #expect(etcd.minor == old.minor || etcd.minor == old.minor + 1, "an etcd is upgraded by one minor at a time")
                #expect(containerd >= oldRuntime)
            }
            before = row
        }
    }

    /// What people read is what the code does.
    @Test func theDocumentationHasTheSameTable() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../docs/operations.md")
            .standardized
        let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| 1.") }
        #expect(
            try rows
                == ReleaseTable.minors.map { minor in
                    let row = try ReleaseTable.companions(of: KubernetesVersion(major: 1, minor: minor, patch: 0))
                    return "| 1.\(minor) | \(row.etcd) | \(row.containerd) | \(row.runc) | \(row.cniPlugins) | \(row.pause) |"
                })
    }

    @Test func theSupportedReleasesAreInIt() throws {
        for (major, minor) in SupportedVersions.minors {
            _ = try ReleaseTable.companions(of: KubernetesVersion(major: major, minor: minor, patch: 0))
        }
    }

    @Test(arguments: ["1.19.16", "1.37.0", "2.20.0"]) func otherReleasesAreRefused(_ text: String) throws {
        let version = try #require(KubernetesVersion(text))
        let error = #expect(throws: SlipwayError.self) { try ReleaseTable.companions(of: version) }
        #expect(error?.code == .usage && error?.hint?.contains("1.20 to 1.36") == true)
    }

    /// The publishers' layouts, written out.
    @Test func filesAreWhereTheirPublishersHaveThem() throws {
        let source = try AssetSources.resolve("official", architecture: .arm64, cacheRoot: "/nonexistent", environment: [:])
        let version = KubernetesVersion(major: 1, minor: 30, patch: 14)
        let found = try source.assets(for: version, companions: true).map(\.location)
        let github = "https://github.com"
        #expect(
            found == [
                "https://dl.k8s.io/release/v1.30.14/bin/linux/arm64/kube-apiserver",
                "https://dl.k8s.io/release/v1.30.14/bin/linux/arm64/kube-controller-manager",
                "https://dl.k8s.io/release/v1.30.14/bin/linux/arm64/kube-scheduler",
                "https://dl.k8s.io/release/v1.30.14/bin/linux/arm64/kubelet",
                "https://dl.k8s.io/release/v1.30.14/bin/linux/arm64/kube-proxy",
                "\(github)/etcd-io/etcd/releases/download/v3.5.15/etcd-v3.5.15-linux-arm64.tar.gz",
                "\(github)/containerd/containerd/releases/download/v1.7.34/containerd-1.7.34-linux-arm64.tar.gz",
                "\(github)/opencontainers/runc/releases/download/v1.3.6/runc.arm64",
                "\(github)/containernetworking/plugins/releases/download/v1.9.0/cni-plugins-linux-arm64-v1.9.0.tgz",
                "https://registry.k8s.io/v2/pause/manifests/3.9",
            ])
        let checksums = try (ReleaseFile.kubernetes(version, .arm64) + ReleaseFile.companions(of: version, .arm64)).map(\.checksums)
        #expect(
            checksums.dropFirst(4) == [
                "v1.30.14/bin/linux/arm64/kube-proxy.sha256", "v3.5.15/SHA256SUMS",
                "v1.7.34/containerd-1.7.34-linux-arm64.tar.gz.sha256sum", "v1.3.6/runc.sha256sum",
                "v1.9.0/cni-plugins-linux-arm64-v1.9.0.tgz.sha256",
            ])
    }

    @Test func aVariableReplacesAPublisher() throws {
        let addresses = try Addresses.official(environment: ["SLIPWAY_ETCD_URL": "https://mirror.example/etcd/", "SLIPWAY_RUNC_URL": ""])
        #expect(addresses[.etcd] == "https://mirror.example/etcd")
        #expect(addresses[.runc] == "https://github.com/opencontainers/runc/releases/download")
        for bad in ["/srv/etcd", "official", "https://me:hunter2@x.example"] {
            let error = #expect(throws: SlipwayError.self) { try Addresses.official(environment: ["SLIPWAY_CNI_PLUGINS_URL": bad]) }
            #expect(error?.code == .usage && error?.doing.contains("SLIPWAY_CNI_PLUGINS_URL") == true)
            #expect(error?.cause.contains("hunter2") == false)
        }
    }
}

@Suite struct ChecksumTextTests {
    static let one = String(repeating: "1", count: 64)
    static let two = String(repeating: "2", count: 64)

    @Test(arguments: [
        (one, one), (" \(one.uppercased())\n", one),
        ("\(two)  runc.arm64\n\(one)  runc.amd64\n", one), ("\(one) *runc.amd64\r\n\(two) *runc.arm64\r\n", one),
        ("\(one)  ./release/runc.amd64\n", one),
        // A signed text around the lines.
        ("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n\(one)  runc.amd64\n-----BEGIN PGP SIGNATURE-----\n", one),
        ("\(one)  runc.amd64\n\(one)  runc.amd64\n", one),
    ])
    func findsTheDigest(_ text: String, _ digest: String) { #expect(ChecksumText.digest(of: "runc.amd64", in: text) == digest) }

    @Test(arguments: [
        "", "<html>", "\(two)  runc.arm64", "\(one)  runc.amd64\n\(two)  runc.amd64", "\(one)x  runc.amd64", "\(one)  xrunc.amd64",
        "runc.amd64  \(one)", String(repeating: "g", count: 64),
    ])
    func findsNone(_ text: String) { #expect(ChecksumText.digest(of: "runc.amd64", in: text) == nil) }

    @Test(
        arguments: [
            ("bytes 10-19/20", 10, 20), ("bytes 0-0/*", 0, nil), ("Bytes 5-9/10", 5, 10),
        ] as [(String, Int, Int?)])
    func rangesAreRead(_ text: String, _ first: Int, _ total: Int?) {
        #expect(ContentRange(text)?.first == first && ContentRange(text)?.total == total)
    }

    @Test(arguments: ["", "bytes", "bytes */20", "items 1-2/3", "bytes 9-1/20", "bytes a-b/c"]) func noRangesAreNone(_ text: String) {
        #expect(ContentRange(text) == nil)
    }
}
