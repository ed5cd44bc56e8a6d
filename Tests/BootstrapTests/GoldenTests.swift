import Bootstrap
import ClusterModel
import Foundation
import Testing

/// What nodes get, held by files. `SLIPWAY_REFRESH_GOLDEN=1` writes them anew, for a person to read the difference.
@Suite struct GoldenTests {
    /// Releases whose gated files are held whole; what changes between them is in `changes.txt`.
    static let versions = ["1.20.2", "1.24.0", "1.28.0", "1.32.0", "1.36.2"]

    @Test(arguments: MachineRole.ofNodes) func wholeNode(role: MachineRole) throws {
        try hold(
            listing(try NodeContent.render(Fixture.input(role))) { !$0.path.hasPrefix(NodePaths.scripts) }, "\(role.rawValue)-1.20.2.txt")
    }

    /// The files in which a version shows at all.
    static let gated =
        ["kube-apiserver.service", "kube-controller-manager.service", "kube-scheduler.service", "kubelet.service"]
        .map { "\(NodePaths.units)/\($0)" } + ["/etc/kubernetes/audit-policy.yaml", "/etc/kubernetes/kubelet.yaml"]

    @Test(arguments: versions) func versionGates(version: String) throws {
        let base = try NodeContent.render(Fixture.input(.controlPlane, version: "1.20.2"))
        let content = try NodeContent.render(Fixture.input(.controlPlane, version: version))
        try hold(listing(content) { Self.gated.contains($0.path) }, "gated-\(version).txt")
        for (one, other) in zip(base.files, content.files) where !Self.gated.contains(one.path) {
            #expect(one == other)
        }
    }

    /// What each minor release changes against the one before it, line by line.
    @Test func changesFromReleaseToRelease() throws {
        func lines(_ minor: Int) throws -> [String: [String]] {
            let content = try NodeContent.render(Fixture.input(.controlPlane, version: "1.\(minor).0"))
            return Dictionary(
                uniqueKeysWithValues: Self.gated.map { ($0, content.text(at: $0).split(separator: "\n").map(String.init)) })
        }
        var text = ""
        for minor in Facts.minors.dropFirst() {
            text += "##### 1.\(minor)\n"
            let (old, new) = (try lines(minor - 1), try lines(minor))
            for path in Self.gated {
                let difference = (new[path] ?? []).difference(from: old[path] ?? [])
                guard !difference.isEmpty else { continue }
                text += "\(path)\n"
                for change in difference.removals + difference.insertions {
                    switch change {
                    case .remove(_, let line, _): text += "- \(line)\n"
                    case .insert(_, let line, _): text += "+ \(line)\n"
                    }
                }
            }
        }
        try hold(text, "changes.txt")
    }

    @Test func manifests() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let version = try #require(KubernetesVersion("1.20.2"))
        let objects = ClusterManifests.objects(cluster: Fixture.cluster, version: version)
        try hold(String(decoding: try encoder.encode(objects), as: UTF8.self) + "\n", "manifests-1.20.2.json")
    }

    private func listing(_ content: NodeContent, where isListed: (NodeFile) -> Bool) -> String {
        var text = ""
        for file in content.files where isListed(file) {
            text += "##### \(file.path) \(String(file.mode, radix: 8)) \(file.owner) \(file.part.rawValue), \(describe(file.effect))"
            text += file.inDigest ? "\n" : ", not in digest\n"
            switch file.content {
            case .text(let body): text += body
            case .template(let body, let placeholders): text += body + "# \(placeholders)\n"
            case .secret(let reference): text += "<\(reference)>\n"
            case .certificate(let name): text += "<certificate \(name)>\n"
            case .key(let name): text += "<key \(name)>\n"
            case .certificateWithKey(let name): text += "<certificate and key \(name)>\n"
            }
        }
        return text
    }

    private func describe(_ effect: Effect) -> String {
        switch effect {
        case .nothing: "no effect"
        case .reload(let services): "reload \(services.map(\.rawValue).joined(separator: " "))"
        case .restart(let services): "restart \(services.map(\.rawValue).joined(separator: " "))"
        case .restartControlPlane: "restart control plane"
        case .replace: "replace"
        }
    }

    private func hold(_ text: String, _ name: String) throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
        if ProcessInfo.processInfo.environment["SLIPWAY_REFRESH_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: url)
        }
        let expected = String(decoding: (try? Data(contentsOf: url)) ?? Data(), as: UTF8.self)
        let difference = zip(text.split(separator: "\n"), expected.split(separator: "\n")).first { $0 != $1 }
        #expect(text == expected, "Golden/\(name) differs, first at: \(difference.map { "\($0)" } ?? "its end")")
    }
}
