/// JSON Schemas of what a store holds: the state document, and one record of the journal. Tests hold them against the types:
/// each key is in both, and nothing is read that they reject.
public enum StateJSONSchema {
    /// `state.json` as a whole.
    public static var document: JSONValue {
        SchemaPiece.document(
            SchemaPiece.object([
                "formatVersion": version, "sum": SchemaPiece.text("SHA-256 of the body's bytes.", pattern: "^[0-9a-f]{64}$"),
                "body": SchemaPiece.object([
                    "sequence": SchemaPiece.number("The number of the last journal record that is contained."),
                    "state": state,
                    "unfinishedSteps": SchemaPiece.list(of: .object(["type": .string("string")]), "Steps begun and not done."),
                ]),
            ]), title: "A Slipway state document")
    }

    /// A line of `journal.jsonl`.
    public static var journalLine: JSONValue {
        SchemaPiece.document(
            SchemaPiece.object([
                "sum": SchemaPiece.text("The beginning of the SHA-256 of the record's bytes.", pattern: "^[0-9a-f]{16}$"),
                "record": record,
            ]), title: "A line of a Slipway journal")
    }

    /// What `slipway state pull` prints.
    public static var pulled: JSONValue { SchemaPiece.document(state, title: "The state of a Slipway cluster") }

    private static let version = SchemaPiece.constant(.int(ClusterState.currentFormatVersion))
    private static let name = SchemaPiece.text("A name.")
    private static let address = SchemaPiece.text("An IPv4 address.", pattern: "^([0-9]{1,3}\\.){3}[0-9]{1,3}$")
    private static let host = SchemaPiece.text("An IPv4 address or a DNS name.")
    private static let range = SchemaPiece.text("An IPv4 range.", pattern: "^([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}$")

    private static var state: JSONValue {
        SchemaPiece.object(
            [
                "formatVersion": version,
                "lineage": SchemaPiece.text("Made with the first state. States of different lineages are of different clusters."),
                "serial": SchemaPiece.number("Counts changes."), "uid": SchemaPiece.text("Names of links and cgroups derive from it."),
                "desired": SpecJSONSchema.stored, "etcd": etcd, "network": network,
                "machines": SchemaPiece.map(of: machine, "By name. A machine enters before it is made and leaves when it is gone."),
                "highWater": SchemaPiece.map(
                    of: .object(["type": .string("integer")]), "The highest ordinal ever given out, by pool. Never shrinks."),
                "deleting": SchemaPiece.flag("A delete began."), "movingTo": SchemaPiece.text("The store that it is being moved to."),
            ], optional: ["network", "movingTo"])
    }

    private static var etcd: JSONValue {
        SchemaPiece.cases(
            [
                "none": SchemaPiece.object([:]),
                "initialising": SchemaPiece.object(["token": name, "members": SchemaPiece.list(of: name, "Who may form.")]),
                "initialised": SchemaPiece.object(["token": name]),
            ], "How far etcd is from its first start.")
    }

    private static var network: JSONValue {
        SchemaPiece.object(
            [
                "id": name, "cidr": range, "gateway": address, "apiAddress": host, "accessAddress": host,
                "ids": SchemaPiece.map(of: name, "What the cloud calls its parts, by their own names."),
            ], optional: ["accessAddress", "ids"],
            "The cluster's network.")
    }

    private static var machine: JSONValue {
        SchemaPiece.object(
            [
                "name": name, "pool": name, "zone": name,
                "role": SchemaPiece.choice(MachineRole.allCases.map(\.rawValue), "What it is for."),
                "ordinal": SchemaPiece.number("Its number in its pool."), "instanceType": name, "make": make, "podCIDR": range,
                "market": SchemaPiece.choice(MachineMarket.allCases.map(\.rawValue), "Absent: at the cloud's usual price."),
                "token": SchemaPiece.text("What was made for this entry carries it."),
                "hostKeyFingerprint": SchemaPiece.text("Of the host key that it is known by."),
                "hostKey": SchemaPiece.text("The public half of a host key of its own."),
                "providerID": SchemaPiece.text("Absent until it was made."), "address": address, "accessAddress": address,
            ], optional: ["market", "make", "hostKeyFingerprint", "hostKey", "providerID", "address", "accessAddress"])
    }

    private static var make: JSONValue {
        SchemaPiece.object(
            ["image": SchemaPiece.text("As the spec had it; absent: the default."), "volumeSize": SchemaPiece.number("In GiB.")],
            optional: ["image"], "What it was made from, besides zone and type.")
    }

    private static var record: JSONValue {
        let fields: [String: JSONValue] = [
            "sequence": SchemaPiece.number("One more than the record before."), "lineage": SchemaPiece.text("As in the state."),
            "serial": SchemaPiece.number("The state's serial with this record applied."),
            "time": SchemaPiece.text("UTC.", pattern: "^[0-9-]+T[0-9:.]+Z$"),
        ]
        return .object([
            "description": .string("Says a change or a mark."),
            "oneOf": .array([
                SchemaPiece.object(fields.merging(["change": change]) { first, _ in first }),
                SchemaPiece.object(fields.merging(["mark": mark]) { first, _ in first }),
            ]),
        ])
    }

    /// A case with one value that has no name.
    private static func only(_ value: JSONValue, optional: Bool = false) -> JSONValue {
        SchemaPiece.object(["_0": value], optional: optional ? ["_0"] : [])
    }

    private static var change: JSONValue {
        SchemaPiece.cases(
            [
                "desired": only(SpecJSONSchema.stored), "etcd": only(etcd), "network": only(network, optional: true),
                "machineIntended": only(machine),
                "machineMade": SchemaPiece.object(
                    ["name": name, "providerID": name, "address": address, "accessAddress": address], optional: ["accessAddress"]),
                "hostKeyStaged": SchemaPiece.object(["name": name, "key": name]),
                "hostKeyPinned": SchemaPiece.object(["name": name, "fingerprint": name]),
                "machineResized": SchemaPiece.object(["name": name, "instanceType": name]),
                "machineGone": SchemaPiece.object(["name": name]), "deleting": SchemaPiece.object([:]),
                "moving": SchemaPiece.object(["to": name], optional: ["to"]),
            ], "A change of the state.")
    }

    private static var mark: JSONValue {
        SchemaPiece.cases(
            [
                "runStarted": SchemaPiece.object(["id": name, "operation": name]),
                "stepStarted": SchemaPiece.object(["id": name]), "stepDone": SchemaPiece.object(["id": name]),
            ], "How far a run is.")
    }
}
