import Bootstrap
public import ClusterModel

/// Forms etcd, once in a cluster's life, and changes its members, one at a time.
public struct EtcdDriver: Driver {
    let login: MachineLogin
    private let cloud: any Cloud

    public init(login: MachineLogin, cloud: any Cloud) {
        self.login = login
        self.cloud = cloud
    }

    public func perform(_ step: Step, in context: StepContext) async throws -> StepOutcome {
        let state = await context.state()
        switch step.action {
        case .formEtcd(let token, let names): return try await formAll(names, token: token, state: state, context: context)
        case .joinEtcd: return try await join(step.address.name, state: state, context: context)
        case .leaveEtcd: return try await leave(step.address.name, state: state, context: context)
        case .handOverEtcd: return try await handOver(step.address.name, state: state, context: context)
        default: throw SlipwayError(.bug, doing: step.action.name.rawValue, cause: "it is no action of etcd")
        }
    }

    private func formAll(_ names: [String], token: String, state: ClusterState, context: StepContext) async throws -> StepOutcome {
        try await checkMark(.initialising(token: token, members: names), state: state, context: context)
        let members = try names.map { name in
            guard let address = state.machines[name]?.address else {
                throw SlipwayError(.failed, at: Address(.machine, name), doing: "forming etcd", cause: "its address is not known")
            }
            return EtcdFormation.Member(name: name, address: address)
        }
        if try await allHealthy(names, state: state) {
            context.progress("all members are healthy already")
        } else {
            try await form(token: token, members: members, state: state, context: context)
        }
        // From here on no file on a host can start an etcd with a new cluster state.
        try await onAll(names, EtcdFormation.finishScript, state: state, doing: "ending the formation")
        return .changed
    }

    /// How long the network's tag may take to say what was written to it.
    static let tagPatience = Duration.seconds(60)

    /// Only between the two marks, read again from the state and from the network's tag. A cloud may say for a while what was
    /// true before, so an older tag is given its time; the second mark never is: nothing comes after it.
    private func checkMark(_ expected: EtcdMark, state: ClusterState, context: StepContext) async throws {
        guard state.etcd == expected else { throw refusal(state.etcd, tag: try await tag(of: state)) }
        let lines = ProgressOnChange(context.progress)
        let seen = try await context.run.poll(
            every: .milliseconds(500), for: Self.tagPatience, ridingOut: { lines.say($0.cause) }
        ) { () -> EtcdMark? in
            let tag = try await tag(of: state)
            if tag == expected { return tag }
            if case .initialised = tag { return tag }
            lines.say("waiting until the network's tag says that etcd may be formed")
            return nil
        }
        guard seen == expected else { throw refusal(state.etcd, tag: try await tag(of: state)) }
    }

    private func tag(of state: ClusterState) async throws -> EtcdMark? {
        try await cloud.observe(state.identity).network?.tags[Tag.etcdMark].flatMap(EtcdMark.init(tag:))
    }

    private func refusal(_ mark: EtcdMark, tag: EtcdMark?) -> SlipwayError {
        SlipwayError(
            .refused, doing: "forming etcd",
            cause: "the cluster's marks do not allow it: state \(mark.tag ?? "none"), network \(tag?.tag ?? "none")",
            hint: "an etcd that was initialised is never formed again; validate says what is lost")
    }

    private func form(token: String, members: [EtcdFormation.Member], state: ClusterState, context: StepContext) async throws {
        let names = members.map(\.name)
        // What an earlier attempt left is wiped on all members together: half-formed members do not mix.
        try await onAll(names, EtcdFormation.wipeScript, state: state, doing: "clearing an unfinished formation")
        let archive = try archive(of: EtcdFormation.environment(token: token, members: members))
        context.progress("starting \(names.count) member\(names.count == 1 ? "" : "s")")
        try await onAll(names, Self.startScript, input: archive, state: state, doing: "starting etcd")
        let lines = ProgressOnChange(context.progress)
        let healthy = try await context.run.poll(
            every: .milliseconds(100), for: ServiceStart.patience, ridingOut: { lines.say($0.cause) }
        ) {
            try await allHealthy(names, state: state) ? true : nil
        }
        guard healthy == nil else { return }
        throw SlipwayError(
            .failed, doing: "forming etcd", cause: "not all members were healthy within \(ServiceStart.patience)",
            hint: "slipway ssh \(state.name) \(names.first ?? "") -- journalctl -u etcd -n 50; then run the same command again",
            log: await login.unitLog(.etcd, on: names.first, state: state))
    }

    /// Installs what comes on standard input and starts etcd.
    static let startScript =
        "\(NodeDelivery.script()) >/dev/null; \(ServiceStart.startScript(NodeService.etcd.unit))"

    func archive(of file: NodeFile) throws -> [UInt8] {
        try NodeDelivery.archive([
            DeliveredFile(
                path: file.path, mode: file.mode, owner: file.owner,
                bytes: file.content.bytes(secret: noSecret, certificate: noCertificate))
        ])
    }

    func allHealthy(_ names: [String], state: ClusterState) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for name in names {
                group.addTask {
                    try await login.hosts.run(
                        ServiceHealth.script(.etcd), on: login.endpoint(name, state: state), timeout: .seconds(30)
                    ).exitStatus == 0
                }
            }
            return try await group.allSatisfy { $0 }
        }
    }

    private func onAll(_ names: [String], _ script: String, input: [UInt8] = [], state: ClusterState, doing: String) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for name in names {
                group.addTask { try await login.run(script, on: name, state: state, doing: doing, input: input) }
            }
            try await group.waitForAll()
        }
    }

    // The formation file refers to no secret.
    private var noSecret: (SecretReference) -> Secret { { _ in Secret([]) } }
    private var noCertificate: (String) -> Bootstrap.IssuedCertificate {
        { _ in Bootstrap.IssuedCertificate(certificate: "", key: Secret([])) }
    }
}
