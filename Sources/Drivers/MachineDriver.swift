import Bootstrap
public import ClusterModel
import Foundation

/// Carries out what is done on machines over SSH.
public struct MachineDriver: Driver {
    let login: MachineLogin
    let assets: @Sendable (String) throws -> any AssetSource
    let vault: Vault

    /// How long a machine may take from its start to its first login.
    static let bootPatience: Duration = .seconds(180)
    /// How long one large file may take.
    static let uploadPatience: Duration = .seconds(600)

    public init(login: MachineLogin, assets: @escaping @Sendable (String) throws -> any AssetSource, vault: Vault) {
        self.login = login
        self.assets = assets
        self.vault = vault
    }

    public func perform(_ step: Step, in context: StepContext) async throws -> StepOutcome {
        // `host/MACHINE` or `service/MACHINE/PART`.
        let machine = String(step.address.name.prefix { $0 != "/" })
        let state = await context.state()
        switch step.action {
        case .connect: return try await connect(machine, state: state, context: context)
        case .installBinaries(let version): return try await installBinaries(version, on: machine, state: state, context: context)
        case .installContent: return try await installContent(on: machine, state: state, context: context)
        case .startServices(let services):
            return try await ServiceStart(login: login, assets: assets).start(services, on: machine, state: state, context: context)
        case .stopServices(let services):
            let units = services.map(\.unit).joined(separator: " ")
            try await login.run("systemctl stop \(units)", on: machine, state: state, doing: "stopping \(units)", timeout: .seconds(120))
            return .changed
        default: throw SlipwayError(.bug, doing: step.action.name.rawValue, cause: "it is no action of a machine")
        }
    }

    // MARK: Login

    private func connect(_ machine: String, state: ClusterState, context: StepContext) async throws -> StepOutcome {
        let role = state.machines[machine]?.role ?? .worker
        let endpoint = try await login.endpoint(machine, state: state)
        let lines = ProgressOnChange(context.progress)
        let result = try await context.run.poll(every: .milliseconds(200), for: MachineDriver.bootPatience) {
            () async throws -> HostResult? in
            do {
                return try await login.hosts.run(RequiredPrograms.check(for: role), on: endpoint, timeout: .seconds(20))
            } catch let error as SlipwayError where error.retry == .transient {
                lines.say(error.cause)
                return nil
            }
        }
        guard let result else {
            throw SlipwayError(
                .unreachable, doing: "logging in", cause: "no login at \(endpoint.address) within \(MachineDriver.bootPatience)",
                hint: "does the machine run? slipway get machines \(state.name)")
        }
        guard result.exitStatus == 0 else {
            let missing = RequiredPrograms.missing(in: result.text).map { "\($0.program) (package \($0.package))" }
            throw SlipwayError(
                .failed, doing: "checking what the machine's system has",
                cause: missing.isEmpty ? "the check ended with status \(result.exitStatus)" : "missing: \(missing.joined(separator: ", "))",
                hint: "use an image that has them")
        }
        return .changed
    }

    // MARK: Binaries

    private func installBinaries(
        _ version: KubernetesVersion, on machine: String, state: ClusterState, context: StepContext
    ) async throws -> StepOutcome {
        let endpoint = try await login.endpoint(machine, state: state)
        let present = try await login.run(
            "cat \(NodePaths.binariesVersion) 2>/dev/null || true", on: machine, state: state, doing: "reading the binaries' version")
        if KubernetesVersion(present.text.trimmingCharacters(in: .whitespacesAndNewlines)) == version { return .unchanged }
        let source = try assets(state.desired.spec.assets.source)
        let names = NodeBinaries.names(for: state.machines[machine]?.role ?? .worker)
        let there = try await digests(names.map { "\(NodePaths.binaries)/\($0)" }, on: machine, state: state)
        for (index, name) in names.enumerated() {
            guard let binary = KubernetesBinary(rawValue: name) else {
                throw SlipwayError(.bug, doing: "choosing binaries", cause: "there is no asset called \(name)")
            }
            let file = try await source.binary(binary, version: version)
            let path = "\(NodePaths.binaries)/\(name)"
            guard there[path] != file.sha256 else { continue }
            context.progress("\(name), \(file.size / 1_000_000) MB (\(index + 1) of \(names.count))")
            try await login.hosts.upload(
                .file(path: file.path, sha256: file.sha256), to: path, mode: 0o755, on: endpoint, timeout: MachineDriver.uploadPatience)
        }
        // Last: it says that all of them are there.
        try await login.hosts.upload(
            .bytes(Array("\(version)\n".utf8)), to: NodePaths.binariesVersion, mode: 0o644, on: endpoint, timeout: .seconds(60))
        return .changed
    }

    private func digests(_ paths: [String], on machine: String, state: ClusterState) async throws -> [String: String] {
        let result = try await login.run(
            "sha256sum \(paths.joined(separator: " ")) 2>/dev/null || true", on: machine, state: state, doing: "reading what is there",
            timeout: .seconds(120))
        var digests: [String: String] = [:]
        for line in result.text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2 { digests[String(words[1])] = String(words[0]) }
        }
        return digests
    }
}
