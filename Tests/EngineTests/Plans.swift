import ClusterModel

/// Small plans whose steps do nothing but have a place in the order.
enum Plans {
    static func step(
        _ name: String, after: [String] = [], tokens: [Token] = [], kind: Action.Kind = .machine
    ) -> Step {
        let action: Action =
            switch kind {
            case .cloud: .startMachine
            case .machine: .connect
            case .etcd: .formEtcd(token: "t", members: [])
            case .cluster: .waitForAPI
            case .record: .markDeleting
            }
        return Step(
            Address(.host, name), action, after: after.map { id($0, kind) }, tokens: tokens, reason: Reason("test"))
    }

    static func id(_ name: String, _ kind: Action.Kind = .machine) -> String { step(name, kind: kind).id }

    static func plan(_ steps: [Step], tokens: [TokenGrant] = []) -> Plan {
        Plan(intent: .update, cluster: ClusterIdentity(name: "demo", uid: "0011aabb"), steps: steps, tokens: tokens)
    }
}
