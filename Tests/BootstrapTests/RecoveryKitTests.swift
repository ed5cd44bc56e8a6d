import Bootstrap
import ClusterModel
import Foundation
import Testing

@Suite struct RecoveryKitTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func kit(serial: Int = 7, workers: Int = 1) -> RecoveryKit {
        RecoveryKit(
            cluster: Fixture.cluster, lineage: "lineage", serial: serial,
            desired: Cluster(name: "demo", spec: Fixture.spec(workers: workers)),
            secrets: ["ssh.key": Secret("a private key\n"), "seed": Secret([0, 255, 7])])
    }

    private func digest(_ kit: RecoveryKit, secretsVersion: String = "1") -> String {
        RecoveryKit.digest(cluster: kit.cluster, desired: kit.desired, secretsVersion: secretsVersion)
    }

    /// The same with the folder in the place of the machine's own.
    private func local(_ script: String) -> String { script.replacing(NodePaths.slipway, with: folder.path) }

    private func store(_ kit: RecoveryKit, input: [UInt8]? = nil) async throws -> ProgramResult {
        // The checksum is over the content, which names no path.
        try await Shell.run(local(kit.storeScript(digest: digest(kit))), input: input ?? kit.bytes.reveal())
    }

    @Test func whatIsWrittenIsRead() throws {
        defer { folder.remove() }
        #expect(try RecoveryKit(kit().bytes) == kit())
        #expect(kit().bytes == kit().bytes, "the same kit is the same bytes")
    }

    @Test func theDigestKnowsSpecAndSecretsAndNotTheSerial() {
        defer { folder.remove() }
        #expect(digest(kit(serial: 8)) == digest(kit()))
        #expect(digest(kit(workers: 2)) != digest(kit()))
        #expect(digest(kit(), secretsVersion: "2") != digest(kit()))
    }

    @Test func damageAndNewerFormatsAreToldWithoutAWordOfTheContent() throws {
        defer { folder.remove() }
        for (text, cause) in [
            ("a private key", "it is damaged"), ("{\"formatVersion\":1}", "it is damaged"),
            (
                kit().bytes.revealText().replacing("\"formatVersion\":1", with: "\"formatVersion\":2"),
                "its format version is 2, this version of Slipway reads up to 1"
            ),
        ] {
            do {
                _ = try RecoveryKit(Secret(text))
                Issue.record("it was read")
            } catch let error as SlipwayError {
                #expect(error.cause == cause && error.doing == RecoveryKit.reading)
            }
        }
    }

    // MARK: On a machine

    @Test func aMachineKeepsItForRootAloneAndSaysItsDigest() async throws {
        defer { folder.remove() }
        #expect(try await Shell.run(local(RecoveryKit.readScript)).status == 3)
        #expect(try await Shell.run(local(RecoveryKit.digestScript)).output == "")
        #expect(try await store(kit()).status == 0)
        #expect(folder.mode("recovery.json") == 0o600 && folder.mode("recovery.sha256") == 0o600)
        #expect(try await Shell.run(local(RecoveryKit.digestScript)).output == digest(kit()) + "\n")
        let read = try await Shell.run(local(RecoveryKit.readScript))
        #expect(try RecoveryKit(Secret(read.output)) == kit())
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["recovery.json", "recovery.sha256"])
        let observed = try await Shell.run(local(ObservationScript.text))
        #expect(try ObservationScript.facts(from: observed.output).recoveryKit == digest(kit()))
    }

    @Test func halfOfOneIsNotStored() async throws {
        defer { folder.remove() }
        #expect(try await store(kit()).status == 0)
        let newer = kit(workers: 3)
        #expect(try await store(newer, input: Array(newer.bytes.reveal().dropLast(9))).status != 0)
        #expect(try await Shell.run(local(RecoveryKit.digestScript)).output == digest(kit()) + "\n", "the old one is still whole")
    }

    @Test func aDamagedOneIsSaidToBeNone() async throws {
        defer { folder.remove() }
        #expect(try await store(kit()).status == 0)
        try folder.write("{}", to: "recovery.json")
        #expect(try await Shell.run(local(RecoveryKit.readScript)).status == 4)
        #expect(try await Shell.run(local(RecoveryKit.digestScript)).output == "")
        let observed = try await Shell.run(local(ObservationScript.text))
        #expect(try ObservationScript.facts(from: observed.output).recoveryKit == nil)
        #expect(try await store(kit()).status == 0)
        #expect(try await Shell.run(local(RecoveryKit.readScript)).status == 0)
    }
}
