public import ClusterModel
import Foundation

extension KubernetesClient {
    public func pods(onNode node: String) async throws -> [PodObservation] {
        try await reporting("listing the pods of the node", at: Address(.node, node)) {
            let selector = FieldSelector([("spec.nodeName", node)])
            return try await list(PodObject.self, at: try APIPath.pods(namespace: nil), query: [("fieldSelector", selector.text)])
                .map(\.observation)
        }
    }

    /// From `policy/v1`, or `policy/v1beta1` where that is all there is.
    public func disruptionBudgets() async throws -> [DisruptionBudget] {
        try await reporting("listing the disruption budgets") {
            for version in Self.policyVersions {
                let reference = ObjectReference(apiVersion: version, kind: "PodDisruptionBudget")
                guard let resource = try await resource(of: reference) else { continue }
                return try await list(DisruptionBudgetObject.self, at: "\(try APIPath.group(of: version))/\(resource.name)").map(
                    \.observation)
            }
            return []
        }
    }

    /// Not tried again by itself: "too many" is an answer here, and so is an error of the server, which is how it says that two
    /// budgets cover one pod.
    public func evict(_ pod: PodObservation) async throws -> EvictionAnswer {
        try await reporting("evicting \(pod.title)") {
            let body: JSONValue = [
                "apiVersion": .string(try await evictionVersion()), "kind": "Eviction",
                "metadata": ["namespace": .string(pod.namespace), "name": .string(pod.name)],
                "deleteOptions": ["preconditions": ["uid": .string(pod.uid)]],
            ]
            let path = "\(try APIPath.pod(pod))/eviction"
            let answer = try await transport.exchange(
                APIRequest(.post, path, body: .init(type: "application/json", bytes: try body.canonicalBytes())), within: limits.call)
            if (200...299).contains(answer.status) { return .accepted }
            let failure = HTTPFailure(answer)
            switch failure.status {
            case 404 where failure.isMissingObject: return .gone
            // The precondition on its uid: another pod has this name by now.
            case 409: return .gone
            case 429: return .blocked(reason: failure.message)
            case 500: return .impossible(reason: failure.message)
            default: throw KubernetesAPIError.refused(failure)
            }
        }
    }

    public func deletePod(_ pod: PodObservation) async throws {
        try await reporting("deleting the pod \(pod.title)") {
            let body: JSONValue = ["apiVersion": "v1", "kind": "DeleteOptions", "preconditions": ["uid": .string(pod.uid)]]
            let request = APIRequest(
                .delete, try APIPath.pod(pod), body: .init(type: "application/json", bytes: try body.canonicalBytes()))
            do {
                _ = try await unlessMissing { try await send(request) }
            } catch KubernetesAPIError.refused(let failure) where failure.status == 409 {
                return
            }
        }
    }

    private static let policyVersions = ["policy/v1", "policy/v1beta1"]

    /// The version of `Eviction` that the API says its pods take; 1.21 serves budgets in a newer one than evictions.
    private func evictionVersion() async throws -> String {
        let core = try await discovery.resources(of: "/api/v1") { try await self.readResources($0) }
        let eviction = core.first { $0.name == "pods/eviction" }
        guard let eviction else { throw KubernetesAPIError.unserved("the eviction of pods") }
        return "\(eviction.group ?? "policy")/\(eviction.version ?? "v1beta1")"
    }
}

/// `PodDisruptionBudget` of both versions, as far as it is read.
struct DisruptionBudgetObject: Decodable, Sendable {
    struct Spec: Decodable, Sendable { var selector: LabelSelector? }
    struct Status: Decodable, Sendable { var disruptionsAllowed: Int? }

    var metadata: ObjectMetadata
    var spec: Spec?
    var status: Status?

    var observation: DisruptionBudget {
        DisruptionBudget(
            namespace: metadata.namespace ?? "", name: metadata.name, selector: spec?.selector ?? LabelSelector(),
            disruptionsAllowed: status?.disruptionsAllowed ?? 0)
    }
}
