/// The spec's JSON Schema, for editors: keys, types, choices and what each field means. What only rules can say (free names,
/// ranges that overlap) stays with `slipway validate spec`.
public enum SpecJSONSchema {
    public static var document: JSONValue {
        let head: [String: JSONValue] = ["$schema": SchemaPiece.draft, "title": .string("A Slipway cluster")]
        return .object(cluster(providers: CloudProvider.offered).members.merging(head) { first, _ in first })
    }

    /// A spec inside of a state: as Slipway writes it, of any provider.
    static var stored: JSONValue { withoutRules(cluster(providers: CloudProvider.allCases)) }

    /// Keys, types and choices only: what a value may be was decided when it was stored.
    private static func withoutRules(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .object(let members):
            if members["const"] != nil { return .object(["type": .string("string")]) }
            return .object(members.filter { !["pattern", "maxLength", "minimum"].contains($0.key) }.mapValues(withoutRules))
        case .array(let elements): return .array(elements.map(withoutRules))
        default: return schema
        }
    }

    private static func cluster(providers: [CloudProvider]) -> JSONValue {
        object(
            SpecSchema.document, required: ["apiVersion", "kind", "metadata", "spec"],
            [
                "apiVersion": constant(Cluster.apiVersion), "kind": constant(Cluster.kind),
                "metadata": object(
                    SpecSchema.metadata, required: ["name"], ["name": name("The cluster's name, part of its machines' names.")]),
                "spec": spec(providers),
            ])
    }

    private static func spec(_ providers: [CloudProvider]) -> JSONValue {
        let text = "As \(SupportedVersions.example). Absent: the newest of the asset source, resolved once at create."
        return object(
            SpecSchema.spec, required: ["cloud"],
            [
                "kubernetesVersion": pattern("^v?[0-9]+\\.[0-9]+\\.[0-9]+$", text),
                "cloud": object(
                    SpecSchema.cloud, required: ["provider"],
                    [
                        "provider": choice(providers.map(\.rawValue), "Where machines come from."),
                        "local": object(
                            SpecSchema.localCloud, ["cidr": range("The machines' range. Absent: a free one, chosen at create.")]),
                        "aws": aws,
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
                        "update": object(
                            SpecSchema.controlPlaneUpdate,
                            ["strategy": strategy("How machines that differ are changed. Absent: in place while there is only one.")]),
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

    private static var aws: JSONValue {
        object(
            SpecSchema.aws,
            [
                "region": string("As us-east-1. Default: that of the control plane's first zone."),
                "vpcID": pattern("^vpc-[0-9a-f]{8,17}$", "A VPC that is there, and stays. Absent: one is made."),
                "vpcCIDR": range("The range of the cluster's VPC, or its part of the one that is there. Default: \(SpecDefaults.vpcCIDR)."),
                "image": pattern("^(ami-.+|ssm:.+|[^/]+/.+)$", "ami-ID, ssm:PARAMETER, or OWNER/NAME. Absent: Debian 12."),
                "volumeSize": integer(minimum: 8, "Of each machine's root volume, in GiB. Default: \(SpecDefaults.volumeSize)."),
                "subnets": subnets("Subnets of vpcID that are there, and stay, by zone: machines are in these. Absent: some are made."),
                "publicSubnets": subnets("The same for the bastion and for balancers, before machines in private ones."),
                "topology": choice(
                    AWSTopology.allCases.map(\.rawValue),
                    "Where machines are: with public addresses, or in private subnets behind NAT gateways. Default: public."),
                "natGateways": choice(
                    AWSNATGateways.allCases.map(\.rawValue), "How many NAT gateways private subnets have. Default: perZone."),
                "bastionType": string("Instance type of the bastion that logins to private machines lead through. Absent: none."),
                "apiExposure": choice(
                    AWSAPIExposure.allCases.map(\.rawValue),
                    "From where the API can be reached. Default: \(SpecDefaults.apiExposure.rawValue)."),
                "dnsName": string("A name for the API, made as a record of Route 53. Absent: none but the load balancer's own."),
                "hostedZone": pattern("^Z[A-Z0-9]+$", "The id of the zone that dnsName is in. Absent: the one with the longest name."),
            ])
    }

    private static func subnets(_ description: String) -> JSONValue {
        .object([
            "type": .string("object"), "description": .string(description),
            "additionalProperties": pattern("^subnet-[0-9a-f]{8,17}$", "Of the zone."),
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
                "spot": flag("On AWS: spot instances, cheaper and ended by AWS when it needs them. Default: \(SpecDefaults.spot)."),
                "update": object(
                    SpecSchema.update,
                    [
                        "strategy": strategy("How machines that differ are changed. Default: \(SpecDefaults.update.strategy.rawValue)."),
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
        for key in keys {
            let field = fields[key] ?? .bool(true)
            properties[key] = required.contains(key) ? field : orNothing(field)
        }
        var schema: [String: JSONValue] = [
            "type": .string("object"), "additionalProperties": .bool(false), "properties": .object(properties),
        ]
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        return .object(schema)
    }

    /// A key without a value is as good as absent.
    private static func orNothing(_ schema: JSONValue) -> JSONValue {
        guard case .object(var members) = schema else { return schema }
        if let type = members["type"] { members["type"] = .array((type.text.map { [.string($0)] } ?? type.elements) + [.string("null")]) }
        if let choices = members["enum"] { members["enum"] = .array(choices.elements + [.null]) }
        if let any = members["anyOf"] { members["anyOf"] = .array(any.elements + [.object(["type": .string("null")])]) }
        return .object(members)
    }

    private static func typed(_ type: String, _ description: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
        .object(["type": .string(type), "description": .string(description)].merging(more) { first, _ in first })
    }

    /// YAML takes some words for numbers or booleans that are text all the same.
    private static let scalars = JSONValue.array(["string", "number", "boolean"].map(JSONValue.string))

    private static func string(_ description: String) -> JSONValue {
        .object(["type": scalars, "description": .string(description)])
    }
    private static func flag(_ description: String) -> JSONValue { typed("boolean", description) }
    private static func integer(minimum: Int, _ description: String) -> JSONValue {
        typed("integer", description, ["minimum": .int(minimum)])
    }
    private static func pattern(_ pattern: String, _ description: String) -> JSONValue {
        typed("string", description, ["pattern": .string(pattern)])
    }
    private static func name(_ description: String) -> JSONValue {
        .object([
            "type": scalars, "description": .string(description), "pattern": .string("^[a-z]([a-z0-9-]*[a-z0-9])?$"),
            "maxLength": .int(SpecName.maximumLength),
        ])
    }
    private static func range(_ description: String) -> JSONValue { pattern("^([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}$", description) }
    private static func countOrPercent(_ description: String) -> JSONValue {
        .object([
            "description": .string(description),
            "anyOf": .array([
                .object(["type": .string("integer"), "minimum": .int(0)]),
                .object(["type": .string("string"), "pattern": .string("^[0-9]+%?$")]),
            ]),
        ])
    }
    private static func choice(_ values: [String], _ description: String) -> JSONValue {
        .object(["enum": .array(values.map(JSONValue.string)), "description": .string(description)])
    }
    private static func strategy(_ description: String) -> JSONValue {
        choice(UpdateStrategy.allCases.map(\.rawValue), description)
    }
    private static func constant(_ value: String) -> JSONValue { .object(["const": .string(value)]) }
    private static func list(_ items: JSONValue) -> JSONValue { .object(["type": .string("array"), "items": items]) }
}
