import ClusterModel
import Foundation
import KubernetesAPI
import Testing

@Suite struct EvictionTests {
    private let pod = PodObservation(
        namespace: "shop", name: "web-1", uid: "u-1", node: "n", phase: "Running", isReady: true, podIP: nil, labels: [:])
    private let post = "POST /api/v1/namespaces/shop/pods/web-1/eviction"

    /// What the API says of the eviction in its list of resources.
    private func core(version: String) -> (String, [Answer]) {
        let resources = """
            {"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","namespaced":true,"kind":"Pod"},
            {"name":"pods/eviction","namespaced":true,"group":"policy","version":"\(version)","kind":"Eviction"}]}
            """
        return ("GET /api/v1", [.json(resources)])
    }

    @Test(arguments: ["v1", "v1beta1"]) func evictsWithTheVersionThatTheAPINames(version: String) async throws {
        try await scenario([core(version: version), (post, [.json("{}", status: 201)])]) { client, server in
            #expect(try await client.evict(pod) == .accepted)
            let body = try #require(server.script.received.last?.body)
            let expected =
                #"{"apiVersion":"policy/\#(version)","deleteOptions":{"preconditions":{"uid":"u-1"}},"kind":"Eviction","#
                + #""metadata":{"name":"web-1","namespace":"shop"}}"#
            #expect(body == expected)
        }
    }

    @Test func everyAnswerIsToldApartAndNoneIsTriedAgain() async throws {
        let answers: [(Answer, EvictionAnswer)] = [
            (.status(429, "TooManyRequests", "the budget web needs 5"), .blocked(reason: "the budget web needs 5")),
            (.status(500, "InternalError", "more than one budget"), .impossible(reason: "more than one budget")),
            (.status(404, "NotFound", "pods not found", details: #"{"name":"web-1","kind":"pods"}"#), .gone),
            (.status(409, "Conflict", "the UID in the precondition"), .gone),
        ]
        for (answer, expected) in answers {
            try await scenario([core(version: "v1"), (post, [answer])]) { client, _ in
                let answer = try await client.evict(pod)
                #expect(answer == expected)
            }
        }
        try await scenario([core(version: "v1"), (post, [.status(403, "Forbidden", "no")])]) { client, _ in
            let error = await #expect(throws: SlipwayError.self) { try await client.evict(pod) }
            #expect(error?.retry == .permanent)
        }
    }

    @Test(arguments: ["v1", "v1beta1"]) func readsBudgetsOfEitherVersion(version: String) async throws {
        let resources = #"{"resources":[{"name":"poddisruptionbudgets","namespaced":true,"kind":"PodDisruptionBudget"}]}"#
        let list = """
            {"metadata":{},"items":[{"metadata":{"name":"web","namespace":"shop"},"spec":{"minAvailable":5,"selector":{
            "matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"In","values":["front"]}]}},
            "status":{"disruptionsAllowed":1}}]}
            """
        var plans: [(String, [Answer])] = [("GET /apis/policy/v1", [.text("404 page not found\n", status: 404)])]
        if version == "v1" { plans = [] }
        plans.append(("GET /apis/policy/\(version)", [.json(resources)]))
        plans.append(("GET /apis/policy/\(version)/poddisruptionbudgets?limit=500", [.json(list)]))
        try await scenario(plans) { client, _ in
            let budget = try #require(try await client.disruptionBudgets().first)
            #expect(budget.disruptionsAllowed == 1)
            var pod = pod
            pod.labels = ["app": "web", "tier": "front"]
            #expect(budget.covers(pod))
            pod.labels["tier"] = "back"
            #expect(!budget.covers(pod))
        }
    }

    @Test func readsOfAPodWhatADrainDecidesBy() async throws {
        let list = """
            {"metadata":{},"items":[{"metadata":{"name":"web-1","namespace":"shop","uid":"u-1","deletionTimestamp":"2026-01-01T00:00:00Z",
            "deletionGracePeriodSeconds":40,"annotations":{"kubernetes.io/config.mirror":"x"},
            "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"r","controller":true}]},
            "spec":{"nodeName":"n","volumes":[{"name":"a","emptyDir":{}},{"name":"b","configMap":{}}]},"status":{"phase":"Running"}}]}
            """
        try await scenario([("GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn&limit=500", [.json(list)])]) { client, _ in
            let pod = try #require(try await client.pods(onNode: "n").first)
            #expect(pod.controller == .init(kind: "ReplicaSet", name: "web"))
            #expect(pod.isMirror && pod.usesEmptyDir && pod.isEnding && pod.gracePeriod == Seconds(40))
        }
    }

    @Test func deletesExactlyThisPod() async throws {
        try await scenario([("DELETE /api/v1/namespaces/shop/pods/web-1", [.json("{}")])]) { client, server in
            try await client.deletePod(pod)
            #expect(server.script.received[0].body.contains(#""uid":"u-1""#))
        }
    }
}
