import ArgumentParser
import ClusterModel
import Foundation
import SimulatedCloud
import TestSupport
import Testing

@testable import SlipwayCommands

@Suite struct UsageTests {
    @Test(arguments: [
        ["frobnicate"], ["create", "clutser", "demo"], ["update", "cluster"], ["update", "cluster", "demo", "--nope"],
        ["create", "cluster", "demo", "--cloud", "local", "--lock-timeout", "soon"],
        ["create", "cluster", "demo", "--cloud", "local", "--lock-timeout", "5"],
        ["create", "cluster", "demo", "--cloud", "local", "--admin-ttl", "1m1h"],
        ["create", "cluster", "demo", "--cloud", "local", "--node-count", "three"],
        ["create", "cluster", "demo", "--cloud", "local", "--parallelism", "0"],
        ["create", "cluster", "demo", "--cloud", "local", "--yes", "--detailed-exit-code"],
        ["validate", "cluster", "demo", "--wait", "a while"], ["get", "machines", "demo", "-o", "xml"],
        ["delete", "cluster", "demo", "--cloud", "nimbus"], ["get", "clusters", "--state", "ftp://somewhere/else"],
        ["get", "clusters", "--state", ""],
    ])
    func wrongCommandLinesExitWith64(_ arguments: [String]) async throws {
        try await Shell.with { shell in
            let run = await shell.run(arguments)
            #expect(run.code == 64, "\(run)")
            #expect(run.output.isEmpty)
            #expect(!run.messages.isEmpty)
            #expect(shell.world.changes.all.isEmpty)
        }
    }

    @Test(arguments: [
        ["--cloud", "local"], ["--zones", "local-a"], ["--control-plane-count", "1"], ["--control-plane-size", "local.small"],
        ["--node-count", "2"], ["--node-size", "local.small"], ["--kubernetes-version", "1.20.2"], ["--access", "10.0.0.0/8"],
        ["--local-cidr", "100.96.9.0/24"], ["--pod-cidr", "10.1.0.0/16"], ["--service-cidr", "10.2.0.0/16"],
    ])
    func aFileAndFlagsTogetherAreRefused(_ flags: [String]) async throws {
        try await Shell.with { shell in
            let path = try shell.write(UsageTests.spec, to: "demo.yaml")
            let run = await shell.run(["create", "cluster", "demo", "-f", path] + flags)
            #expect(run.code == 64, "\(run)")
            #expect(run.messages.contains("by -f and by flags"))
            #expect(!shell.exists("state"))
        }
    }

    @Test func assetsMayBeGivenBesideAFile() async throws {
        try await Shell.with { shell in
            let path = try shell.write(UsageTests.spec, to: "demo.yaml")
            let run = await shell.run("create", "cluster", "demo", "-f", path, "--assets", "/mirror", "--dry-run")
            #expect(run.code == 0)
            #expect(run.output.contains("source: /mirror"))
        }
    }

    static let spec = """
        apiVersion: slipway.dev/v1alpha1
        kind: Cluster
        metadata: {name: demo}
        spec:
          cloud: {provider: local, local: {cidr: 100.96.9.0/24}}
          kubernetesVersion: 1.20.2
          access: {api: [10.0.0.0/8], ssh: [10.0.0.0/8]}
          controlPlane: {count: 1, zones: [local-a, local-b], instanceType: local.small}
          pools: [{name: nodes, zones: [local-a, local-b], count: 3, instanceType: local.small}]
          network: {podCIDR: 10.1.0.0/16, serviceCIDR: 10.2.0.0/16}
          assets: {source: /mirror}

        """

    static let flags = [
        "--cloud", "local", "--zones", "local-a, local-b", "--control-plane-count", "1", "--node-count", "3", "--kubernetes-version",
        "1.20.2",
        "--access", "10.0.0.0/8", "--local-cidr", "100.96.9.0/24", "--pod-cidr", "10.1.0.0/16", "--service-cidr", "10.2.0.0/16",
        "--assets", "/mirror",
    ]

    @Test func flagsAndAFileGiveTheSameSpec() async throws {
        try await Shell.with { shell in
            let path = try shell.write(UsageTests.spec, to: "demo.yaml")
            for output in ["yaml", "json"] {
                let file = await shell.run("create", "cluster", "demo", "-f", path, "--dry-run", "-o", output)
                let flags = await shell.run(["create", "cluster", "demo"] + UsageTests.flags + ["--dry-run", "-o", output])
                #expect(file.code == 0 && flags.code == 0, "\(flags.messages)")
                #expect(file.output == flags.output)
            }
        }
    }

    @Test func theEnvironmentNamesTheAssetSource() async throws {
        try await Shell.with { shell in
            var shell = shell
            shell.environment["SLIPWAY_ASSETS"] = "/other"
            let run = await shell.run("create", "cluster", "demo", "--cloud", "local", "--dry-run")
            #expect(run.output.contains("source: /other"))
            let flag = await shell.run("create", "cluster", "demo", "--cloud", "local", "--assets", "/mirror", "--dry-run")
            #expect(flag.output.contains("source: /mirror"))
        }
    }

    @Test func aDryRunComesBackThroughValidate() async throws {
        try await Shell.with { shell in
            let dry = await shell.run(["create", "cluster", "demo"] + UsageTests.flags + ["--dry-run", "-o", "yaml"])
            #expect(dry.code == 0)
            #expect(!shell.exists("state"), "nothing is stored")
            let path = try shell.write(dry.output, to: "dry.yaml")
            let valid = await shell.run("validate", "spec", "-f", path)
            #expect(valid.code == 0, "\(valid.messages)")
            #expect(valid.output.isEmpty)
            let again = await shell.run("create", "cluster", "demo", "-f", path, "--dry-run", "-o", "yaml")
            #expect(again.output == dry.output)
            let json = await shell.run("create", "cluster", "demo", "-f", path, "--dry-run", "-o", "json")
            let fromJSON = await shell.run("validate", "spec", "-f", "-", input: json.output)
            #expect(fromJSON.code == 0, "JSON is YAML: \(fromJSON.messages)")
        }
    }

    @Test func aBadSpecIsReportedWhole() async throws {
        try await Shell.with { shell in
            let text = """
                apiVersion: slipway.dev/v1alpha1
                kind: Cluster
                metadata: {name: Demo!}
                spec:
                  cloud: {provider: local}
                  kuberntesVersion: 1.20.2
                  controlPlane: {count: 2}
                  pools: [{name: nodes, count: "3", zones: [local-a, local-a]}]
                """
            let path = try shell.write(text, to: "bad.yaml")
            let run = await shell.run("validate", "spec", "-f", path)
            #expect(run.code == 65)
            #expect(run.output.isEmpty)
            try Golden.expect(shell.stable(run.messages), equals: "diagnostics.txt")
            let create = await shell.run("create", "cluster", "demo", "-f", path)
            #expect(create.code == 65)
            #expect(!shell.exists("state"))
        }
    }

    @Test func aSpecOfAnotherClusterIsRefused() async throws {
        try await Shell.with { shell in
            let path = try shell.write(UsageTests.spec, to: "demo.yaml")
            let run = await shell.run("create", "cluster", "other", "-f", path)
            #expect(run.code == 65)
            #expect(run.messages.contains("'demo'") && run.messages.contains("'other'"))
        }
    }

    @Test(arguments: [["validate", "spec", "-f"], ["create", "cluster", "demo", "-f"], ["replace", "-f"]])
    func aFileThatIsNotThereIs66(_ arguments: [String]) async throws {
        try await Shell.with { shell in
            let run = await shell.run(arguments + ["\(shell.folder)/none.yaml"])
            #expect(run.code == 66)
            #expect(run.messages.contains("there is no such file"))
        }
    }

    @Test func whatFollowsTwoDashesIsTheCommand() throws {
        let parsed = try Slipway.parseAsRoot(["ssh", "demo", "demo-nodes-a-1", "--", "journalctl", "-u", "kubelet", "--yes"])
        let command = try #require(parsed as? SSHCommand)
        #expect(command.name == "demo" && command.machine == "demo-nodes-a-1")
        #expect(command.command == ["journalctl", "-u", "kubelet", "--yes"])
    }
}
