import ClusterModel
import Foundation
import Testing

@testable import KubernetesAPI

@Suite struct DecodingTests {
    private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try APIAnswer(status: 200, body: Data(text.utf8)).decoded(type)
    }

    @Test func nodeWithEverything() throws {
        let node = try decode(NodeObject.self, Recorded.node).observation
        #expect(node.name == "demo-control-plane-local-a-1")
        #expect(node.providerID == "local://demo/demo-control-plane-local-a-1")
        #expect(node.podCIDR == "10.244.0.0/24")
        #expect(node.labels["topology.kubernetes.io/zone"] == "local-a")
        #expect(node.labels["node-role.kubernetes.io/control-plane"] == "")
        #expect(node.annotations["node.alpha.kubernetes.io/ttl"] == "0")
        #expect(
            node.taints == [
                Taint(key: "node-role.kubernetes.io/control-plane", effect: .noSchedule),
                Taint(key: "node.kubernetes.io/unschedulable", effect: .noSchedule),
                Taint(key: "example.com/busy", value: "very", effect: .preferNoSchedule),
            ])
        #expect(node.unschedulable)
        #expect(node.isReady)
        #expect(
            node.conditions.first
                == .init(
                    type: "MemoryPressure", status: "False", reason: "KubeletHasSufficientMemory",
                    message: "kubelet has sufficient memory available"))
        #expect(node.kubeletVersion == "v1.20.2")
        #expect(node.addresses == ["100.96.8.10"])
    }

    @Test func nodeThatHasHardlyAnything() throws {
        let node = try decode(NodeObject.self, Recorded.youngNode).observation
        #expect(
            node
                == NodeObservation(
                    name: "demo-nodes-local-b-2", taints: [Taint(key: "slipway.dev/startup", effect: .noSchedule)],
                    kubeletVersion: "v1.36.0"))
        #expect(!node.isReady)
        #expect(try decode(NodeObject.self, #"{"metadata":{"name":"n"}}"#).observation == NodeObservation(name: "n"))
    }

    @Test func runningPod() throws {
        let pod = try decode(PodObject.self, Recorded.runningPod).observation
        #expect(
            pod
                == PodObservation(
                    namespace: "shop", name: "web-5d8c7b9d4-x2x7z", uid: "6a2c0d57-2f41-4f1a-8a0e-9d7f7a6f0b55",
                    node: "demo-nodes-local-a-1", phase: "Running", isReady: true, podIP: "10.244.1.2",
                    labels: ["app": "web", "pod-template-hash": "5d8c7b9d4"],
                    controller: .init(kind: "ReplicaSet", name: "web-5d8c7b9d4")))
    }

    @Test func pendingPod() throws {
        let pod = try decode(PodObject.self, Recorded.pendingPod).observation
        #expect(
            pod
                == PodObservation(
                    namespace: "shop", name: "web-5d8c7b9d4-zzzzz", uid: "77", node: nil, phase: "Pending", isReady: false,
                    podIP: nil, labels: [:]))
    }

    @Test func listPages() throws {
        let page = try decode(ListPage<NodeObject>.self, Recorded.list([Recorded.node, Recorded.youngNode], next: "abc"))
        #expect(page.items.count == 2)
        #expect(page.next == "abc")
        #expect(try decode(ListPage<NodeObject>.self, #"{"metadata":{"continue":""},"items":null}"#).next == nil)
    }

    @Test func unreadableSaysWhereWithoutTheValue() {
        let error = #expect(throws: KubernetesAPIError.self) {
            try decode(ListPage<NodeObject>.self, #"{"metadata":{},"items":[{"metadata":{"name":5551234}}]}"#)
        }
        guard case .unreadable(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("metadata.name"))
        #expect(!reason.contains("5551234"))
        #expect(throws: KubernetesAPIError.unreadable("items is missing")) {
            try decode(ListPage<NodeObject>.self, #"{"metadata":{}}"#)
        }
    }

    @Test func failureWithoutStatusObject() {
        func failure(_ text: String) -> HTTPFailure { HTTPFailure(APIAnswer(status: 502, body: Data(text.utf8))) }
        #expect(failure("Bad Gateway\nmore").message == "Bad Gateway")
        #expect(failure("").description == "502")
        // Control characters of a stranger do not reach a terminal.
        #expect(failure("a\u{1b}[2Jb").message == "a[2Jb")
        #expect(failure(#"{"kind":"Other","message":"no","reason":"NotFound"}"#).reason == "")
        #expect(failure(#"{"kind":"Status","message":"\#(String(repeating: "x", count: 5000))"}"#).message.count < 1100)
    }

    @Test(arguments: [
        (429, true), (500, true), (502, true), (503, true), (504, true), (501, false), (400, false), (401, false), (403, false),
        (404, false), (409, false), (410, false), (422, false), (302, false),
    ])
    func transientStatuses(status: Int, isTransient: Bool) {
        #expect(HTTPFailure(status: status, reason: "", message: "").isTransient == isTransient)
    }

    @Test func fieldSelectorEscapes() {
        #expect(FieldSelector([("a", "x"), ("b", #"1,2=3\4"#)]).text == #"a=x,b=1\,2\=3\\4"#)
    }

    @Test func eventTimesCompareWithAndWithoutFraction() throws {
        func seen(_ time: String) throws -> String {
            try decode(EventObject.self, #"{"metadata":{"name":"e"},"eventTime":"\#(time)"}"#).lastSeen
        }
        #expect(try seen("2024-05-02T10:11:12Z") < seen("2024-05-02T10:11:12.500000Z"))
        #expect(try seen("2024-05-02T10:11:12.500000Z") < seen("2024-05-02T10:11:13Z"))
    }
}
