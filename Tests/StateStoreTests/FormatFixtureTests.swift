import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import StateStore

/// The format: files of every version as they were first written, functions that read earlier versions, and the schemas.
@Suite struct FormatFixtureTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    private static let isRefreshing = ProcessInfo.processInfo.environment["SLIPWAY_REFRESH_GOLDEN"] == "1"

    /// Writes the fixture when there is none. One that is there is never written anew: it has to stay readable for ever.
    private static func fixture(_ name: String, _ bytes: () throws -> [UInt8]) throws -> [UInt8] {
        let file = folder.appendingPathComponent(name)
        if isRefreshing, !FileManager.default.fileExists(atPath: file.path) {
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(try bytes()).write(to: file)
        }
        return [UInt8](try Data(contentsOf: file))
    }

    /// Everything that a state can say.
    private static func fullState() throws -> ClusterState {
        var state = try Sample.state()
        state.desired.spec.access = try AccessSpec(
            api: [Sample.cidr("10.0.0.0/8")], ssh: [Sample.cidr("192.168.1.7/32")], sshPublicKeys: ["ssh-ed25519 AAAA me"])
        state.desired.spec.controlPlane.update = ControlPlaneUpdateSpec(strategy: .inPlace)
        state.desired.spec.cloud.local = LocalCloudSpec(cidr: try Sample.cidr("100.96.8.0/24"))
        state.desired.spec.pools[0].labels = ["tier": "web"]
        state.desired.spec.pools[0].taints = [
            Taint(key: "dedicated", value: "gpu", effect: .noSchedule), Taint(key: "old", effect: .noExecute),
        ]
        state.desired.spec.pools[0].update = UpdateSpec(
            maxSurge: .percent(10), maxUnavailable: .count(2), drainTimeout: Seconds(90), strategy: .inPlace)
        for change in try Sample.changes().prefix(4) { state.apply(change) }
        state.machines["demo-nodes-a-1"]?.hostKeyFingerprint = "SHA256:abc"
        state.apply(.moving(to: "file:///srv/slipway"))
        return state
    }

    /// What only clouds say that lead to machines in other ways than their fellows, and what came to version 1 later.
    private static func cloudState() throws -> ClusterState {
        var state = try Sample.state()
        for change in try cloudRecords().compactMap(\.change) { state.apply(change) }
        return state
    }

    private static func cloudRecords() throws -> [JournalRecord] {
        let address = try #require(IPv4Address("10.0.1.4"))
        let public4 = try #require(IPv4Address("198.51.100.7"))
        let network = try NetworkRecord(
            id: "vpc-1", cidr: Sample.cidr("10.0.0.0/16"), gateway: try #require(IPv4Address("10.0.0.1")),
            apiAddress: "api.internal.example", accessAddress: "api.example")
        let name = "demo-nodes-a-1"
        let changes: [StateChange] = [
            .network(network), .machineIntended(try Sample.machine(1)),
            .machineMade(name: name, providerID: "aws:///a/i-1", address: address, accessAddress: public4),
            .hostKeyStaged(name: name, key: "ssh-ed25519 AAAA"), .hostKeyPinned(name: name, fingerprint: "SHA256:own"),
        ]
        return changes.enumerated().map { index, change in
            JournalRecord(
                sequence: index + 1, lineage: Sample.lineage, serial: index + 1, time: Date(timeIntervalSince1970: 1_700_000_000),
                change: change, mark: nil)
        }
    }

    private static func stateOnAWS() throws -> ClusterState {
        var state = try cloudState()
        state.desired.spec.cloud = CloudSpec(
            provider: .aws,
            aws: AWSCloudSpec(
                region: "eu-central-1", vpcID: "vpc-0123456789abcdef0", subnets: ["eu-central-1a": "subnet-0a1b2c3d"],
                publicSubnets: ["eu-central-1a": "subnet-0a1b2c3e"], topology: .private,
                natGateways: .one, bastionType: "t3.micro", image: AWSImage("ami-0123456789abcdef0"),
                dnsName: "api.demo.example.com", hostedZone: "Z1"))
        state.network?.ids = ["security group nodes": "sg-0a1b2c3d"]
        state.desired.spec.pools[0].spot = true
        for name in state.machines.keys { state.machines[name]?.market = .spot }
        return state
    }

    @Test func whatOnlyCloudsSayStaysReadable() throws {
        let state = try Self.cloudState()
        #expect(state.machines["demo-nodes-a-1"]?.accessAddress == IPv4Address("198.51.100.7"))
        let document = try Self.fixture("v1/state-cloud.json") { try StateDocument(state).bytes() }
        #expect(try StateDocument(document).state == state)
        #expect(try StateDocument(state).bytes() == document, "and is written as ever")
        let records = try Self.cloudRecords()
        let journal = try Self.fixture("v1/journal-cloud.jsonl") { try records.flatMap { try $0.line() } }
        #expect(try Journal(journal).records == records)
        #expect(try records.flatMap { try $0.line() } == journal, "and is written as ever")
    }

    // MARK: Version 1

    @Test func versionOneStaysReadable() async throws {
        let state = try Self.fullState()
        let document = try Self.fixture("v1/state.json") { try StateDocument(state).bytes() }
        #expect(try StateDocument(document).state == state)
        #expect(try StateDocument(state).bytes() == document, "and is written as ever")

        let records = try Sample.records()
        let journal = try Self.fixture("v1/journal.jsonl") { try records.flatMap { try $0.line() } }
        #expect(try Journal(journal).records == records)
        #expect(try records.flatMap { try $0.line() } == journal, "and is written as ever")

        let secrets = ["a": Secret("b"), "c": SecretsTests.text]
        let key = StoreKey([UInt8](repeating: 1, count: 32))
        let sealed = try Self.fixture("v1/secrets.enc") { try SecretsDocument(sealing: secrets, lineage: Sample.lineage, key: key).bytes() }
        #expect(try SecretsDocument(sealed, cluster: "demo").open(with: key, at: "k", cluster: "demo") == secrets)
        let typed = Passphrase(from: "a test") { _ in Secret("correct horse battery") }
        let phrased = try Self.fixture("v1/secrets-passphrase.enc") {
            let (derivation, key) = try typed.fresh()
            return try SecretsDocument(sealing: secrets, lineage: Sample.lineage, key: key, derivation: derivation).bytes()
        }
        let opener = SecretsKey(keyFile: KeyFile(path: "/nowhere/key"), passphrase: typed)
        #expect(try opener.open(try SecretsDocument(phrased, cluster: "demo"), cluster: "demo") == secrets)
    }

    // MARK: Version 2, of secrets under a KMS key

    @Test func secretsOfVersionTwoStayReadable() async throws {
        let dataKey = DataKey(
            plaintext: Secret([UInt8](repeating: 2, count: 32)), encrypted: Array("as KMS encrypted it".utf8), arn: FakeDataKeys.one)
        let secrets = ["a": Secret("b"), "c": SecretsTests.text]
        let sealed = try Self.fixture("v2/secrets-kms.enc") {
            let envelope = Envelope(kmsKey: dataKey.arn, dataKey: Data(dataKey.encrypted).base64EncodedString())
            let key = StoreKey(dataKey.plaintext.reveal())
            return try SecretsDocument(sealing: secrets, lineage: Sample.lineage, key: key, envelope: envelope).bytes()
        }
        let document = try SecretsDocument(sealed, cluster: "demo")
        #expect(document.formatVersion == 2 && document.envelope?.kmsKey == FakeDataKeys.one)
        #expect(try document.bytes() == sealed, "and is written as ever")
        // KMS as it was then: it knows that data key, and knows it for that cluster.
        let source = FakeDataKeys(holding: dataKey, of: "demo")
        let opener = SecretsKey(keyFile: KeyFile(path: "/nowhere/key"), kms: try KMSKey(FakeDataKeys.one, source: source))
        #expect(try await BlockingWork.run { try opener.open(document, cluster: "demo") } == secrets)
        #expect(source.calls.value == ["open demo"])
    }

    @Test func noVersionOfSecretsIsWithoutAFixture() throws {
        for version in 1...SecretsDocument.formatVersion {
            let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.appendingPathComponent("v\(version)").path)
            #expect(files.contains { $0.hasPrefix("secrets") }, "version \(version)")
        }
    }

    /// The journal of the fixture has every kind of change and mark: the compiler knows how many there are.
    @Test func theFixtureHasEveryKindOfRecord() throws {
        func kind(_ change: StateChange) -> Int {
            switch change {
            case .desired: 0
            case .etcd: 1
            case .network: 2
            case .machineIntended: 3
            case .machineMade: 4
            case .machineResized: 5
            case .machineGone: 6
            case .deleting: 7
            case .moving: 8
            case .hostKeyStaged: 9
            case .hostKeyPinned: 10
            }
        }
        func kind(_ mark: JournalMark) -> Int {
            switch mark {
            case .runStarted: 0
            case .stepStarted: 1
            case .stepDone: 2
            }
        }
        let records = try Sample.records() + Self.cloudRecords()
        #expect(Set(records.compactMap { $0.change.map(kind) }) == Set(0...10))
        #expect(Set(records.compactMap { $0.mark.map(kind) }) == Set(0...2))
    }

    // MARK: Other versions

    @Test func earlierVersionsAreReadByAChainOfFunctions() throws {
        // As if version 3 were written today, 2 had named the uid otherwise, and 1 had no uid at all.
        let upgrades = FormatUpgrades(
            current: 3,
            functions: [
                1: { value in Self.inState(value) { $0["id"] = .string("00000000") } },
                2: { value in
                    Self.inState(value) { state in
                        state["uid"] = state["id"]
                        state["id"] = nil
                    }
                },
            ])
        var current = try StateCoding.decode(JSONValue.self, StateCoding.encode(StateDocument(Sample.state()).body))
        current = Self.inState(current) {
            $0["uid"] = nil
            $0["formatVersion"] = .int(1)
        }
        let read = try StateDocument(Self.document(1, current), upgrades: upgrades)
        #expect(read.state.uid == "00000000")
        let second = Self.inState(current) {
            $0["id"] = .string("0a1b2c3d")
            $0["formatVersion"] = .int(2)
        }
        #expect(try StateDocument(Self.document(2, second), upgrades: upgrades).state.uid == "0a1b2c3d")
        #expect(throws: StateDamage.self, "nothing reads version 0") {
            try StateDocument(Self.document(0, Self.inState(second) { $0["formatVersion"] = .int(0) }), upgrades: upgrades)
        }
        #expect(throws: StateDamage.self, "4 is newer") {
            try StateDocument(Self.document(4, Self.inState(second) { $0["formatVersion"] = .int(4) }), upgrades: upgrades)
        }
    }

    @Test func recordsOfEarlierVersionsAreReadToo() throws {
        let upgrades = FormatUpgrades(
            current: 2,
            functions: [
                1: { value in
                    var members = value.members
                    members["lineage"] = .string("upgraded")
                    return .object(members)
                }
            ])
        let lines = try Sample.records().prefix(3).flatMap { try $0.line() }
        #expect(try Journal(lines, upgrades: upgrades).records.map(\.lineage) == ["upgraded", "upgraded", "upgraded"])
        let newer = Array(#"{"formatVersion":3,"what":{}}"#.utf8)
        let line = Array(#"{"sum":"\#(StateCoding.checksum(newer, bytes: 8))","record":"#.utf8) + newer + Array("}\n".utf8)
        for chain in [upgrades, .record] {
            do {
                _ = try Journal(lines + line, upgrades: chain)
                Issue.record("accepted")
            } catch StateDamage.newer(let cause) {
                #expect(cause.contains("record 4") && cause.contains("format version is 3"), "\(cause)")
            }
        }
    }

    private static func inState(_ body: JSONValue, _ change: (inout [String: JSONValue]) -> Void) -> JSONValue {
        var members = body.members
        var state = members["state"]?.members ?? [:]
        change(&state)
        members["state"] = .object(state)
        return .object(members)
    }

    private static func document(_ version: Int, _ body: JSONValue) throws -> [UInt8] {
        let bytes = try StateCoding.encode(body)
        return Array(#"{"formatVersion":\#(version),"sum":"\#(StateCoding.checksum(bytes))","body":"#.utf8) + bytes + Array("}\n".utf8)
    }

    /// What this version does not know it must not drop: the next write would make that final.
    @Test func whatIsNotKnownIsNotDropped() throws {
        var body = try StateCoding.decode(JSONValue.self, StateCoding.encode(StateDocument(Sample.state()).body))
        #expect(throws: Never.self) { try StateDocument(Self.document(1, body)) }
        body = Self.inState(body) { $0["addedByANewerOne"] = .int(1) }
        do {
            _ = try StateDocument(Self.document(1, body))
            Issue.record("accepted")
        } catch StateDamage.newer(let cause) {
            #expect(cause.contains("says more"))
        }
    }

    /// The version is not in the checksum.
    @Test func aVersionThatTheBodyContradictsIsDamage() throws {
        let body = try StateCoding.decode(JSONValue.self, StateCoding.encode(StateDocument(Sample.state()).body))
        for version in [0, 2, 3, 9] {
            do {
                _ = try StateDocument(Self.document(version, body))
                Issue.record("accepted")
            } catch StateDamage.document(let cause) {
                #expect(cause.contains("begins as format version \(version)"))
            }
        }
    }

    // MARK: Schemas

    @Test func theSchemasAcceptWhatIsWritten() throws {
        let document = JSONSchemaValidator(StateJSONSchema.document)
        for state in [try Self.fullState(), try Self.cloudState(), try Self.stateOnAWS(), try Sample.state()] {
            #expect(document.problems(try StateCoding.decode(JSONValue.self, StateDocument(state).bytes())) == [])
        }
        let line = JSONSchemaValidator(StateJSONSchema.journalLine)
        for record in try Sample.records() + Self.cloudRecords() {
            #expect(line.problems(try StateCoding.decode(JSONValue.self, record.line())) == [])
        }
        #expect(
            JSONSchemaValidator(StateJSONSchema.pulled).problems(
                try StateCoding.decode(JSONValue.self, StateCoding.encode(Self.fullState()))) == [])
    }

    /// Each key of the schema is one that is written, so none is there by mistake; the other way round the schemas allow no more.
    @Test func everyKeyOfTheSchemasIsWritten() throws {
        func keys(_ value: JSONValue) -> Set<String> {
            switch value {
            case .object(let members): members.reduce(into: []) { $0.formUnion(keys($1.value).union([$1.key])) }
            case .array(let elements): elements.reduce(into: []) { $0.formUnion(keys($1)) }
            default: []
            }
        }
        func named(_ schema: JSONValue) -> Set<String> {
            switch schema {
            case .object(let members):
                members.reduce(into: Set(members["properties"]?.members.keys.map { $0 } ?? [])) { $0.formUnion(named($1.value)) }
            case .array(let elements): elements.reduce(into: []) { $0.formUnion(named($1)) }
            default: []
            }
        }
        let state = try Self.fullState()
        let records = try Sample.records() + Self.cloudRecords()
        var onAWS = try Self.stateOnAWS()
        for name in onAWS.machines.keys { onAWS.machines[name]?.make = MachineMake(onAWS.desired.spec.cloud) }
        let written = try keys(StateCoding.decode(JSONValue.self, StateDocument(state).bytes()))
            .union(keys(StateCoding.decode(JSONValue.self, StateDocument(Sample.state()).bytes())))
            .union(keys(StateCoding.decode(JSONValue.self, StateDocument(onAWS).bytes())))
            .union(records.reduce(into: Set<String>()) { $0.formUnion(keys(try StateCoding.decode(JSONValue.self, $1.line()))) })
        let schemas = named(StateJSONSchema.document).union(named(StateJSONSchema.journalLine))
        #expect(schemas.subtracting(written) == [], "in a schema and never written")
    }
}
