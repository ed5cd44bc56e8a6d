import ClusterModel
import Foundation
import SimulatedCloud
import Synchronization
import TestSupport
import Testing

@testable import SlipwayCommands
@testable import StateStore

/// A cluster's whole life on a world in memory, and then a search for every secret in all that came of it: outputs, messages,
/// events, plans, logs, scripts, and every file but the encrypted ones, the keys and what a person exported.
@Suite struct SecretExposureTests {
    @Test func noSecretIsAnywhereElse() async throws {
        try await Shell.with { original in
            var shell = original
            var texts: [(name: String, text: String)] = []
            var secrets: [(name: String, bytes: [UInt8])] = []
            func run(_ words: [String]) async throws {
                let run = await shell.run(words)
                #expect([0, 2].contains(run.code), "\(words): \(run.messages)")
                texts.append(("output of \(words)", run.output))
                texts.append(("messages of \(words)", run.messages))
                texts.append(("arguments of \(words)", words.joined(separator: " ")))
                try await collect()
            }
            func collect() async throws {
                for root in ["state", "elsewhere"] where shell.exists("\(root)/demo/secrets.enc") {
                    let passphrase = shell.environment["SLIPWAY_PASSPHRASE"].map { text in Passphrase(from: "a test") { _ in Secret(text) }
                    }
                    let key = SecretsKey(keyFile: KeyFile(path: "\(shell.folder)/key"), passphrase: passphrase)
                    let store = FileStateStore(root: "\(shell.folder)/\(root)", key: key)
                    guard let found = try? await store.readSecrets("demo") else { continue }
                    for (name, secret) in found where !secrets.contains(where: { $0.name == name }) {
                        secrets.append((name, secret.reveal()))
                    }
                }
            }
            try await run(LifeTests.create + ["--yes"])
            let plan = "\(shell.folder)/demo.plan"
            for words in [
                "update cluster demo --yes", "set cluster demo pools.nodes.count=2", "plan cluster demo --out \(plan) -o json",
                "plan cluster demo --graph", "apply \(plan) --yes -o json --log-level debug", "validate cluster demo -o json",
                "get machines demo -o json", "get cluster demo -o yaml", "get runs demo", "state pull demo",
                "get state history demo -o json",
                "set cluster demo pools.nodes.instanceType=local.medium", "rolling-update cluster demo --yes", "stop cluster demo --yes",
                "start cluster demo --yes", "state rotate-key", "export kubeconfig demo",
            ] { try await run(words.split(separator: " ").map(String.init)) }
            let keyText = try String(contentsOfFile: "\(shell.folder)/key", encoding: .utf8)
            for line in keyText.split(separator: "\n") where !line.hasPrefix("#") {
                secrets.append(("a key of the key file", Array(line.utf8)))
            }
            let kubeconfig = try String(contentsOfFile: "\(shell.folder)/kube/config", encoding: .utf8)
            for line in kubeconfig.split(separator: "\n") where line.contains("client-key-data:") {
                secrets.append(("the kubeconfig's key", Array((line.split(separator: " ").last ?? "").utf8)))
            }
            let words = "seven words that nobody knows"
            let file = try shell.write(words + "\n", to: "passphrase")
            chmod(file, 0o600)
            secrets.append(("the passphrase", Array(words.utf8)))
            try await run(["state", "rotate-key", "demo", "--new-passphrase-file", file])
            shell.environment["SLIPWAY_PASSPHRASE"] = words
            try await run(["state", "move", "demo", "--to", "\(shell.folder)/elsewhere"])
            shell.environment["SLIPWAY_STATE"] = "\(shell.folder)/elsewhere"
            shell.environment["SLIPWAY_PASSPHRASE"] = "\(words)!"
            let refused = await shell.run("export", "kubeconfig", "demo")
            #expect(refused.code == 77)
            texts.append(("a refusal", refused.messages))
            shell.environment["SLIPWAY_PASSPHRASE"] = words
            try await run(["update", "cluster", "demo", "--yes"])

            let server = S3Server.python == nil ? nil : try S3Server()
            defer { withExtendedLifetime(server) {} }
            if let server {
                let key = try server.makeKMSKey()
                let accessKey = "kXv2mQ8rTz5wLb9nPc4hJd7g"
                shell.environment.merge(server.environment) { $1 }
                shell.environment.merge(["AWS_ENDPOINT_URL_KMS": server.url, "AWS_SECRET_ACCESS_KEY": accessKey]) { $1 }
                secrets.append(("the secret key for AWS", Array(accessKey.utf8)))
                try await run(["state", "rotate-key", "demo", "--new-kms-key", key])
                shell.environment["SLIPWAY_PASSPHRASE"] = nil
                shell.environment["SLIPWAY_KMS_KEY"] = key
                try await run(["update", "cluster", "demo", "--yes"])
                secrets.append(("the data key", try await dataKey(in: "elsewhere/demo/secrets.enc", of: shell)))
            }

            texts.append(("scripts", shell.world.scripts.all.joined(separator: "\n")))
            texts.append(("what was changed in the world", shell.world.changes.all.joined(separator: "\n")))
            let needles = secrets.flatMap { secret in
                (SecretForms.of(secret.bytes) + SecretForms.ofLines(String(decoding: secret.bytes, as: UTF8.self))).map {
                    (secret.name, $0)
                }
            }
            #expect(secrets.count > 8 && needles.count > 60, "\(secrets.map(\.name))")
            #expect(secrets.contains { $0.name.contains("ca") || $0.name.contains("authorit") }, "\(secrets.map(\.name))")
            func search(_ data: Data, _ place: String) {
                for (name, needle) in needles where data.range(of: needle) != nil { Issue.record("\(name) is in \(place)") }
            }
            for (name, text) in texts { search(Data(text.utf8), name) }
            // What a person asked for, what opens the store, and the encrypted store itself.
            let meant = ["key", "passphrase", "kube/config"]
            var searched: [String] = []
            for path in try FileManager.default.subpathsOfDirectory(atPath: shell.folder) where !meant.contains(path) {
                guard let data = FileManager.default.contents(atPath: "\(shell.folder)/\(path)") else { continue }
                search(data, path)
                searched.append(path)
            }
            #expect(searched.contains { $0.hasSuffix("secrets.enc") } && searched.contains("demo.plan"))
            #expect(searched.count { $0.contains("/runs/") && $0.hasSuffix(".jsonl") } >= 4, "\(searched)")

            // The search finds what is there.
            #expect(needles.contains { Data(kubeconfig.utf8).range(of: $0.1) != nil && $0.0 == "the kubeconfig's key" })
            try await run(["delete", "cluster", "demo", "--yes"])
        }
    }

    /// As KMS opens it.
    private func dataKey(in file: String, of shell: Shell) async throws -> [UInt8] {
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(shell.folder)/\(file)")))
        let envelope = try #require(try SecretsDocument(bytes, cluster: "demo").envelope)
        let encrypted = try [UInt8](#require(Data(base64Encoded: envelope.dataKey)))
        let source = KMSDataKeys(environment: shell.environment, context: .live)
        return try await source.open(encrypted, under: envelope.kmsKey, context: ["slipway:cluster": "demo"]).plaintext.reveal()
    }
}
