import Bootstrap
import ClusterModel
import Foundation
import Testing

@Suite struct UnitTests {
    /// systemd's own check, with stand-ins for the programs. It says nothing about a unit without fault.
    @Test(arguments: MachineRole.ofNodes) func systemdHasNothingToSay(role: MachineRole) async throws {
        let root = try TemporaryFolder()
        defer { root.remove() }
        let content = try NodeContent.render(Fixture.input(role))
        for file in content.files {
            try root.write(content.text(at: file.path), to: file.path, mode: Int(file.mode))
        }
        let programs = NodeBinaries.names(for: .controlPlane).map { "\(NodePaths.binaries)/\($0)" }
        for program in programs + ["/usr/bin/containerd", "/usr/bin/etcd", "/sbin/modprobe", "/bin/sh"] {
            try root.write("#!/bin/sh\n", to: program, mode: 0o755)
        }
        for unit in ["basic.target", "sysinit.target", "shutdown.target", "network-online.target", "network.target", "multi-user.target"] {
            try root.write("[Unit]\n", to: "/usr/lib/systemd/system/\(unit)")
        }
        for unit in ["local-fs.target", "-.mount", "system.slice", "-.slice", "tmp.mount"] where unit.hasSuffix("target") {
            try root.write("[Unit]\n", to: "/usr/lib/systemd/system/\(unit)")
        }
        let units = content.services.map { "\(root.path)\(NodePaths.units)/\($0.unit)" }
        let result = try await Shell.program("systemd-analyze", ["--root=\(root.path)", "--man=no", "verify"] + units)
        #expect(result.errors == "")
        #expect(result.output == "")
        #expect(result.status == 0)
    }

    @Test func theControlPlaneIsSandboxed() throws {
        let content = try NodeContent.render(Fixture.input())
        for service in [NodeService.etcd, .apiserver, .controllerManager, .scheduler] {
            let unit = content.text(at: "\(NodePaths.units)/\(service.unit)")
            for option in ["NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "CapabilityBoundingSet=\n"] {
                #expect(unit.contains("\n\(option)"), "\(service) \(option)")
            }
        }
        #expect(content.text(at: "\(NodePaths.units)/etcd.service").contains("StateDirectoryMode=0700"))
    }

    @Test func noUnitStartsANewEtcd() throws {
        let content = try NodeContent.render(Fixture.input())
        for file in content.files {
            if case .text(let text) = file.content, file.path != "\(NodePaths.scripts)/slipway-etcd-start" {
                #expect(!text.contains("initial-cluster"), "\(file.path)")
            }
        }
    }
}
