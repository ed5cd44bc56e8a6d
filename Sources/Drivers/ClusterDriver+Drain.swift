import ClusterModel
import Foundation
import Planning

extension ClusterDriver {
    /// How long the other nodes of a pool may take to be ready before one is cordoned.
    private static let availabilityPatience: Duration = .seconds(120)
    private static let drainPause: Duration = .milliseconds(500)
    /// How long an API that does not answer is waited for in the middle of a drain.
    private static let silencePatience = 120.0

    // MARK: Marks on a node

    func taint(_ name: String, cluster: any ClusterAccess, context: StepContext) async throws -> StepOutcome {
        try await update(name, cluster: cluster, context: context) { NodePatch.leaving($0) }
        return .changed
    }

    func uncordon(_ name: String, cluster: any ClusterAccess, context: StepContext) async throws -> StepOutcome {
        try await update(name, cluster: cluster, context: context) { NodePatch.released($0) }
        return .changed
    }

    func cordon(_ step: Step, state: ClusterState, cluster: any ClusterAccess, context: StepContext) async throws -> StepOutcome {
        let name = step.address.name
        try await cordons.inTurn {
            for case .poolAvailable(let pool, let least) in step.guards {
                try await checkAvailability(of: pool, least: least, without: name, state: state, cluster: cluster, context: context)
            }
            try await update(name, cluster: cluster, context: context) { [runID] in NodePatch.cordoned($0, run: runID) }
        }
        return .changed
    }

    /// A node that serves is taken out only when enough others do.
    private func checkAvailability(
        of pool: String, least: Int, without name: String, state: ClusterState, cluster: any ClusterAccess, context: StepContext
    ) async throws {
        let lines = ProgressOnChange(context.progress)
        let members = Set(state.machines.values.filter { $0.pool == pool }.map(\.name))
        let enough = try await context.run.poll(
            every: .seconds(1), for: Self.availabilityPatience, ridingOut: { lines.say($0.cause) }
        ) { () -> Bool? in
            let nodes = try await cluster.nodes()
            // What does not serve takes nothing away.
            guard nodes.first(where: { $0.name == name })?.isReady == true else { return true }
            let ready = nodes.filter { members.contains($0.name) && $0.name != name && $0.takesPods }.count
            if ready >= least { return true }
            lines.say("waiting: \(ready) other nodes of pool \(pool) are ready, and \(least) should be")
            return nil
        }
        guard enough == nil else { return }
        throw SlipwayError(
            .refused, doing: "taking the node out of service",
            cause: "fewer than \(least) other nodes of pool '\(pool)' are ready to take pods",
            hint: "mend them first: slipway validate cluster \(state.name)")
    }

    // MARK: Drain

    func drain(
        _ name: String, _ options: DrainOptions, state: ClusterState, cluster: any ClusterAccess, context: StepContext
    ) async throws -> StepOutcome {
        do {
            return try await drained(name, options, state: state, cluster: cluster, context: context)
        } catch let error as SlipwayError where error.retry == .permanent {
            // It stays, so it goes on serving.
            _ = try? await uncordon(name, cluster: cluster, context: context)
            throw error
        }
    }

    private func drained(
        _ name: String, _ options: DrainOptions, state: ClusterState, cluster: any ClusterAccess, context: StepContext
    ) async throws -> StepOutcome {
        let lines = ProgressOnChange(context.progress)
        var drain = Drain(options: options, start: context.run.now())
        var lastAnswer = context.run.now()
        while true {
            do {
                guard let node = try await find(name, cluster) else { return .changed }
                let pods = try await cluster.pods(onNode: name)
                let orphans = try await orphans(among: pods, cluster: cluster)
                lastAnswer = context.run.now()
                switch drain.next(pods: pods, orphans: orphans, nodeIsReady: node.isReady, now: context.run.now()) {
                case .done: return .changed
                case .wait: break
                case .evict(let due):
                    for (pod, answer) in try await evict(due, cluster: cluster) { drain.answered(pod, answer, now: context.run.now()) }
                case .giveUp(let left): throw try await gaveUp(left, options: options, state: state, cluster: cluster)
                case .stop(let pod, let reason):
                    throw SlipwayError(
                        .refused, doing: "draining the node", cause: "the pod \(pod.title) can never be evicted: \(reason)",
                        hint: "two PodDisruptionBudgets may cover it: leave one, then run the same command again")
                case .refuse(let refused):
                    throw SlipwayError(
                        .refused, doing: "draining the node",
                        cause: refused.map { "the pod \($0.pod.title): \($0.why)" }.joined(separator: "; "),
                        hint: "move them, or allow it: " + Set(refused.map(\.flag)).sorted().joined(separator: " "))
                }
                let progress = drain.progress(pods)
                lines.say(progress)
            } catch let error as SlipwayError where error.retry == .transient {
                // An API server that restarts is ridden out.
                guard context.run.now().timeIntervalSince(lastAnswer) < Self.silencePatience else { throw error }
                lines.say(error.cause)
            }
            try await context.run.sleep(Self.drainPause)
        }
    }

    private func evict(
        _ pods: [PodObservation], cluster: any ClusterAccess
    ) async throws -> [(PodObservation, EvictionAnswer)] {
        try await withThrowingTaskGroup(of: (PodObservation, EvictionAnswer).self) { group in
            for pod in pods { group.addTask { (pod, try await cluster.evict(pod)) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Uids of pods whose DaemonSet is gone: nothing would make them anew.
    private func orphans(among pods: [PodObservation], cluster: any ClusterAccess) async throws -> Set<String> {
        var exists: [String: Bool] = [:]
        var orphans: Set<String> = []
        for pod in pods {
            guard let set = pod.controller, set.kind == "DaemonSet" else { continue }
            let path = "/apis/\(set.apiVersion)/namespaces/\(pod.namespace)/daemonsets/\(set.name)"
            if exists[path] == nil { exists[path] = try await cluster.get(path: path) != nil }
            if exists[path] == false { orphans.insert(pod.uid) }
        }
        return orphans
    }

    private func gaveUp(
        _ left: [Drain.Blocked], options: DrainOptions, state: ClusterState, cluster: any ClusterAccess
    ) async throws -> SlipwayError {
        let budgets = try await cluster.disruptionBudgets()
        let parts = left.map { blocked -> String in
            let covering = budgets.filter { $0.covers(blocked.pod) }.map { "\($0.namespace)/\($0.name)" }
            guard let reason = blocked.reason else { return "the pod \(blocked.pod.title) does not end" }
            let named = covering.isEmpty ? "" : " by PodDisruptionBudget \(covering.joined(separator: ", "))"
            return "the pod \(blocked.pod.title) is blocked\(named) (\(reason))"
        }
        return SlipwayError(
            .refused, doing: "draining the node", cause: "not within \(options.timeout): " + parts.joined(separator: "; "),
            hint: "make room for its replacement or change the budget, then run the same command again; "
                + "the node takes pods as before")
    }

    // MARK: Health

    func validate(_ name: String, state: ClusterState, context: StepContext) async throws -> StepOutcome {
        let lines = ProgressOnChange(context.progress)
        let deadline = context.run.now().addingTimeInterval(Self.patience / .seconds(1))
        var passes = 0
        while true {
            let found = try await problems(name)
            passes = found.isEmpty ? passes + 1 : 0
            if passes == 2 { return .changed }
            if let first = found.first { lines.say(first) }
            guard context.run.now() < deadline else {
                throw SlipwayError(
                    .failed, doing: "waiting for the machine to be healthy", cause: found.joined(separator: "; "),
                    hint: "the others were left as they are; slipway validate cluster \(state.name)",
                    log: await machines.unitLog(.kubelet, on: name, state: state))
            }
            try await context.run.sleep(.seconds(1))
        }
    }
}

extension NodeObservation {
    /// New pods may come here.
    fileprivate var takesPods: Bool { isReady && !unschedulable && !taints.contains(NodeDesign.startupTaint) }
}
