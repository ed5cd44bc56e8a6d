import ClusterModel

/// `Node` of core/v1, as far as it is read. Whatever a node may lack while it registers is optional.
struct NodeObject: Decodable, Sendable {
    struct Spec: Decodable, Sendable {
        struct TaintObject: Decodable, Sendable {
            var key: String
            var value: String?
            var effect: String
        }

        var providerID: String?
        var podCIDR: String?
        var taints: [TaintObject]?
        var unschedulable: Bool?
    }

    struct Status: Decodable, Sendable {
        struct Address: Decodable, Sendable {
            var type: String
            var address: String
        }

        struct Info: Decodable, Sendable {
            var kubeletVersion: String?
        }

        var conditions: [ConditionObject]?
        var addresses: [Address]?
        var nodeInfo: Info?
    }

    var metadata: ObjectMetadata
    var spec: Spec?
    var status: Status?
}

extension NodeObject {
    /// Addresses are the IP ones, not the names. Taints with effects that Slipway does not know are left out.
    var observation: NodeObservation {
        NodeObservation(
            name: metadata.name, providerID: spec?.providerID, podCIDR: spec?.podCIDR, labels: metadata.labels ?? [:],
            annotations: metadata.annotations ?? [:], taints: (spec?.taints ?? []).compactMap(\.taint),
            unschedulable: spec?.unschedulable ?? false,
            conditions: (status?.conditions ?? []).map {
                .init(type: $0.type, status: $0.status, reason: $0.reason ?? "", message: $0.message ?? "")
            },
            kubeletVersion: status?.nodeInfo?.kubeletVersion ?? "",
            addresses: (status?.addresses ?? []).filter { $0.type == "InternalIP" || $0.type == "ExternalIP" }.map(\.address),
            resourceVersion: metadata.resourceVersion)
    }
}

extension NodeObject.Spec.TaintObject {
    fileprivate var taint: Taint? { Taint.Effect(rawValue: effect).map { Taint(key: key, value: value, effect: $0) } }
}
