import ClusterModel
import KubernetesAPI
import Testing

@Suite struct ListingTests {
    @Test func readsAllPages() async throws {
        try await scenario([
            ("GET /api/v1/nodes?limit=500", [.json(Recorded.list([Recorded.node], next: "eyJ2IjoiYSt/In0="))]),
            (
                "GET /api/v1/nodes?limit=500&continue=eyJ2IjoiYSt%2FIn0%3D",
                [.json(Recorded.list([Recorded.bareNode("b")], next: "third"))]
            ),
            ("GET /api/v1/nodes?limit=500&continue=third", [.json(Recorded.list([Recorded.bareNode("c")]))]),
        ]) { client, server in
            let nodes = try await client.nodes()
            #expect(nodes.map(\.name) == ["demo-control-plane-local-a-1", "b", "c"])
            #expect(server.accepted == 1)
        }
    }

    @Test func startsAgainWhenTheSnapshotExpires() async throws {
        try await scenario([
            ("GET /api/v1/nodes?limit=500", [.json(Recorded.list([Recorded.bareNode("a")], next: "old"))]),
            (
                "GET /api/v1/nodes?limit=500&continue=old",
                [.status(410, "Expired", "The provided continue parameter is too old to display a consistent list result.")]
            ),
            ("GET /api/v1/nodes", [.json(Recorded.list([Recorded.bareNode("a"), Recorded.bareNode("b")]))]),
        ]) { client, _ in
            let nodes = try await client.nodes()
            #expect(nodes.map(\.name) == ["a", "b"])
        }
    }

    @Test func refusesAListThatNeverEnds() async throws {
        try await scenario([
            ("GET /api/v1/nodes?limit=500", [.json(Recorded.list([Recorded.bareNode("a")], next: "x"))]),
            ("GET /api/v1/nodes?limit=500&continue=x", [.json(Recorded.list([Recorded.bareNode("a")], next: "x"))]),
        ]) { client, _ in
            let error = await #expect(throws: SlipwayError.self) { try await client.nodes() }
            #expect(error?.cause.contains("never ends") == true)
        }
    }

    @Test func emptyList() async throws {
        try await scenario([("GET /api/v1/nodes?limit=500", [.json(#"{"kind":"NodeList","metadata":{},"items":null}"#)])]) { client, _ in
            let nodes = try await client.nodes()
            #expect(nodes.isEmpty)
        }
    }

    @Test func podsOfAllAndOfOneNamespace() async throws {
        let pods = Recorded.list([Recorded.runningPod, Recorded.pendingPod], kind: "PodList")
        try await scenario([
            ("GET /api/v1/pods?limit=500", [.json(pods)]),
            ("GET /api/v1/namespaces/shop/pods?limit=500", [.json(Recorded.list([Recorded.runningPod], kind: "PodList", next: "p"))]),
            ("GET /api/v1/namespaces/shop/pods?limit=500&continue=p", [.json(Recorded.list([Recorded.pendingPod], kind: "PodList"))]),
        ]) { client, _ in
            let everywhere = try await client.pods(namespace: nil)
            #expect(everywhere.map(\.isReady) == [true, false])
            let shop = try await client.pods(namespace: "shop")
            #expect(shop.map(\.phase) == ["Running", "Pending"])
        }
    }

    @Test func eventsOldestFirst() async throws {
        let target = "GET /api/v1/events?fieldSelector=involvedObject.kind%3DNode%2CinvolvedObject.name%3Dn&limit=500"
        try await scenario([(target, [.json(Recorded.events)])]) { client, _ in
            let events = try await client.events(kind: "Node", name: "n")
            #expect(
                events == [
                    "Normal Starting: Starting kubelet.",
                    "Normal Registered: from the new API",
                    "Warning NodeNotReady: Node n status is now: NodeNotReady",
                ])
        }
    }

    @Test func onlyTheNewestEvents() async throws {
        let target = "GET /api/v1/events?fieldSelector=involvedObject.kind%3DPod%2CinvolvedObject.name%3Dp&limit=500"
        let items = (10...59).reversed().map {
            #"{"metadata":{"name":"e\#($0)"},"lastTimestamp":"2024-05-02T10:00:\#($0)Z","type":"Normal","reason":"R","message":"\#($0)"}"#
        }
        try await scenario([(target, [.json(Recorded.list(items, kind: "EventList"))])]) { client, _ in
            let events = try await client.events(kind: "Pod", name: "p")
            #expect(events.count == 20)
            #expect(events.first == "Normal R: 40")
            #expect(events.last == "Normal R: 59")
        }
    }
}
