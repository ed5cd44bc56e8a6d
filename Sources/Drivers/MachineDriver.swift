public import Bootstrap
public import ClusterModel
import Foundation

/// Carries out what is done on machines over SSH.
public struct MachineDriver: Driver {
    let login: MachineLogin
    let assets: @Sendable (String) throws -> any AssetSource
    let vault: Vault
    let cloud: (any Cloud)?
    /// Where the endpoint of the API is the cloud's; nil where the machines share its address among themselves.
    var endpoint: (any Cloud)? { cloud?.sharesAPIAddress == false ? cloud : nil }
    let digests: NodeDigests
    /// Knows sooner than a login's patience that a machine will never answer.
    private let watch: BootWatch?

    /// How long a machine may take from its start to its first login.
    static let bootPatience: Duration = .seconds(180)
    /// How long one large file may take.
    static let uploadPatience: Duration = .seconds(600)

    /// - Parameters:
    ///   - cloud: of the machines; nil for one that has no endpoint, keeps host keys to itself and is never asked.
    ///   - watchesBoots: whether it is asked about machines that do not answer.
    ///   - digests: those that are known already.
    public init(
        login: MachineLogin, assets: @escaping @Sendable (String) throws -> any AssetSource, vault: Vault, cloud: (any Cloud)? = nil,
        watchesBoots: Bool = true, digests: NodeDigests = NodeDigests()
    ) {
        self.login = login
        self.assets = assets
        self.vault = vault
        self.cloud = cloud
        self.digests = digests
        watch = watchesBoots ? cloud.map { BootWatch($0) } : nil
    }

    public func perform(_ step: Step, in context: StepContext) async throws -> StepOutcome {
        // `host/MACHINE` or `service/MACHINE/PART`.
        let machine = String(step.address.name.prefix { $0 != "/" })
        let state = await context.state()
        switch step.action {
        case .connect: return try await connect(machine, state: state, context: context)
        case .installBinaries(let version): return try await installBinaries(version, on: machine, state: state, context: context)
        case .installContent: return try await installContent(on: machine, state: state, context: context)
        case .keepRecoveryKit: return try await keepRecoveryKit(on: machine, state: state)
        case .startServices(let services):
            return try await serviceStart.start(services, on: machine, state: state, context: context)
        case .stopServices(let services): return try await stopServices(services, on: machine, state: state, context: context)
        default: throw SlipwayError(.bug, doing: step.action.name.rawValue, cause: "it is no action of a machine")
        }
    }

    var serviceStart: ServiceStart { ServiceStart(login: login, assets: assets, endpoint: endpoint) }

    private func stopServices(
        _ services: [NodeService], on machine: String, state: ClusterState, context: StepContext
    ) async throws -> StepOutcome {
        var services = services
        if let endpoint, services.contains(.apiAddress) {
            services.removeAll { $0 == .apiAddress }
            context.progress("leaving the API's endpoint")
            // First of all: from then on nobody is led to what is about to stop.
            try await endpoint.leaveEndpoint(state.identity, machine: machine)
        }
        guard !services.isEmpty else { return .changed }
        let units = services.map(\.unit).joined(separator: " ")
        try await login.run("systemctl stop \(units)", on: machine, state: state, doing: "stopping \(units)", timeout: .seconds(120))
        return .changed
    }

    // MARK: Login

    private func connect(_ machine: String, state: ClusterState, context: StepContext) async throws -> StepOutcome {
        let role = state.machines[machine]?.role ?? .worker
        // Nothing runs on a bastion that the system does not bring.
        let check = role.isOfNodes ? RequiredPrograms.check(for: role, sharesAPIAddress: endpoint == nil) : "true"
        let result: HostResult
        if try await needsOwnHostKey(machine, state: state) {
            // Programs may come with the end of the first boot, which the new key waits for.
            _ = try await firstLogin("true", on: machine, state: state, context: context)
            try await giveOwnHostKey(machine, context: context)
            let endpoint = try await login.endpoint(machine, state: await context.state())
            result = try await login.hosts.run(check, on: endpoint, timeout: .seconds(20))
        } else {
            result = try await firstLogin(check, on: machine, state: state, context: context)
            if !role.isOfNodes { try await noteOwnHostKey(machine, context: context) }
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

    /// Runs the script as soon as the machine lets us in.
    private func firstLogin(
        _ script: String, on machine: String, state: ClusterState, context: StepContext
    ) async throws -> HostResult {
        let endpoint = try await login.endpoint(machine, state: state)
        let lines = ProgressOnChange(context.progress)
        // That it runs now is worth knowing when it does not any more.
        _ = await hasEnded(machine, state: state, context: context)
        let result = try await context.run.poll(
            every: .milliseconds(200), for: MachineDriver.bootPatience,
            ridingOut: { error in
                lines.say(error.cause)
                guard await hasEnded(machine, state: state, context: context) else { return }
                throw SlipwayError(
                    .failed, doing: "logging in", cause: "the machine ended before anybody could log in",
                    hint: "mend what its console says, and run the same command again: it starts the machine",
                    log: await watch?.lastWords(machine, of: state.identity) ?? [])
            }
        ) {
            try await login.hosts.run(script, on: endpoint, timeout: .seconds(20))
        }
        guard let result else {
            throw SlipwayError(
                .unreachable, doing: "logging in", cause: "no login at \(endpoint.address) within \(MachineDriver.bootPatience)",
                hint: "does the machine run? slipway get machines \(state.name)",
                log: await watch?.lastWords(machine, of: state.identity) ?? [])
        }
        return result
    }

    /// By its cloud's word. A login takes its time to fail: a suspicion is not left until the next one.
    private func hasEnded(_ machine: String, state: ClusterState, context: StepContext) async -> Bool {
        guard let watch else { return false }
        if await watch.hasEnded(machine, of: state.identity, now: context.run.now()) { return true }
        guard await watch.suspects(machine), (try? await context.run.sleep(BootWatch.interval)) != nil else { return false }
        return await watch.hasEnded(machine, of: state.identity, now: context.run.now())
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
            FileDigests.script(paths), on: machine, state: state, doing: "reading what is there", timeout: .seconds(120))
        return FileDigests.parse(result.text)
    }
}
