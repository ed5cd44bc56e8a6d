import ClusterModel
public import StateStore

/// Moves what is remembered of one cluster to another store: state and secrets. Of network and machines it changes the tag that
/// names the store, by which the cluster is found should its state be lost.
///
/// First the source says where the cluster goes, durably: from then on no operation works on it here. So whatever the
/// destination has of it is as new or newer, and a move that was cut short anywhere can be ended by the same command. The tags
/// follow when the destination has everything and before the source forgets: while they name a store, it has the state.
public struct MoveState: Sendable {
    private let context: OperationContext
    private let destination: any StateStore

    public init(_ context: OperationContext, to destination: any StateStore) {
        self.context = context
        self.destination = destination
    }

    /// - Returns: the key that the secrets are encrypted with at the destination; nil when there were none.
    /// - Throws: `.exists` when the destination has another cluster of that name, `.refused` when the cluster is on its way to
    ///   another store.
    public func callAsFunction(_ name: String) async throws -> KeyUse? {
        _ = try await context.state(of: name)
        guard destination.location != context.store.location else {
            throw SlipwayError(
                .usage, at: Address(.state, name), doing: "moving the state", cause: "it is in \(destination.location) already")
        }
        var there = context
        there.store = destination
        return try await context.locked(name, "move", whileMoving: true) { session in
            try await there.locked(name, "move") { target in try await move(session, to: target) }
        }
    }

    /// Takes back a move that began and brought nothing there yet.
    /// - Parameter open: the store of a URL.
    public static func takeBack(
        _ name: String, _ context: OperationContext, open: (_ location: String) throws -> any StateStore
    ) async throws {
        try await context.locked(name, "move", whileMoving: true) { session in
            guard let location = await session.state?.movingTo else { return }
            var there = context
            there.store = try open(location)
            try await there.locked(name, "move") { target in
                guard await target.state == nil else {
                    throw SlipwayError(
                        .refused, at: Address(.state, name), doing: "taking the move back", cause: "\(location) has the cluster already",
                        hint: "end it with: slipway state move \(name) --to \(location)")
                }
                try await session.record(.moving(to: nil))
            }
        }
    }

    private func move(_ session: any StateSession, to target: any StateSession) async throws -> KeyUse? {
        let state = try await session.known()
        let secrets = try await session.secrets()
        try await check(state, at: target)
        if state.movingTo == nil { try await session.record(.moving(to: destination.location)) }
        if await target.state == nil {
            var arriving = try await session.known()
            arriving.movingTo = nil
            try await target.create(arriving)
        }
        var use: KeyUse?
        if let secrets, try await target.secrets() == nil { use = try await target.saveSecrets(secrets) }
        // Both are read back before the source forgets them. What is new there by now is newer.
        let brought = try await target.secrets()
        guard let arrived = await target.state, arrived.lineage == state.lineage, secrets == nil || brought != nil else {
            throw SlipwayError(
                .bug, at: Address(.state, state.name), doing: "moving the state", cause: "\(destination.location) has not what was written",
                hint: "nothing was removed from \(context.store.location)")
        }
        try await tag(arrived, holding: session, and: target)
        try await session.remove()
        return use
    }

    /// What was made of the cluster names its new store. Only with both locks: another command may tag its network otherwise.
    private func tag(_ state: ClusterState, holding session: any StateSession, and target: any StateSession) async throws {
        guard state.network != nil || !state.machines.isEmpty else { return }
        do {
            let outside = try context.outside(state.desired.spec.cloud.place)
                .behind(Fence(session, interrupt: context.interrupt)).behind(Fence(target, interrupt: context.interrupt))
            let seen = try await outside.cloud.observe(state.identity)
            guard seen.network != nil else {
                context.say(
                    "the cloud shows nothing of cluster \(state.name) from here: its tags name the store that they named, and that one has "
                        + "to be given to a delete or a --recover without a state")
                return
            }
            // Whatever they say: what is observed may be what was true before an earlier move. By the network's the cluster is found,
            // so it is the last.
            let tags = [Tag.store: destination.location]
            for machine in seen.machines where machine.status != .terminated {
                try await outside.cloud.tagMachine(state.identity, name: machine.name, tags: tags)
            }
            try await outside.cloud.tagNetwork(state.identity, tags: tags)
        } catch var error as SlipwayError where error.code != .tryAgain {
            error.hint = [
                error.hint,
                "\(destination.location) has state and secrets already, and \(context.store.location) keeps them until the tags follow: "
                    + "run the same command again where the cloud can be reached",
            ].compactMap(\.self).joined(separator: "; ")
            throw error
        }
    }

    private func check(_ state: ClusterState, at target: any StateSession) async throws {
        func problem(_ code: SlipwayError.Code, _ cause: String, _ hint: String) -> SlipwayError {
            SlipwayError(code, at: Address(.state, state.name), doing: "moving the state", cause: cause, hint: hint)
        }
        if let other = state.movingTo, other != destination.location {
            throw problem(
                .refused, "a move to \(other) began and did not end",
                "end it first: slipway state move \(state.name) --to \(other); then move it on from there")
        }
        guard let there = await target.state else { return }
        guard there.lineage == state.lineage else {
            throw problem(.exists, "\(destination.location) has another cluster of that name", "it has to be another store")
        }
        guard state.movingTo != nil else {
            throw problem(
                .refused, "\(destination.location) has a copy of it (serial \(there.serial), here \(state.serial))",
                "find out which of the two was worked with last, and move the folder of the other one away")
        }
    }
}
