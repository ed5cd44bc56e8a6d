import ClusterModel
import Foundation
import Testing
import Yams

@testable import PKI

@Suite struct KubeconfigTests {
    let demo = ClusterIdentity(name: "demo", uid: "0a1b2c3d")

    func entry(_ identity: ClusterIdentity, server: String = "https://100.96.8.2:6443", key: String = "KEY\n") -> KubeconfigEntry {
        KubeconfigEntry(
            identity: identity,
            endpoint: APIEndpoint(url: server, authority: "CA of \(identity.uid)\n", certificate: "CERT\n", key: Secret(key)))
    }

    func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    /// Somebody's file: hand-written, with what kubectl does not know, and values that YAML versions read differently.
    static let existing = """
        # mine
        kind: Config
        apiVersion: v1
        x-unknown: {a: [1, "2"]}
        preferences: {colors: true}
        clusters:
        - name: prod
          cluster:
            server: https://prod.example:443
            insecure-skip-tls-verify: yes
            x-later: 1.20
        users:
        - name: "0123"
          user:
            token: "0123"
        - name: exp
          user:
            token: 1e3
            exec:
              apiVersion: client.authentication.k8s.io/v1beta1
              args: ["-c", 'it''s', ""]
              command: |
                line one
                  line two
              env:
              - {name: A, value: "yes"}
        contexts:
        - context:
            cluster: prod
            user: exp
            namespace:
          name: prod
        current-context: prod

        """

    @Test func aNewFileIsAsKubectlWritesIt() throws {
        #expect(
            try Kubeconfig.adding(entry(demo), to: nil) == """
                apiVersion: v1
                clusters:
                - cluster:
                    certificate-authority-data: \(base64("CA of 0a1b2c3d\n"))
                    server: https://100.96.8.2:6443
                  name: slipway-demo-0a1b2c3d
                contexts:
                - context:
                    cluster: slipway-demo-0a1b2c3d
                    user: slipway-demo-0a1b2c3d
                  name: demo
                current-context: demo
                kind: Config
                preferences: {}
                users:
                - name: slipway-demo-0a1b2c3d
                  user:
                    client-certificate-data: \(base64("CERT\n"))
                    client-key-data: \(base64("KEY\n"))

                """)
    }

    @Test(arguments: ["", "\n", "# nothing\n", "---\n", "---\n...\n", "null\n", "~", "\u{FEFF}"])
    func aBlankFileIsLikeNone(_ text: String) throws {
        #expect(try Kubeconfig.adding(entry(demo), to: text) == Kubeconfig.adding(entry(demo), to: nil))
        #expect(try Kubeconfig.isEmpty(text))
        #expect(try Kubeconfig.removing(cluster: demo, from: text) == text)
    }

    @Test func whatIsThereStays() throws {
        let text = try Kubeconfig.adding(entry(demo), to: Self.existing)
        #expect(
            text == """
                kind: Config
                apiVersion: v1
                x-unknown:
                  a:
                  - 1
                  - "2"
                preferences:
                  colors: true
                clusters:
                - name: prod
                  cluster:
                    server: https://prod.example:443
                    insecure-skip-tls-verify: yes
                    x-later: 1.20
                - cluster:
                    certificate-authority-data: \(base64("CA of 0a1b2c3d\n"))
                    server: https://100.96.8.2:6443
                  name: slipway-demo-0a1b2c3d
                users:
                - name: "0123"
                  user:
                    token: "0123"
                - name: exp
                  user:
                    token: 1e3
                    exec:
                      apiVersion: client.authentication.k8s.io/v1beta1
                      args:
                      - "-c"
                      - 'it''s'
                      - ""
                      command: |
                        line one
                          line two
                      env:
                      - name: A
                        value: "yes"
                - name: slipway-demo-0a1b2c3d
                  user:
                    client-certificate-data: \(base64("CERT\n"))
                    client-key-data: \(base64("KEY\n"))
                contexts:
                - context:
                    cluster: prod
                    user: exp
                    namespace:
                  name: prod
                - context:
                    cluster: slipway-demo-0a1b2c3d
                    user: slipway-demo-0a1b2c3d
                  name: demo
                current-context: demo

                """)
        // And away again: the same tree as before, but for the current context.
        let removed = try Kubeconfig.removing(cluster: demo, from: text)
        var before = try #require(try compose(yaml: Self.existing)?.mapping)
        before["current-context"] = Node("", Tag(.str))
        #expect(try compose(yaml: removed)?.mapping == before)
    }

    @Test func removingLeavesAForeignCurrentContext() throws {
        let text = try Kubeconfig.adding(entry(demo), to: Self.existing).replacing("current-context: demo", with: "current-context: prod")
        let removed = try Kubeconfig.removing(cluster: demo, from: text)
        #expect(try compose(yaml: removed) == compose(yaml: Self.existing))
    }

    @Test func removingTheLastLeavesAnEmptyFile() throws {
        let text = try Kubeconfig.removing(cluster: demo, from: Kubeconfig.adding(entry(demo), to: nil))
        #expect(
            text == """
                apiVersion: v1
                clusters: []
                contexts: []
                current-context: ""
                kind: Config
                preferences: {}
                users: []

                """)
        #expect(try Kubeconfig.isEmpty(text))
        #expect(try !Kubeconfig.isEmpty(Self.existing))
        #expect(try Kubeconfig.removing(cluster: demo, from: text) == text)
    }

    @Test func whatDoesNotChangeIsGivenBackByteForByte() throws {
        #expect(try Kubeconfig.removing(cluster: demo, from: Self.existing) == Self.existing)
        let text = "# kept\n" + (try Kubeconfig.adding(entry(demo), to: Self.existing))
        #expect(try Kubeconfig.adding(entry(demo), to: text) == text)
    }

    @Test func addingAgainRefreshesInPlace() throws {
        var text = try Kubeconfig.adding(entry(demo), to: Self.existing)
        text = try Kubeconfig.adding(entry(ClusterIdentity(name: "later", uid: "ffffffff")), to: text)
        let refreshed = try Kubeconfig.adding(entry(demo, server: "https://new:1", key: "NEW\n"), to: text)
        let expected = text.replacing(
            "client-key-data: \(base64("KEY\n"))", with: "client-key-data: \(base64("NEW\n"))", maxReplacements: 1
        )
        .replacing("server: https://100.96.8.2:6443", with: "server: https://new:1", maxReplacements: 1)
        .replacing("current-context: later", with: "current-context: demo")
        #expect(refreshed == expected)
    }

    @Test func whatAUserChangedOnOurEntriesIsKeptWhereItCanBe() throws {
        let changed = try Kubeconfig.adding(entry(demo), to: nil)
            .replacing("  name: demo", with: "  name: favourite")
            .replacing("    user: slipway-demo-0a1b2c3d", with: "    namespace: web\n    user: slipway-demo-0a1b2c3d")
            .replacing("    server:", with: "    proxy-url: socks5://localhost:1\n    insecure-skip-tls-verify: true\n    server:")
            .replacing("current-context: demo", with: "current-context: favourite")
        let text = try Kubeconfig.adding(entry(demo, key: "NEW\n"), to: changed)
        #expect(
            text
                == changed.replacing("    insecure-skip-tls-verify: true\n", with: "")
                .replacing(base64("KEY\n"), with: base64("NEW\n")))
        #expect(try Kubeconfig.contextName(of: demo, in: text) == "favourite")
        let removed = try Kubeconfig.removing(cluster: demo, from: text)
        #expect(try Kubeconfig.isEmpty(removed))
        #expect(removed.contains("current-context: \"\""))
    }

    @Test func clustersOfOneNameStandSideBySide() throws {
        let twin = ClusterIdentity(name: "demo", uid: "99999999")
        var text = try Kubeconfig.adding(entry(demo), to: nil)
        text = try Kubeconfig.adding(entry(twin), to: text)
        #expect(try Kubeconfig.contextName(of: demo, in: text) == "demo")
        #expect(try Kubeconfig.contextName(of: twin, in: text) == "demo-99999999")
        #expect(text.contains("current-context: demo-99999999\n"))
        // Refreshing one never takes the other's name.
        text = try Kubeconfig.adding(entry(twin, key: "NEW\n"), to: text)
        #expect(try Kubeconfig.contextName(of: twin, in: text) == "demo-99999999")
        let removed = try Kubeconfig.removing(cluster: twin, from: text)
        #expect(try Kubeconfig.contextName(of: demo, in: removed) == "demo")
        #expect(try Kubeconfig.contextName(of: twin, in: removed) == nil)
        #expect(
            try compose(yaml: removed.replacing("current-context: \"\"", with: "current-context: demo"))
                == compose(yaml: Kubeconfig.adding(entry(demo), to: nil)))
    }

    @Test func entriesOfOthersWithOurNamesStay() throws {
        let existing = """
            apiVersion: v1
            kind: Config
            clusters:
            - cluster: {server: https://elsewhere}
              name: demo
            - cluster: {server: https://elsewhere}
              name: slipway-demo
            contexts:
            - context: {cluster: demo, user: demo}
              name: demo
            - context: {cluster: demo, user: slipway-demo-0a1b2c3d}
              name: mixed
            users:
            - name: demo
              user: {token: abc}
            current-context: demo

            """
        let text = try Kubeconfig.adding(entry(demo), to: existing)
        #expect(try Kubeconfig.contextName(of: demo, in: text) == "demo-0a1b2c3d")
        let removed = try Kubeconfig.removing(cluster: demo, from: text)
        #expect(
            try compose(yaml: removed) == compose(yaml: existing.replacing("current-context: demo", with: "current-context: \"\"")))
    }

    @Test(arguments: ["yes", "1e3", "0123", "null", "on", "y", "n", "0x10", "1.20", "12345678", "1-2", "true", "e1", "a.b"])
    func namesThatLookLikeOtherThings(_ name: String) throws {
        let identity = ClusterIdentity(name: name, uid: "12345678")
        let text = try Kubeconfig.adding(entry(identity), to: nil)
        let root = try #require(try compose(yaml: text)?.mapping)
        #expect(root["current-context"] == Node(name, Tag(.str)))
        #expect(root["contexts"]?.sequence?.first?.mapping?["name"] == Node(name, Tag(.str)))
        #expect(try Kubeconfig.isEmpty(Kubeconfig.removing(cluster: identity, from: text)))
    }

    @Test func endpointsThatCouldBreakOutAreQuoted() throws {
        for server in ["https://a\nusers: []", "https://a #b", "https://a: b", "\"'", "{}", "https://[fd00::1]:6443", "a:"] {
            let text = try Kubeconfig.adding(entry(demo, server: server), to: Self.existing)
            let clusters = try #require(try compose(yaml: text)?.mapping?["clusters"]?.sequence)
            #expect(clusters.last?.mapping?["cluster"]?.mapping?["server"]?.scalar?.string == server)
        }
    }

    @Test(arguments: [
        "a: [", "a: b: c", "- a\n- b\n", "hunter2", "\"hunter2", "clusters: {}\n", "clusters: hunter2\n", "clusters:\n- hunter2\n",
        "clusters:\n- cluster: {}\n", "users:\n- name: a\n  user: hunter2\n", "contexts:\n- name: [a]\n", "kind: Pod\n", "apiVersion: v2\n",
        "current-context: [a]\n", "users: []\nusers: []\n", "a: 1\n---\nb: 2\n", "a: *unknown\n", "\ttoken: hunter2\n",
        "token: \u{1}hunter2",
        "a: &a [*a]\n", String(repeating: "[", count: 2000), "a: " + String(repeating: "[", count: 60) + String(repeating: "]", count: 60),
        "token: @hunter2\n", "hunter2: 1\nhunter2: 2\n", "a: !!binary aHVudGVyMg==\n", "a: !mine hunter2\n",
    ])
    func aMalformedFileIsAnErrorThatShowsNothing(_ text: String) {
        let error = #expect(throws: SlipwayError.self) { try Kubeconfig.adding(entry(demo), to: text) }
        #expect(error?.address == Address(.kubeconfig, "demo"))
        #expect(error?.hint?.contains("left as it is") == true)
        #expect(error.map { "\($0)\($0.cause)\($0.log)" }?.contains("hunter2") == false)
        // What is only hard to write may stay when nothing has to be written.
        if !text.contains("a: !") {
            #expect(throws: SlipwayError.self) { try Kubeconfig.removing(cluster: demo, from: text) }
        }
    }

    @Test func errorsNameTheLine() {
        let error = #expect(throws: SlipwayError.self) {
            try Kubeconfig.adding(entry(demo), to: "kind: Config\napiVersion: v1\nusers:\n- name: a\n  user: x\n")
        }
        #expect(error?.cause == "line 5: 'user' in an entry of 'users' is not a mapping")
    }

    @Test func aBombOfAliasesIsRefusedSoon() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
        }
        let elapsed = ContinuousClock().measure {
            _ = #expect(throws: SlipwayError.self) { try Kubeconfig.adding(entry(demo), to: text) }
        }
        #expect(elapsed < .seconds(20))
    }

    @Test func aliasesAndTagsKeepTheirMeaning() throws {
        let existing = """
            kind: Config
            users:
            - &one
              name: one
              user: &cred {token: !!str 0123, other: !!int "7"}
            - name: two
              user: *cred
            """
        // An explicit integer cannot be written back without its tag: refused rather than changed.
        #expect(throws: SlipwayError.self) { try Kubeconfig.adding(entry(demo), to: existing) }
        let text = try Kubeconfig.adding(entry(demo), to: existing.replacing(", other: !!int \"7\"", with: ""))
        let users = try #require(try compose(yaml: text)?.mapping?["users"]?.sequence)
        #expect(users.count == 3)
        for user in users.prefix(2) { #expect(user.mapping?["user"]?.mapping?["token"] == Node("0123", Tag(.str))) }
        #expect(!text.contains("*") && !text.contains("&"))
    }

    @Test func aFileInJSONIsTaken() throws {
        let json = """
            {"apiVersion":"v1","kind":"Config","clusters":null,"contexts":[],"users":[{"name":"a","user":{"token":"0123"}}],\
            "current-context":""}
            """
        let text = try Kubeconfig.adding(entry(demo), to: json)
        let users = try #require(try compose(yaml: text)?.mapping?["users"]?.sequence)
        #expect(users.first == (try compose(yaml: #"{"name":"a","user":{"token":"0123"}}"#)))
        #expect(users.count == 2)
    }

    @Test func ofEntriesWithOneNameTheFirstCounts() throws {
        let once = try Kubeconfig.adding(entry(demo), to: nil)
        let doubled = once.replacing("users:\n", with: "users:\n- name: slipway-demo-0a1b2c3d\n  user: {token: old}\n")
        #expect(try Kubeconfig.adding(entry(demo), to: doubled) == once)
        #expect(try Kubeconfig.isEmpty(Kubeconfig.removing(cluster: demo, from: doubled)))
    }

    @Test func realCertificatesComeOutAsTheyWentIn() throws {
        let secrets = try ClusterSecrets.generate(clusterName: "demo", now: someMoment)
        let endpoint = try secrets.adminEndpoint(url: "https://100.96.8.2:6443", now: someMoment)
        let text = try Kubeconfig.adding(KubeconfigEntry(identity: demo, endpoint: endpoint), to: Self.existing)
        let root = try #require(try compose(yaml: text)?.mapping)
        func decoded(_ node: Node?) -> String? {
            node?.scalar.flatMap { Data(base64Encoded: $0.string) }.map { String(decoding: $0, as: UTF8.self) }
        }
        let user = try #require(root["users"]?.sequence?.last?.mapping?["user"]?.mapping)
        #expect(decoded(user["client-certificate-data"]) == endpoint.certificate)
        #expect(decoded(user["client-key-data"]) == endpoint.key.revealText())
        let cluster = try #require(root["clusters"]?.sequence?.last?.mapping?["cluster"]?.mapping)
        #expect(decoded(cluster["certificate-authority-data"]) == endpoint.authority)
        // Base64 is one line each, however long.
        #expect(text.split(separator: "\n").contains { $0.utf8.count > 800 })
    }

    /// kubectl's own reading of the file.
    @Test(.enabled(if: Tool.exists("kubectl"), "kubectl is not installed"))
    func kubectlAgrees() async throws {
        try await Folder.with { folder in
            func kubectl(_ arguments: String...) async throws -> String {
                let result = try await Tool.run(["kubectl", "--kubeconfig", "config"] + arguments, in: folder)
                try #require(result.status == 0, "\(result.output)")
                return result.output
            }
            let fresh = try Kubeconfig.adding(entry(demo), to: nil)
            try folder.write(fresh, to: "config")
            // Byte for byte, but for a key that newer releases no longer write.
            let preferences = "preferences: {}\n"
            #expect(try await kubectl("config", "view", "--raw").replacing(preferences, with: "") == fresh.replacing(preferences, with: ""))
            #expect(try await kubectl("config", "current-context") == "demo\n")

            let hostile = ClusterIdentity(name: "1e3", uid: "12345678")
            // An unquoted 1e3 kubectl itself does not take for a token.
            let existing = Self.existing.replacing("token: 1e3", with: "token: \"1e3\"")
            let text = try Kubeconfig.adding(entry(hostile), to: Kubeconfig.adding(entry(demo), to: existing))
            try folder.write(text, to: "config")
            #expect(try await kubectl("config", "get-contexts", "-o", "name") == "1e3\ndemo\nprod\n")
            #expect(try await kubectl("config", "current-context") == "1e3\n")
            #expect(
                try await kubectl("config", "view", "--raw", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}")
                    == "https://100.96.8.2:6443")
            #expect(
                try await kubectl("config", "view", "--raw", "-o", "jsonpath={.users[?(@.name=='0123')].user.token}") == "0123")

            let removed = try Kubeconfig.removing(cluster: demo, from: Kubeconfig.removing(cluster: hostile, from: text))
            try folder.write(removed, to: "config")
            #expect(try await kubectl("config", "get-contexts", "-o", "name") == "prod\n")
            #expect(try await kubectl("config", "get-clusters") == "NAME\nprod\n")
        }
    }
}
