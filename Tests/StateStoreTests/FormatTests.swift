import ClusterModel
import Foundation
import Testing

@testable import StateStore

/// Files of format version 1 as they were first written. They must stay readable for ever: never change them, add
/// others beside them.
@Suite struct FormatTests {
    static let document = #"""
        {"formatVersion":1,"sum":"fb9c0aba229d5b96a2915e7cce70e5f1ca59e15aa215a4b77a33071621b32ea5","body":{"sequence":0,"state":{"deleting":false,"desired":{"apiVersion":"slipway.dev/v1alpha1","kind":"Cluster","metadata":{"name":"demo"},"spec":{"access":{"api":[],"ssh":[],"sshPublicKeys":[]},"assets":{"source":"official"},"cloud":{"local":{},"provider":"local"},"controlPlane":{"count":1,"instanceType":"local.small","zones":["local-a"]},"deletionProtection":false,"kubernetesVersion":"1.20.2","network":{"podCIDR":"10.244.0.0/16","serviceCIDR":"10.96.0.0/16"},"pools":[{"count":1,"instanceType":"local.small","labels":{},"name":"nodes","taints":[],"update":{"drainTimeout":"15m","maxSurge":1,"maxUnavailable":0},"zones":["local-a"]}]}},"etcd":{"none":{}},"formatVersion":1,"highWater":{},"lineage":"7d9f2c1e-0000-4000-8000-000000000001","machines":{},"serial":0,"uid":"0a1b2c3d"},"unfinishedSteps":[]}}
        """#

    static let journal = #"""
        {"sum":"999fd35e82a0f332","record":{"lineage":"7d9f2c1e-0000-4000-8000-000000000001","mark":{"runStarted":{"id":"r1","operation":"create cluster demo"}},"sequence":1,"serial":0,"time":"2023-11-14T22:13:20.000Z"}}
        {"sum":"58ee8c9115e96b63","record":{"lineage":"7d9f2c1e-0000-4000-8000-000000000001","mark":{"stepStarted":{"id":"machine/demo-nodes-a-1#create-machine"}},"sequence":2,"serial":0,"time":"2023-11-14T22:13:20.000Z"}}
        {"sum":"48770399610724ff","record":{"lineage":"7d9f2c1e-0000-4000-8000-000000000001","mark":{"stepStarted":{"id":"network/demo#ensure-network"}},"sequence":3,"serial":0,"time":"2023-11-14T22:13:20.000Z"}}
        {"sum":"2fa75b8020a33506","record":{"lineage":"7d9f2c1e-0000-4000-8000-000000000001","mark":{"stepDone":{"id":"network/demo#ensure-network"}},"sequence":4,"serial":0,"time":"2023-11-14T22:13:20.000Z"}}
        {"sum":"5d49311b6187d3db","record":{"change":{"network":{"_0":{"apiAddress":"100.96.8.4","cidr":"100.96.8.0/24","gateway":"100.96.8.4","id":"net-1"}}},"lineage":"7d9f2c1e-0000-4000-8000-000000000001","sequence":5,"serial":1,"time":"2023-11-14T22:13:20.000Z"}}
        {"sum":"bb5f66b3cdd77e02","record":{"change":{"etcd":{"_0":{"initialising":{"members":["demo-control-plane-a-1"],"token":"t"}}}},"lineage":"7d9f2c1e-0000-4000-8000-000000000001","sequence":6,"serial":2,"time":"2023-11-14T22:13:20.000Z"}}
        {"sum":"ab55031d1f1812c6","record":{"change":{"machineIntended":{"_0":{"instanceType":"local.small","name":"demo-nodes-a-1","ordinal":1,"podCIDR":"10.0.1.0/24","pool":"nodes","role":"worker","token":"token-1","zone":"local-a"}}},"lineage":"7d9f2c1e-0000-4000-8000-000000000001","sequence":7,"serial":3,"time":"2023-11-14T22:13:20.000Z"}}
        {"sum":"c81034c585100ef6","record":{"change":{"machineMade":{"address":"100.96.8.4","name":"demo-nodes-a-1","providerID":"local:///demo-nodes-a-1"}},"lineage":"7d9f2c1e-0000-4000-8000-000000000001","sequence":8,"serial":4,"time":"2023-11-14T22:13:20.000Z"}}
        {"sum":"69a75b85d44a5be2","record":{"change":{"desired":{"_0":{"apiVersion":"slipway.dev/v1alpha1","kind":"Cluster","metadata":{"name":"demo"},"spec":{"access":{"api":[],"ssh":[],"sshPublicKeys":[]},"assets":{"source":"official"},"cloud":{"local":{},"provider":"local"},"controlPlane":{"count":1,"instanceType":"local.small","zones":["local-a"]},"deletionProtection":false,"kubernetesVersion":"1.20.2","network":{"podCIDR":"10.244.0.0/16","serviceCIDR":"10.96.0.0/16"},"pools":[{"count":2,"instanceType":"local.small","labels":{},"name":"nodes","taints":[],"update":{"drainTimeout":"15m","maxSurge":1,"maxUnavailable":0},"zones":["local-a"]}]}}}},"lineage":"7d9f2c1e-0000-4000-8000-000000000001","sequence":9,"serial":5,"time":"2023-11-14T22:13:20.000Z"}}
        {"sum":"27606c3969a24a1e","record":{"change":{"etcd":{"_0":{"initialised":{"token":"t"}}}},"lineage":"7d9f2c1e-0000-4000-8000-000000000001","sequence":10,"serial":6,"time":"2023-11-14T22:13:20.000Z"}}
        {"sum":"c3f0726115d9d8d2","record":{"change":{"machineGone":{"name":"demo-nodes-a-1"}},"lineage":"7d9f2c1e-0000-4000-8000-000000000001","sequence":11,"serial":7,"time":"2023-11-14T22:13:20.000Z"}}
        {"sum":"0b8e130371900fce","record":{"change":{"network":{}},"lineage":"7d9f2c1e-0000-4000-8000-000000000001","sequence":12,"serial":8,"time":"2023-11-14T22:13:20.000Z"}}
        {"sum":"78a10e38b9ff2196","record":{"change":{"deleting":{}},"lineage":"7d9f2c1e-0000-4000-8000-000000000001","sequence":13,"serial":9,"time":"2023-11-14T22:13:20.000Z"}}
        """#

    static let secrets = #"""
        {"box":"6gF+P4jKOIvtCDJDGDbwx9DKl+NNrHkIJmwtWdRvGSFyZdQidJKF1Q==","formatVersion":1,"keyID":"8bcccfa71b119c2d","lineage":"7d9f2c1e-0000-4000-8000-000000000001"}
        """#

    @Test func versionOneIsReadable() async throws {
        var expected = try Sample.state()
        let changes = try Sample.changes()
        for change in changes { expected.apply(change) }
        try await Fixture.with { fixture in
            try FileManager.default.createDirectory(atPath: fixture.folder.path, withIntermediateDirectories: true)
            try fixture.write((Self.document + "\n").utf8, to: fixture.folder.state)
            try fixture.write((Self.journal + "\n").utf8, to: fixture.folder.journal)
            #expect(try await fixture.store.readState("demo") == expected)
            let session = try await fixture.lock()
            #expect(await session.state == expected)
            #expect(await session.unfinishedSteps == ["machine/demo-nodes-a-1#create-machine"])
            await session.release()
        }
        let key = StoreKey([UInt8](repeating: 1, count: 32))
        let secrets = try SecretsDocument(Array(Self.secrets.utf8), cluster: "demo")
        #expect(try secrets.open(with: key, at: "key", cluster: "demo") == ["a": Secret("b")])
    }

    @Test func versionOneIsWrittenAsEver() throws {
        #expect(try String(decoding: StateDocument(try Sample.state()).bytes(), as: UTF8.self) == Self.document + "\n")
        var serial = 0
        let lines = try Self.records().map { change, mark in
            serial += change == nil ? 0 : 1
            return (change, mark, serial)
        }.enumerated().map { index, entry in
            try JournalRecord(
                sequence: index + 1, lineage: Sample.lineage, serial: entry.2, time: Date(timeIntervalSince1970: 1_700_000_000),
                change: entry.0, mark: entry.1
            ).line()
        }
        #expect(String(decoding: lines.joined(), as: UTF8.self) == Self.journal + "\n")
    }

    private static func records() throws -> [(StateChange?, JournalMark?)] {
        try [
            (nil, .runStarted(id: "r1", operation: "create cluster demo")),
            (nil, .stepStarted(id: "machine/demo-nodes-a-1#create-machine")),
            (nil, .stepStarted(id: "network/demo#ensure-network")), (nil, .stepDone(id: "network/demo#ensure-network")),
        ] + Sample.changes().map { ($0, nil) }
    }

    @Test func aThousandMachinesRoundTrip() throws {
        var state = try Sample.state()
        for ordinal in 1...1000 { state.apply(.machineIntended(try Sample.machine(ordinal))) }
        #expect(try StateDocument(StateDocument(state).bytes()).state == state)
    }

    @Test func timesKeepTheirMilliseconds() throws {
        let date = Date(timeIntervalSince1970: 1_700_000_000.25)
        #expect(StateCoding.text(of: date) == "2023-11-14T22:13:20.250Z")
        #expect(StateCoding.date(of: "2023-11-14T22:13:20.250Z") == date)
        #expect(StateCoding.date(of: "2023-11-14T22:13:20Z") == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(StateCoding.date(of: "yesterday") == nil)
        for millisecond in 0..<1000 {
            let text = StateCoding.text(of: Date(timeIntervalSince1970: 1_700_000_000 + Double(millisecond) / 1000))
            let again = try #require(StateCoding.date(of: text))
            #expect(StateCoding.text(of: again) == text)
            #expect(text.hasSuffix("20.\(String(millisecond + 1000).dropFirst())Z"))
        }
    }
}
