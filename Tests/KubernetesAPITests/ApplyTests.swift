import ClusterModel
import KubernetesAPI
import Testing

@Suite struct ApplyTests {
    private static let core = "GET /api/v1"
    private static let done = Answer.json("{}")

    private func target(_ path: String) -> String { "PATCH \(path)?fieldManager=slipway&force=true" }

    private func configMap(_ name: String, namespace: String? = "kube-system") -> JSONValue {
        var metadata: [String: JSONValue] = ["name": .string(name)]
        metadata["namespace"] = namespace.map { .string($0) }
        return ["apiVersion": "v1", "kind": "ConfigMap", "metadata": .object(metadata), "data": ["a": "1"]]
    }

    @Test func appliesThroughDiscoveryAskedOnce() async throws {
        let role: JSONValue = [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": ["name": "slipway:admin"],
        ]
        try await scenario([
            (Self.core, [.json(Recorded.coreResources)]),
            ("GET /apis/rbac.authorization.k8s.io/v1", [.json(Recorded.rbacResources)]),
            (target("/api/v1/namespaces/kube-system/configmaps/one"), [Self.done, .json("{}", status: 201)]),
            (target("/api/v1/namespaces/default/configmaps/two"), [Self.done]),
            (target("/api/v1/namespaces/shop"), [Self.done]),
            (target("/api/v1/namespaces/shop/pods/web"), [Self.done]),
            (target("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/slipway%3Aadmin"), [Self.done]),
        ]) { client, server in
            try await client.apply(configMap("one"))
            try await client.apply(configMap("one"))
            try await client.apply(configMap("two", namespace: nil))
            try await client.apply(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"]])
            try await client.apply(["apiVersion": "v1", "kind": "Pod", "metadata": ["name": "web", "namespace": "shop"]])
            try await client.apply(role)
            let patches = server.script.received.filter { $0.method == "PATCH" }
            #expect(patches.allSatisfy { $0.contentType == "application/apply-patch+yaml" })
            #expect(
                patches.first?.body
                    == #"{"apiVersion":"v1","data":{"a":"1"},"kind":"ConfigMap","metadata":{"name":"one","namespace":"kube-system"}}"#)
            #expect(server.script.received.filter { $0.method == "GET" }.count == 2)
        }
    }

    @Test func manyAtOnceShareOneDiscovery() async throws {
        let names = (1...6).map { "map-\($0)" }
        try await scenario(
            [(Self.core, [.json(Recorded.coreResources)])]
                + names.map { (target("/api/v1/namespaces/kube-system/configmaps/\($0)"), [Self.done]) }
        ) { client, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in names { group.addTask { try await client.apply(configMap(name)) } }
                try await group.waitForAll()
            }
        }
    }

    @Test func kindsThatComeLaterAreFound() async throws {
        let resources = { (kinds: String) in #"{"kind":"APIResourceList","groupVersion":"example.com/v1","resources":[\#(kinds)]}"# }
        let boat: JSONValue = ["apiVersion": "example.com/v1", "kind": "Boat", "metadata": ["name": "b"]]
        try await scenario([
            (
                "GET /apis/example.com/v1",
                [
                    .text("404 page not found\n", status: 404), .json(resources("")),
                    .json(resources(#"{"name":"boats","singularName":"boat","namespaced":false,"kind":"Boat","verbs":["patch"]}"#)),
                ]
            ), (target("/apis/example.com/v1/boats/b"), [Self.done]),
        ]) { client, _ in
            for _ in 1...2 {
                let error = await #expect(throws: SlipwayError.self) { try await client.apply(boat) }
                #expect(error?.cause.hasSuffix("does not serve example.com/v1 Boat") == true)
                #expect(error?.retry == .permanent)
            }
            try await client.apply(boat)
        }
    }

    @Test func aFailedDiscoveryIsNotRemembered() async throws {
        let trouble = Answer.text("no", status: 503)
        try await scenario([
            (Self.core, [trouble, trouble, trouble, .json(Recorded.coreResources)]),
            (target("/api/v1/namespaces/kube-system/configmaps/one"), [Self.done]),
        ]) { client, _ in
            let error = await #expect(throws: SlipwayError.self) { try await client.apply(configMap("one")) }
            #expect(error?.doing == "applying ConfigMap kube-system/one")
            #expect(error?.retry == .transient)
            try await client.apply(configMap("one"))
        }
    }

    /// Old servers quote what they could not decode.
    @Test func messagesAboutSecretsAreWithheld() async throws {
        let message = "illegal base64 data, error found in #10 byte of ...|hunter2|..."
        try await scenario([
            (Self.core, [.json(Recorded.coreResources)]),
            (target("/api/v1/namespaces/default/secrets/s"), [.status(400, "BadRequest", message)]),
            (target("/api/v1/namespaces/kube-system/configmaps/one"), [.status(400, "BadRequest", message)]),
        ]) { client, _ in
            let secret: JSONValue = ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s"], "data": ["p": "hunter2"]]
            let error = await #expect(throws: SlipwayError.self) { try await client.apply(secret) }
            #expect(error?.cause.contains("400 (BadRequest)") == true)
            #expect(error.map { "\($0)" }?.contains("hunter2") == false)
            let open = await #expect(throws: SlipwayError.self) { try await client.apply(configMap("one")) }
            #expect(open?.cause.contains("error found in") == true)
        }
    }

    @Test(
        arguments: [
            [:], ["apiVersion": "v1", "kind": "Pod"], ["apiVersion": "a/b/c", "kind": "Pod", "metadata": ["name": "x"]],
            ["apiVersion": "", "kind": "Pod", "metadata": ["name": "x"]],
        ] as [JSONValue])
    func objectsWithoutIdentity(object: JSONValue) async throws {
        try await scenario { client, _ in
            let error = await #expect(throws: SlipwayError.self) { try await client.apply(object) }
            #expect(error?.code == .bug)
        }
    }
}
