/// The spec's JSON Schema, for editors: keys, types, choices and what each field means. What only rules can say (free names,
/// ranges that overlap) stays with `slipway validate spec`.
public enum SpecJSONSchema {
    public static var document: JSONValue {
        let root = object(
            SpecSchema.document, required: ["apiVersion", "kind", "metadata", "spec"],
            [
                "apiVersion": constant(Cluster.apiVersion), "kind": constant(Cluster.kind),
                "metadata": object(
                    SpecSchema.metadata, required: ["name"], ["name": name("The cluster's name, part of its machines' names.")]),
                "spec": spec,
            ])
        let head: [String: JSONValue] = [
            "$schema": .string("http://json-schema.org/draft-07/schema#"), "title": .string("A Slipway cluster"),
        ]
        return .object(root.members.merging(head) { first, _ in first })
    }

    private static var spec: JSONValue {
        let text = "As \(SupportedVersions.example). Absent: the newest of the asset source, resolved once at create."
        return object(
            SpecSchema.spec, required: ["cloud"],
            [
                "kubernetesVersion": pattern("^v?[0-9]+\\.[0-9]+\\.[0-9]+$", text),
                "cloud": object(
                    SpecSchema.cloud, required: ["provider"],
                    [
                        "provider": choice(CloudProvider.offered.map(\.rawValue), "Where machines come from."),
                        "local": object(
                            SpecSchema.localCloud, ["cidr": range("The machines' range. Absent: a free one, chosen at create.")]),
                    ]),
                "access": object(
                    SpecSchema.access,
                    [
                        "api": list(range("A range that may reach the Kubernetes API.")),
                        "ssh": list(range("A range that may reach the machines' SSH port.")),
                        "sshPublicKeys": list(string("A key that may log in to the machines, in authorized_keys form.")),
                    ]),
                "controlPlane": object(
                    SpecSchema.controlPlane,
                    [
                        "count": integer(minimum: 1, "Machines of the control plane, an odd number."), "zones": list(name("A zone.")),
                        "instanceType": string("Size of the machines."),
                    ]),
                "pools": list(pool),
                "network": object(
                    SpecSchema.network,
                    [
                        "podCIDR": range("The pods' range. Default: \(NetworkSpec.defaultPodCIDR)."),
                        "serviceCIDR": range("The services' range. Default: \(NetworkSpec.defaultServiceCIDR)."),
                    ]),
                "assets": object(
                    SpecSchema.assets,
                    ["source": string("official, or a mirror: a folder or a URL. Default: \(SpecDefaults.assetsSource).")]),
                "deletionProtection": flag("While true, delete refuses."),
            ])
    }

    private static var pool: JSONValue {
        object(
            SpecSchema.pool,
            [
                "name": name("The pool's name, part of its machines' names."), "zones": list(name("A zone.")),
                "count": integer(minimum: 0, "Machines in all, spread over the zones."), "instanceType": string("Size of the machines."),
                "labels": .object([
                    "type": .string("object"), "description": .string("Labels of the nodes."),
                    "additionalProperties": .object(["type": .array(["string", "number", "boolean", "null"].map(JSONValue.string))]),
                ]),
                "taints": list(
                    object(
                        SpecSchema.taint, required: ["key", "effect"],
                        [
                            "key": string("As dedicated."), "value": string("As gpu."),
                            "effect": choice(Taint.Effect.allCases.map(\.rawValue), "What happens to pods that do not tolerate it."),
                        ])),
                "update": object(
                    SpecSchema.update,
                    [
                        "maxSurge": countOrPercent("Machines made beyond the count while rolling."),
                        "maxUnavailable": countOrPercent("Machines that may be missing while rolling."),
                        "drainTimeout": pattern("^([0-9]+[hms])+$", "How long a drain may take, as 15m."),
                    ]),
            ])
    }

    // MARK: Pieces

    /// Keys are those of the decoder; each has to be described in `fields`.
    private static func object(_ keys: [String], required: [String] = [], _ fields: [String: JSONValue]) -> JSONValue {
        var properties: [String: JSONValue] = [:]
        for key in keys { properties[key] = fields[key] ?? .bool(true) }
        var schema: [String: JSONValue] = [
            "type": .string("object"), "additionalProperties": .bool(false), "properties": .object(properties),
        ]
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        return .object(schema)
    }

    private static func typed(_ type: String, _ description: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
        .object(["type": .string(type), "description": .string(description)].merging(more) { first, _ in first })
    }

    private static func string(_ description: String) -> JSONValue { typed("string", description) }
    private static func flag(_ description: String) -> JSONValue { typed("boolean", description) }
    private static func integer(minimum: Int, _ description: String) -> JSONValue {
        typed("integer", description, ["minimum": .int(minimum)])
    }
    private static func pattern(_ pattern: String, _ description: String) -> JSONValue {
        typed("string", description, ["pattern": .string(pattern)])
    }
    private static func name(_ description: String) -> JSONValue {
        typed(
            "string", description,
            ["pattern": .string("^[a-z]([a-z0-9-]*[a-z0-9])?$"), "maxLength": .int(SpecName.maximumLength)])
    }
    private static func range(_ description: String) -> JSONValue { pattern("^([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}$", description) }
    private static func countOrPercent(_ description: String) -> JSONValue {
        .object([
            "description": .string(description),
            "anyOf": .array([
                .object(["type": .string("integer"), "minimum": .int(0)]),
                .object(["type": .string("string"), "pattern": .string("^[0-9]+%$")]),
            ]),
        ])
    }
    private static func choice(_ values: [String], _ description: String) -> JSONValue {
        .object(["enum": .array(values.map(JSONValue.string)), "description": .string(description)])
    }
    private static func constant(_ value: String) -> JSONValue { .object(["const": .string(value)]) }
    private static func list(_ items: JSONValue) -> JSONValue { .object(["type": .string("array"), "items": items]) }
}
