import Bootstrap
import ClusterModel
import Foundation
import TestSupport
import Testing

/// The security benchmark on what is rendered, for every release. The end-to-end tests hold it on running nodes.
@Suite struct SecurityBenchmarkTests {
    private func node(_ role: MachineRole, minor: Int) throws -> BenchmarkNode {
        var node = BenchmarkNode(isMaster: role == .controlPlane, minor: minor)
        let content = try NodeContent.render(Fixture.input(role, version: "1.\(minor).0"))
        for folder in content.folders { node.files[folder.path] = .init(mode: Int(folder.mode), owner: "root:root") }
        for file in content.files {
            node.files[file.path] = .init(mode: Int(file.mode), owner: "\(file.owner):\(file.owner)")
            switch file.content {
            case .text(let text), .template(let text, _):
                if file.path.hasSuffix(".yaml") { try node.addConfiguration(file.path, text) }
            default: break
            }
        }
        for service in content.services {
            let unit = content.text(at: "\(NodePaths.units)/\(service.unit)")
            node.commands[String(service.unit.dropLast(".service".count))] =
                unit.split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix("--") }.map(String.init)
            if let mode = unit.firstMatch(of: /StateDirectoryMode=(\d+)/)?.output.1, let user = unit.firstMatch(of: /User=(\w+)/)?.output.1
            {
                node.files[NodePaths.etcdData] = .init(mode: Int(mode, radix: 8) ?? -1, owner: "\(user):\(user)")
            }
        }
        return node
    }

    @Test(arguments: MachineRole.ofNodes, Facts.minors) func renderedNodesHoldIt(role: MachineRole, minor: Int) throws {
        let node = try node(role, minor: minor)
        #expect(Benchmark.checks.flatMap { $0.problems(on: node) } == [])
        let looked = Benchmark.checks.filter { $0.concerns(node) }.count
        #expect(looked > (role == .controlPlane ? 85 : 24), "\(looked) of \(Benchmark.checks.count)")
    }

    @Test func everyCheckIsThereOnce() {
        let sections = [
            ("1.1", 21), ("1.2", 30), ("1.3", 7), ("1.4", 2), ("2", 7), ("3.1", 3), ("3.2", 2), ("4.1", 10), ("4.2", 14), ("4.3", 1),
            ("5.1", 13), ("5.2", 12), ("5.3", 2), ("5.4", 2), ("5.5", 1), ("5.6", 4),
        ]
        let expected = sections.flatMap { section, count in (1...count).map { "\(section).\($0)" } }
        #expect(expected.count == 131)
        #expect(Benchmark.checks.map(\.id).sorted() == expected.sorted())
        // What is said to hold is looked at.
        for check in Benchmark.checks where check.answer != .users && check.answer != .deviates {
            #expect(check.isTested || Benchmark.askedOfTheAPI.contains(check.id), "\(check.id)")
        }
    }

    @Test func whatIsWrongIsFound() throws {
        var node = try node(.controlPlane, minor: 36)
        node.commands["kube-apiserver"] = node.commands["kube-apiserver"]?.map {
            $0 == "--anonymous-auth=false" ? "--anonymous-auth=true" : $0.replacing("DenyServiceExternalIPs", with: "AlwaysAdmit")
        }
        node.commands["etcd"]?.append("--auto-tls=true")
        node.commands["kube-scheduler"] = nil
        node.files["/etc/kubernetes/pki/sa.key"] = .init(mode: 0o640, owner: "nobody:nogroup")
        node.files["/etc/kubernetes/admin.conf"] = .init(mode: 0o600, owner: "root:root")
        node.files["/etc/systemd/system/kubelet.service"] = nil
        try node.addConfiguration("/etc/kubernetes/kubelet.yaml", "readOnlyPort: 10255\ntlsCipherSuites: [TLS_RSA_WITH_RC4_128_SHA]\n")
        try node.addConfiguration("/etc/kubernetes/audit-policy.yaml", "rules: [{level: Request}]\n")
        let found = Set(Benchmark.checks.filter { !$0.problems(on: node).isEmpty }.map(\.id))
        let expected: Set = [
            "1.1.13", "1.1.14", "1.1.19", "1.1.21", "1.2.1", "1.2.3", "1.2.10", "1.4.1", "1.4.2", "2.3", "3.2.2", "4.1.1", "4.1.2", "4.2.1",
            "4.2.2", "4.2.3", "4.2.4", "4.2.5", "4.2.6", "4.2.9", "4.2.10", "4.2.12", "4.2.13", "4.2.14", "4.2.8",
        ]
        #expect(found == expected)
        let nothing = BenchmarkNode(isMaster: true, minor: 36)
        for check in Benchmark.checks where check.concerns(nothing) && !["1.1.13", "1.1.14"].contains(check.id) {
            #expect(!check.problems(on: nothing).isEmpty, "\(check.id)")
        }
    }

    @Test func aReportOfARunningNodeIsRead() throws {
        let report = """
            COMMAND\tkubelet\t/opt/slipway/bin/kubelet\t--config=/etc/kubernetes/kubelet.yaml\t--node-labels=a=b\t
            FILE\t600\troot:root\t/etc/kubernetes/kubelet.yaml
            TEXT\t/etc/kubernetes/kubelet.yaml
             readOnlyPort: 0
             authentication:
               anonymous:
                 enabled: false
            """
        let node = try BenchmarkNode(isMaster: false, minor: 20, report: report)
        #expect(node.commands == ["kubelet": ["--config=/etc/kubernetes/kubelet.yaml", "--node-labels=a=b"]])
        #expect(node.files == ["/etc/kubernetes/kubelet.yaml": .init(mode: 0o600, owner: "root:root")])
        #expect(Benchmark.checks.first { $0.id == "4.2.1" }?.problems(on: node) == [])
        #expect(Benchmark.checks.first { $0.id == "4.2.2" }?.problems(on: node).isEmpty == false)
    }

    /// `SLIPWAY_REFRESH_GOLDEN=1` writes the table anew.
    @Test func theDocumentationHasTheTable() throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/security.md")
        var text = try String(contentsOf: url, encoding: .utf8)
        let start = try #require(text.range(of: "| check | asks for | Slipway |\n"), "the table is gone")
        let end = text.range(of: "\n\n", range: start.lowerBound..<text.endIndex)?.lowerBound ?? text.endIndex
        if ProcessInfo.processInfo.environment["SLIPWAY_REFRESH_GOLDEN"] == "1" {
            text.replaceSubrange(start.lowerBound..<end, with: Benchmark.markdown.dropLast())
            try Data(text.utf8).write(to: url)
        }
        #expect(text.contains(Benchmark.markdown), "docs/security.md has another table than the tests")
    }
}
