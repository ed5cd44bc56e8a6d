import ClusterModel

/// `Pod` of core/v1, as far as it is read.
struct PodObject: Decodable, Sendable {
    struct Spec: Decodable, Sendable {
        struct Volume: Decodable, Sendable { var emptyDir: JSONValue? }

        var nodeName: String?
        var volumes: [Volume]?
        var terminationGracePeriodSeconds: Int?
    }

    struct Status: Decodable, Sendable {
        var phase: String?
        var podIP: String?
        var conditions: [ConditionObject]?
    }

    var metadata: ObjectMetadata
    var spec: Spec?
    var status: Status?
}

extension PodObject {
    var observation: PodObservation {
        PodObservation(
            namespace: metadata.namespace ?? "", name: metadata.name, uid: metadata.uid ?? "",
            node: spec?.nodeName.flatMap { $0.isEmpty ? nil : $0 }, phase: status?.phase ?? "",
            isReady: status?.conditions?.contains { $0.type == "Ready" && $0.status == "True" } ?? false,
            podIP: status?.podIP.flatMap { $0.isEmpty ? nil : $0 }, labels: metadata.labels ?? [:],
            controller: metadata.ownerReferences?.first { $0.controller == true }.map {
                .init(apiVersion: $0.apiVersion, kind: $0.kind, name: $0.name)
            },
            isMirror: metadata.annotations?["kubernetes.io/config.mirror"] != nil,
            usesEmptyDir: spec?.volumes?.contains { $0.emptyDir != nil } ?? false, isEnding: metadata.deletionTimestamp != nil,
            gracePeriod: Seconds(metadata.deletionGracePeriodSeconds ?? spec?.terminationGracePeriodSeconds ?? 30))
    }
}
