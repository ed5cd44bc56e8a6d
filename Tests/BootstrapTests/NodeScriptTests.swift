import Bootstrap
import ClusterModel
import Foundation
import Testing

/// Scripts of a running node, by a real shell on folders of the test's own.
@Suite struct NodeScriptTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func script(_ name: String) throws -> String {
        try NodeContent.render(Fixture.input()).text(at: "\(NodePaths.scripts)/\(name)")
    }

    // MARK: The gate before kubelet

    private func gate(seconds: Int = 0) async throws -> ProgramResult {
        let values = [
            "BRIDGE": "no-such-bridge", "BRIDGE_IP": "127.0.0.1", "API_HOST": "127.0.0.1", "API_PORT": "1", "SERVICE_IP": "127.0.0.1",
            "GATE_SECONDS": "\(seconds)", "GATE_PASSED": "\(folder.path)/run/passed", "GATE_KNOWN": "\(folder.path)/known",
        ]
        let exports = values.sorted { $0.key < $1.key }.map { "export \($0.key)=\(ShellQuoting.word($0.value))\n" }.joined()
        return try await Shell.run(exports + script("slipway-network-gate"))
    }

    @Test func aNewNodeIsLetGo() async throws {
        defer { folder.remove() }
        #expect(try await gate().status == 0)
        #expect(folder.read("known") == "")
        #expect(folder.read("run/passed") == "")
    }

    @Test func aMachineThatStartedAgainIsHeldBackUntilItsNetworkIsUp() async throws {
        defer { folder.remove() }
        try folder.write("", to: "known")
        let result = try await gate()
        #expect(result.status == 1)
        #expect(result.errors.contains("kubelet is held back: the pod bridge no-such-bridge does not exist"))
        #expect(folder.read("run/passed") == nil)
    }

    @Test func kubeletAloneStartingAgainIsLetGo() async throws {
        defer { folder.remove() }
        try folder.write("", to: "known")
        try folder.write("", to: "run/passed")
        #expect(try await gate().status == 0)
    }

    // MARK: Kubelet's certificate

    private func prepare() async throws -> ProgramResult {
        for name in Self.kernelSettings.keys where folder.read("sys/\(name)") == nil { try folder.write("0\n", to: "sys/\(name)") }
        return try await Shell.run(
            "export KUBELET_PKI=\(folder.path) POD_RESOLV_CONF=\(folder.path)/run/resolv.conf KERNEL_SETTINGS=\(folder.path)/sys\n"
                + script("slipway-kubelet-prepare"))
    }

    /// What kubelet wants when it is told to protect the kernel's settings.
    private static let kernelSettings = [
        "kernel/keys/root_maxbytes": "25000000\n", "kernel/keys/root_maxkeys": "1000000\n", "kernel/panic": "10\n",
        "kernel/panic_on_oops": "1\n", "vm/overcommit_memory": "1\n", "vm/panic_on_oom": "0\n",
    ]

    @Test func theKernelIsAsKubeletWantsIt() async throws {
        defer { folder.remove() }
        try folder.write("one", to: "kubelet-client-initial.pem")
        try folder.write("10\n", to: "sys/kernel/panic", mode: 0o400)
        for _ in 1...2 {
            #expect(try await prepare().status == 0)
            for (name, value) in Self.kernelSettings { #expect(folder.read("sys/\(name)") == value, "\(name)") }
        }
    }

    private func linked() throws -> String {
        String(
            try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder.path)/kubelet-client-current.pem")
                .dropFirst(folder.path.count + 1))
    }

    @Test func theFirstCertificateIsLinkedAndARotatedOneIsKept() async throws {
        defer { folder.remove() }
        try folder.write("one", to: "kubelet-client-initial.pem")
        #expect(try await prepare().status == 0)
        #expect(try linked() == "kubelet-client-initial.pem")
        #expect(folder.read("run/resolv.conf") != nil)

        // Kubelet rotates: a newer file, and the link moved.
        try folder.write("two", to: "kubelet-client-2026.pem")
        try setAge(60, of: "kubelet-client-initial.pem")
        try FileManager.default.removeItem(atPath: "\(folder.path)/kubelet-client-current.pem")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/kubelet-client-current.pem", withDestinationPath: "\(folder.path)/kubelet-client-2026.pem")
        #expect(try await prepare().status == 0)
        #expect(try linked() == "kubelet-client-2026.pem")

        // Another one is delivered.
        try setAge(60, of: "kubelet-client-2026.pem")
        try folder.write("three", to: "kubelet-client-initial.pem")
        #expect(try await prepare().status == 0)
        #expect(try linked() == "kubelet-client-initial.pem")
    }

    @Test func aLinkThatLeadsNowhereIsMended() async throws {
        defer { folder.remove() }
        try folder.write("one", to: "kubelet-client-initial.pem")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/kubelet-client-current.pem", withDestinationPath: "\(folder.path)/gone.pem")
        #expect(try await prepare().status == 0)
        #expect(try linked() == "kubelet-client-initial.pem")
    }

    private func setAge(_ seconds: Double, of name: String) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: "\(folder.path)/\(name)")
    }

    // MARK: Containerd's configuration

    @Test(arguments: [("systemd", "true"), ("cgroupfs", "false")])
    func containerdFollowsTheMachinesCgroupDriver(driver: String, expected: String) async throws {
        defer { folder.remove() }
        try folder.write(try NodeContent.render(Fixture.input()).text(at: "/etc/containerd/config.toml"), to: "config.toml")
        let result = try await Shell.run(
            "export CGROUP_DRIVER=\(driver)\n" + script("slipway-containerd-config"),
            arguments: ["\(folder.path)/config.toml", "\(folder.path)/run/containerd.toml"])
        #expect(result.status == 0)
        let finished = try #require(folder.read("run/containerd.toml"))
        #expect(finished.contains("SystemdCgroup = \(expected)\n"))
        // The shell is asked the same question here that the script asks.
        let mayLower = try await Shell.run("echo -1 2>/dev/null >/proc/self/oom_score_adj").status == 0
        #expect(finished.contains("restrict_oom_score_adj = \(mayLower ? "false" : "true")\n"))
    }
}
