/// What is to be done, as data: printable, storable, comparable. The engine carries it out; nothing else acts.
public struct Plan: Codable, Sendable, Equatable {
    public static let currentFormatVersion = 1

    public enum Intent: String, Codable, Sendable {
        case create, update, delete, repair, stop, start
        case roll = "rolling-update"
    }

    public var formatVersion = Plan.currentFormatVersion
    public var intent: Intent
    public var cluster: ClusterIdentity
    /// In an order that respects `after`; ids are unique.
    public var steps: [Step]
    /// How many of each token exist.
    public var tokens: [TokenGrant]
    /// What the user should know before saying yes.
    public var warnings: [String]
    /// What the user may want to know of how it will go.
    public var notes: [String]?
    /// True of one that opens the way to machines which nobody could look at: what else there is to do is planned once it is done.
    public var opensTheWay: Bool?

    public init(
        intent: Intent, cluster: ClusterIdentity, steps: [Step], tokens: [TokenGrant] = [], warnings: [String] = [],
        notes: [String]? = nil, opensTheWay: Bool? = nil
    ) {
        self.intent = intent
        self.cluster = cluster
        self.steps = steps
        self.tokens = tokens
        self.warnings = warnings
        self.notes = notes
        self.opensTheWay = opensTheWay
    }

    public var isEmpty: Bool { steps.isEmpty }

    /// The machines that it makes, in its order.
    public var newMachines: [MachineDesign] {
        steps.compactMap { step in
            guard case .createMachine(let design) = step.action else { return nil }
            return design
        }
    }
}

public struct Step: Codable, Sendable, Equatable, Identifiable {
    /// `ADDRESS#ACTION`, unique in its plan.
    public var id: String
    public var address: Address
    public var action: Action
    /// Ids of the steps that must be done before.
    public var after: [String]
    /// Held while the step runs.
    public var tokens: [Token]
    /// Taken when the step starts and kept beyond its end, until a step that gives them is done.
    public var takes: [Token]?
    /// Given back when the step is done.
    public var gives: [Token]?
    /// Checked again by the driver just before it acts.
    public var guards: [Guard]
    /// Why the step is here: the field that differs, with its old and its new value.
    public var reason: Reason

    public init(
        _ address: Address, _ action: Action, after: [String] = [], tokens: [Token] = [], guards: [Guard] = [], reason: Reason
    ) {
        id = Step.id(address, action.name)
        self.address = address
        self.action = action
        self.after = after
        self.tokens = tokens
        self.guards = guards
        self.reason = reason
    }

    public static func id(_ address: Address, _ action: Action.Name) -> String { "\(address)#\(action.rawValue)" }
}

public struct Reason: Codable, Sendable, Equatable {
    public var field: String
    public var old: String?
    public var new: String?

    public init(_ field: String, old: String? = nil, new: String? = nil) {
        self.field = field
        self.old = old
        self.new = new
    }
}

extension Reason: CustomStringConvertible {
    public var description: String {
        switch (old, new) {
        case (nil, nil): field
        case (nil, let new?): "\(field): \(new)"
        case (let old?, nil): "\(field): was \(old)"
        case (let old?, let new?): "\(field): \(old) -> \(new)"
        }
    }
}

/// Steps that hold the same token take turns.
public enum Token: Codable, Sendable, Hashable {
    case surge(pool: String)
    case unavailable(pool: String)
    case etcdMembership
}

public struct TokenGrant: Codable, Sendable, Equatable {
    public var token: Token
    public var count: Int

    public init(_ token: Token, count: Int) {
        self.token = token
        self.count = count
    }
}

/// What must still be true in the moment before a destructive act.
public enum Guard: Codable, Sendable, Hashable {
    /// The thing about to be destroyed carries this cluster's ownership tags.
    case ownership
    /// The etcd mark in the state and on the network still allows an initial start.
    case neverInitialised
    /// So many other nodes of the pool are ready to take pods.
    case poolAvailable(pool: String, least: Int)
    /// The members that remain have their majority, all of it healthy.
    case etcdQuorum
}
