import ClusterModel
import Foundation
import KubernetesAPI
import Testing

@Suite struct WritingTests {
    private static let missing = Answer.status(404, "NotFound", #"nodes \"n\" not found"#, details: #"{"name":"n","kind":"nodes"}"#)

    private func json(_ text: String) throws -> JSONValue { try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) }

    @Test func patchesANode() async throws {
        let target = "PATCH /api/v1/nodes/n?fieldManager=slipway"
        try await scenario([(target, [.json(Recorded.node)])]) { client, server in
            let patch: JSONValue = [
                "spec": ["unschedulable": true], "metadata": ["annotations": ["slipway.dev/digest": "a/b", "gone": .null]],
            ]
            #expect(try await client.patchNode("n", patch)?.unschedulable == true)
            let request = try #require(server.script.received.first)
            #expect(request.contentType == "application/strategic-merge-patch+json")
            #expect(
                request.body
                    == #"{"metadata":{"annotations":{"gone":null,"slipway.dev/digest":"a/b"}},"spec":{"unschedulable":true}}"#)
        }
    }

    @Test func missingNodeIsNilToPatchAndDoneToDelete() async throws {
        try await scenario([
            ("PATCH /api/v1/nodes/n?fieldManager=slipway", [Self.missing]), ("DELETE /api/v1/nodes/n", [Self.missing]),
        ]) { client, _ in
            #expect(try await client.patchNode("n", [:]) == nil)
            try await client.deleteNode("n")
        }
    }

    /// It comes from a server that does not serve nodes (yet), which says nothing about this node.
    @Test func bare404IsNoMissingNode() async throws {
        try await scenario([("DELETE /api/v1/nodes/n", [.text("404 page not found\n", status: 404)])]) { client, _ in
            let error = await #expect(throws: SlipwayError.self) { try await client.deleteNode("n") }
            #expect(error?.cause.hasSuffix("answered 404: 404 page not found") == true)
        }
    }

    @Test func deletesANode() async throws {
        let status = #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":{"name":"n","kind":"nodes"}}"#
        try await scenario([("DELETE /api/v1/nodes/n", [.json(status)])]) { client, server in
            try await client.deleteNode("n")
            #expect(server.script.received.map(\.body) == [""])
        }
    }

    /// The answer to the first was lost, the node is gone: deleting again finds nothing, and that is success.
    @Test func deletionWhoseAnswerWasLost() async throws {
        try await scenario([("DELETE /api/v1/nodes/n", [.cut(""), Self.missing])]) { client, _ in
            try await client.deleteNode("n")
        }
    }

    /// An empty name would delete all nodes.
    @Test(arguments: ["", ".", "..", "a/b", "../pods", "%2e%2e"])
    func impossibleNames(name: String) async throws {
        try await scenario { client, server in
            let error = await #expect(throws: SlipwayError.self) { try await client.deleteNode(name) }
            #expect(error?.code == .bug)
            #expect(server.script.received.isEmpty)
        }
    }

    @Test func readsAnyObject() async throws {
        try await scenario([
            ("GET /api/v1/namespaces/kube-system", [.json(#"{"kind":"Namespace","metadata":{"name":"kube-system","n":1.5}}"#)]),
            ("GET /apis/apps/v1/namespaces/x/deployments?limit=1", [.json(#"{"items":[]}"#)]),
            ("GET /api/v1/namespaces/none", [.status(404, "NotFound", "namespaces not found")]),
            ("GET /apis/none.example.com/v1/things/a", [.text("404 page not found\n", status: 404)]),
        ]) { client, _ in
            let namespace = try await client.get(path: "/api/v1/namespaces/kube-system")
            #expect(namespace?["metadata"]?["name"] == "kube-system")
            #expect(try await client.get(path: "/apis/apps/v1/namespaces/x/deployments?limit=1")?["items"] == [])
            #expect(try await client.get(path: "/api/v1/namespaces/none") == nil)
            #expect(try await client.get(path: "/apis/none.example.com/v1/things/a") == nil)
        }
    }

    @Test(arguments: ["", "api", "/a b", "/a\r\nHost: x", "/ü", "/a#b"])
    func impossiblePaths(path: String) async throws {
        try await scenario { client, _ in
            let error = await #expect(throws: SlipwayError.self) { try await client.get(path: path) }
            #expect(error?.code == .bug)
        }
    }
}
