public import ClusterModel

/// Carries out what concerns Slipway's own records: secrets, marks, the end of a cluster's state.
public struct RecordDriver: Driver {
    private let cloud: any Cloud
    private let vault: Vault
    private let forget: @Sendable () async throws -> Void

    /// `forget` removes state and secrets of the cluster from the store.
    public init(cloud: any Cloud, vault: Vault, forget: @escaping @Sendable () async throws -> Void) {
        self.cloud = cloud
        self.vault = vault
        self.forget = forget
    }

    public func perform(_ step: Step, in context: StepContext) async throws -> StepOutcome {
        let state = await context.state()
        switch step.action {
        case .ensureSecrets:
            return try await vault.ensure(clusterName: state.name, now: context.run.now()) ? .changed : .unchanged
        case .markEtcd(let mark):
            try refuseStepBack(from: state.etcd, to: mark)
            if state.etcd != mark { try await context.record(.etcd(mark)) }
            // On the network too, so that the mark outlives a lost state.
            if let tag = mark.tag { try await cloud.tagNetwork(state.identity, tags: [Tag.etcdMark: tag]) }
            return .changed
        case .markDeleting:
            try await context.record(.deleting)
            return .changed
        case .forgetCluster:
            try await forget()
            return .changed
        default: throw SlipwayError(.bug, doing: step.action.name.rawValue, cause: "it is no action of the record")
        }
    }

    /// The state ignores a mark that is behind its own; the network's tag would take it, and allow a second formation.
    private func refuseStepBack(from current: EtcdMark, to mark: EtcdMark) throws {
        switch (current, mark) {
        case (.initialised, .initialising), (.initialised, .none), (.initialising, .none):
            throw SlipwayError(
                .refused, doing: "marking etcd", cause: "the mark never goes back from '\(current.tag ?? "")' to '\(mark.tag ?? "none")'",
                hint: "run the same command again: it plans anew")
        case (.none, _), (.initialising, _), (.initialised, .initialised): break
        }
    }
}
