import Bootstrap
import ClusterModel
import Foundation
import TestSupport
import Testing

/// Nothing is rendered for a release that this release does not know.
@Suite struct FactsTests {
    private func content(_ role: MachineRole, minor: Int) throws -> NodeContent {
        try NodeContent.render(Fixture.input(role, version: "1.\(minor).0"))
    }

    @Test(arguments: Facts.minors) func factsNameTheirSource(minor: Int) throws {
        let facts = try Facts(minor: minor)
        #expect(facts.minor == "1.\(minor)")
        #expect(facts.source.contains("v0.\(minor).0"))
        for program in NodeBinaries.names(for: .controlPlane) {
            #expect((facts.flags[program]?.count ?? 0) > 40, "\(program)")
        }
    }

    @Test(arguments: MachineRole.ofNodes, Facts.minors) func everyFlagIsKnown(role: MachineRole, minor: Int) throws {
        let (content, facts) = (try content(role, minor: minor), try Facts(minor: minor))
        for program in NodeBinaries.names(for: role) {
            let unit = content.text(at: "\(NodePaths.units)/\(program).service")
            #expect(unit.contains("\(NodePaths.binaries)/\(program) \\\n    --"))
            #expect(Facts.unknownFlags(in: unit, known: try #require(facts.flags[program])) == [], "\(program)")
        }
    }

    /// Flags of etcd are those that `etcd --help` of 3.4 prints; etcd's release is the distribution's, not the cluster's.
    @Test func everyFlagOfEtcdIsKnown() throws {
        let known = Set(try String(contentsOf: Facts.url("etcd-3.4.txt"), encoding: .utf8).split(separator: "\n").map(String.init))
        let unit = try content(.controlPlane, minor: 20).text(at: "\(NodePaths.units)/etcd.service")
        #expect(unit.contains("--data-dir="))
        #expect(Facts.unknownFlags(in: unit, known: known) == [])
    }

    @Test(arguments: MachineRole.ofNodes, Facts.minors) func everyFieldIsKnown(role: MachineRole, minor: Int) throws {
        let facts = try Facts(minor: minor)
        var kinds: Set<String> = []
        for file in try content(role, minor: minor).files where file.path.hasPrefix("/etc/kubernetes/") && file.mode == 0o600 {
            let text: String
            switch file.content {
            case .text(let body), .template(let body, _): text = body
            default: continue
            }
            let value = try JSONValue(yaml: text)
            kinds.insert(value["kind"]?.text ?? "")
            #expect(facts.unknownFields(in: value) == [], "\(file.path)")
        }
        let expected: Set<String> = ["Config", "KubeProxyConfiguration", "KubeletConfiguration"]
        #expect(kinds == (role == .worker ? expected : expected.union(["AdmissionConfiguration", "EncryptionConfiguration", "Policy"])))
    }

    @Test(arguments: Facts.minors) func everyAdmissionPluginIsKnown(minor: Int) throws {
        let known = try #require(try Facts(minor: minor).plugins["admission"])
        let master = try content(.controlPlane, minor: minor)
        let unit = master.text(at: "\(NodePaths.units)/kube-apiserver.service")
        let enabled = try #require(unit.firstMatch(of: /--enable-admission-plugins=(\S+)/)).output.1.split(separator: ",").map(String.init)
        let configured = try JSONValue(yaml: master.text(at: "/etc/kubernetes/admission.yaml"))["plugins"]?
            .elements.compactMap { $0["name"]?.text }
        #expect(enabled.filter { !known.contains($0) } == [])
        #expect(configured?.filter { !enabled.contains($0) } == [])
        #expect(known.contains("DenyServiceExternalIPs") == (minor >= 21))
    }

    @Test(arguments: Facts.minors) func everyObjectIsOfAnAPIThatIsServed(minor: Int) throws {
        let facts = try Facts(minor: minor)
        let version = KubernetesVersion(major: 1, minor: minor, patch: 0)
        for object in ClusterManifests.objects(cluster: Fixture.cluster, version: version) {
            #expect(facts.apis.contains(object["apiVersion"]?.text ?? ""), "\(object)")
        }
    }

    /// The facts differ where the releases do, so that the tests above can fail.
    @Test func whatAReleaseDoesNotKnowIsFound() throws {
        let (old, new) = (try Facts(minor: 23), try Facts(minor: 24))
        let unit = try content(.controlPlane, minor: 23).text(at: "\(NodePaths.units)/kube-apiserver.service")
        #expect(Facts.unknownFlags(in: unit, known: try #require(old.flags["kube-apiserver"])) == [])
        #expect(Facts.unknownFlags(in: unit, known: try #require(new.flags["kube-apiserver"])) == ["insecure-port"])
        #expect(Facts.unknownFlags(in: unit + " --secure-port=1", known: try #require(old.flags["kube-apiserver"])) == ["secure-port"])

        let kubelet: JSONValue = [
            "apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration", "failCgroupV1": false,
            "evictionHard": ["memory.available": "100Mi"], "authentication": ["anonymous": ["enabled": false, "allowed": true]],
            "tlsCipherSuites": ["one"], "readOnlyPort": [0],
        ]
        #expect(old.unknownFields(in: kubelet) == ["authentication.anonymous.allowed", "failCgroupV1", "readOnlyPort[]"])
        #expect(try Facts(minor: 31).unknownFields(in: kubelet) == ["authentication.anonymous.allowed", "readOnlyPort[]"])
        let admission: JSONValue = [
            "apiVersion": "apiserver.config.k8s.io/v1", "kind": "AdmissionConfiguration",
            "plugins": [["name": "one", "configuration": ["apiVersion": "eventratelimit.admission.k8s.io/v2", "kind": "Configuration"]]],
        ]
        #expect(old.unknownFields(in: admission) == ["plugins[].configuration: eventratelimit.admission.k8s.io/v2 Configuration"])
        #expect(old.unknownFields(in: ["apiVersion": "v2", "kind": "Config"]) == ["v2 Config"])
        #expect(!new.apis.contains("policy/v2") && new.apis.contains("policy/v1beta1"))
        #expect(try !Facts(minor: 25).apis.contains("policy/v1beta1"))
    }
}
