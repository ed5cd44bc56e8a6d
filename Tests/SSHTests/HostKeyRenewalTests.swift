import Bootstrap
import ClusterModel
import Foundation
import Testing

@testable import SSH

extension SSHTests {
    /// The scripts that give a machine a host key of its own, run over SSH against a real sshd whose files are in a folder.
    @Suite struct HostKeyRenewals {
        /// A machine's root folder as a first boot leaves it: sshd with the key from its user data, cloud-init with a copy.
        private struct Machine {
            let root: String
            let seed: TestKey
            var ssh: String { "\(root)/etc/ssh" }
            var key: String { "\(ssh)/ssh_host_ed25519_key" }

            init(in folder: String) async throws {
                root = "\(folder)/root"
                seed = try await TestKey("ed25519", in: folder)
                let other = try await TestKey("ecdsa", in: folder)
                let files = FileManager.default
                for path in ["etc/ssh/sshd_config.d", "etc/cloud", "var/lib/cloud/instances/i-1/scripts", "run/cloud-init"] {
                    try files.createDirectory(atPath: "\(root)/\(path)", withIntermediateDirectories: true)
                }
                try files.createSymbolicLink(atPath: "\(root)/var/lib/cloud/instance", withDestinationPath: "instances/i-1")
                try files.copyItem(atPath: seed.path, toPath: "\(ssh)/ssh_host_ed25519_key")
                try files.copyItem(atPath: "\(seed.path).pub", toPath: "\(ssh)/ssh_host_ed25519_key.pub")
                try files.copyItem(atPath: other.path, toPath: "\(ssh)/ssh_host_ecdsa_key")
                let secret = String(decoding: seed.secret.reveal(), as: UTF8.self)
                for path in [
                    "var/lib/cloud/instances/i-1/user-data.txt", "var/lib/cloud/instances/i-1/user-data.txt.i",
                    "var/lib/cloud/instances/i-1/cloud-config.txt", "var/lib/cloud/instances/i-1/obj.pkl",
                    "var/lib/cloud/instances/i-1/scripts/part-001", "run/cloud-init/instance-data-sensitive.json",
                ] { try write(secret, to: path) }
                try write("i-1\n", to: "var/lib/cloud/instances/i-1/datasource")
                try write("HostKey \(ssh)/ssh_host_ecdsa_key\nLogLevel VERBOSE\n", to: "etc/ssh/sshd_config.d/50-cloud.conf")
            }

            func write(_ text: String, to path: String) throws {
                try Data(text.utf8).write(to: URL(filePath: "\(root)/\(path)"))
            }

            var settings: [String] {
                ["Include \(ssh)/sshd_config.d/*.conf", "HostKeyAlgorithms ssh-ed25519,ecdsa-sha2-nistp256", "hostkey \(key)"]
            }

            /// Every file below that holds a private key.
            func privateKeys() throws -> [String] {
                try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
                    text(of: "\(root)/\(path)")?.contains("PRIVATE KEY") == true
                }.sorted()
            }
        }

        /// - Parameter includes: whether sshd's configuration includes a folder of others.
        private func withMachine(
            includes: Bool = true, _ body: (Machine, _ server: TestServer, _ hosts: SSHHosts, _ reload: String) async throws -> Void
        ) async throws {
            try await withTemporaryFolder { folder in
                let machine = try await Machine(in: folder)
                // The configuration that sshd reads is the one that the scripts change.
                try await TestServer.with(
                    hostKeys: [], settings: includes ? machine.settings : Array(machine.settings.dropFirst()),
                    configuration: "\(machine.ssh)/sshd_config"
                ) { server, hosts in
                    let reload = "kill -HUP \(try #require(await server.pid))"
                    try await body(machine, server, hosts, reload)
                }
            }
        }

        @Test(arguments: [true, false])
        func `A machine gets a key of its own and the one that it was made with is dead`(includes: Bool) async throws {
            try await withMachine(includes: includes) { machine, server, hosts, reload in
                let seeded = server.endpoint(accepting: [machine.seed.fingerprint])
                let stage = HostKeyRenewal.stageScript(root: machine.root)
                let staged = try await hosts.run(stage, on: seeded)
                let key = try #require(HostKeyRenewal.key(in: staged.text), "\(staged.errorText)")
                let own = try #require(HostKeyRenewal.fingerprint(of: key))
                #expect(own != machine.seed.fingerprint)
                #expect(try await hosts.run(stage, on: seeded).text == staged.text, "once made it stays the one")
                let proof = HostKeyRenewal.proofScript(root: machine.root)
                #expect(try await hosts.run(proof, on: seeded).exitStatus != 0, "nothing is proven yet")
                await hosts.close()

                let both = server.endpoint(accepting: [machine.seed.fingerprint, own])
                let activate = HostKeyRenewal.activateScript(key, root: machine.root, reload: reload)
                let other = SSHHosts()
                let activated = try await other.run(activate, on: both)
                #expect(activated.exitStatus == 0, "\(activated.errorText)")
                let pinned = server.endpoint(accepting: [own])
                let isServed = await eventually { (try? await other.run("true", on: pinned))?.exitStatus == 0 }
                #expect(isServed, "\(server.log)")
                let proven = try await other.run(proof, on: pinned)
                #expect(proven.text == key + "\n", "\(proven.errorText)")
                await other.close()

                // Whoever has the first key cannot be taken for the machine, and the machine no longer shows it.
                let late = SSHHosts()
                let refused = try await #require(throws: SlipwayError.self) { try await late.run("true", on: seeded) }
                #expect(refused.code == .refused && refused.cause.contains(own))
                #expect(try machine.privateKeys() == ["etc/ssh/ssh_host_ed25519_key"])
                #expect(text(of: "\(machine.key).pub") == key + "\n")
                #expect(FileManager.default.fileExists(atPath: "\(machine.root)/etc/cloud/cloud-init.disabled"))
                #expect(text(of: "\(machine.root)/var/lib/cloud/instance/datasource") == "i-1\n", "what is harmless stays")
                #expect(text(of: "\(machine.ssh)/sshd_config.d/50-cloud.conf") == "LogLevel VERBOSE\n")
                #expect(text(of: "\(machine.ssh)/sshd_config")?.contains("HostKeyAlgorithms") == true)

                // Again, as after a kill: it changes nothing.
                let again = try await late.run(activate, on: pinned)
                #expect(again.exitStatus == 0, "\(again.errorText)")
                let stillServed = await eventually { (try? await late.run(proof, on: pinned))?.text == key + "\n" }
                #expect(stillServed)
                // After a start of sshd it is the same one.
                await late.close()
                await server.stop()
                try await server.start()
                let last = SSHHosts()
                #expect(try await last.run("echo yes", on: pinned).text == "yes\n")
                await last.close()
            }
        }

        @Test func `A key that is not there is not activated, and nothing is lost`() async throws {
            try await withMachine { machine, server, hosts, reload in
                let seeded = server.endpoint(accepting: [machine.seed.fingerprint])
                let strange = try await TestKey("ed25519", in: machine.root)
                let line = strange.publicLine.split(separator: " ").prefix(2).joined(separator: " ")
                let before = try machine.privateKeys()
                let result = try await hosts.run(
                    HostKeyRenewal.activateScript(line, root: machine.root, reload: reload), on: seeded)
                #expect(result.exitStatus == HostKeyRenewal.isMissing)
                #expect(try machine.privateKeys() == before)
            }
        }

        @Test func `A private key that is left in a place of cloud-init is an error`() async throws {
            try await withMachine { machine, server, hosts, reload in
                let seeded = server.endpoint(accepting: [machine.seed.fingerprint])
                let staged = try await hosts.run(HostKeyRenewal.stageScript(root: machine.root), on: seeded)
                let key = try #require(HostKeyRenewal.key(in: staged.text))
                try machine.write("-----BEGIN OPENSSH PRIVATE KEY-----\n", to: "var/lib/cloud/instances/i-1/elsewhere")
                let result = try await hosts.run(
                    HostKeyRenewal.activateScript(key, root: machine.root, reload: reload), on: seeded)
                #expect(result.exitStatus == 4 && result.errorText.contains("instances/i-1/elsewhere"), "\(result.errorText)")
            }
        }
    }
}
