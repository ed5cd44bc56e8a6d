import ClusterModel
import Foundation
import Testing

@Suite struct KubernetesVersionTests {
    @Test func readsWithAndWithoutV() {
        #expect(KubernetesVersion("1.20.2") == KubernetesVersion(major: 1, minor: 20, patch: 2))
        #expect(KubernetesVersion("v1.20.2")?.description == "1.20.2")
        #expect(KubernetesVersion("1.20.2")?.tag == "v1.20.2")
    }

    @Test(arguments: [
        "", "1", "1.20", "1.20.2.3", "1.20.x", "1.20.2-rc.1", "V1.20.2", "vv1.20.2", "1..2", "+1.20.2", "1.20. 2",
        "99999999999999999999.1.1",
    ])
    func refuses(_ text: String) { #expect(KubernetesVersion(text) == nil) }

    @Test func ordersByNumbers() throws {
        let texts = ["1.9.10", "1.10.0", "1.20.2", "1.20.10", "2.0.0"]
        let versions = texts.compactMap { KubernetesVersion($0) }
        #expect(versions.shuffled().sorted().map(\.description) == texts)
        let version = try #require(KubernetesVersion("1.20.2"))
        #expect(version.isAtLeast(1, 20))
        #expect(version.isAtLeast(0, 99))
        #expect(!version.isAtLeast(1, 21))
        #expect(!version.isAtLeast(2, 0))
    }

    @Test func onlyWhatWasBootedIsSupported() throws {
        #expect(SupportedVersions.supports(SupportedVersions.example))
        #expect(try !SupportedVersions.supports(#require(KubernetesVersion("1.21.0"))))
        #expect(
            SupportedVersions.minors.map { $0.major * 1000 + $0.minor }
                == SupportedVersions.minors.map { $0.major * 1000 + $0.minor }.sorted())
    }
}

@Suite struct SecondsTests {
    @Test(arguments: [("15m", 900), ("1h30m", 5400), ("45s", 45), ("0s", 0), ("1h1m1s", 3661), ("90s", 90), ("2h1s", 7201)]) func reads(
        _ text: String, _ value: Int
    ) {
        #expect(Seconds(text: text)?.value == value)
    }

    @Test(arguments: ["", "15", "m", "1m1h", "1h1h", "1d", "-1s", "1.5h", " 1s", "1s ", "1m 1s", "٣s", "99999999999999999999s", "1000001s"])
    func refuses(
        _ text: String
    ) {
        #expect(Seconds(text: text) == nil)
    }

    @Test func isWrittenAsItIsRead() {
        for value in [0, 1, 59, 60, 61, 3599, 3600, 3601, 86_400, 123_456] {
            #expect(Seconds(text: Seconds(value).description) == Seconds(value))
        }
        #expect(Seconds(90).description == "1m30s")
        #expect(Seconds(90).duration == .seconds(90))
        #expect(Seconds(1) < Seconds(2))
    }
}

@Suite struct CountOrPercentTests {
    @Test func reads() {
        #expect(CountOrPercent("2") == .count(2))
        #expect(CountOrPercent("0") == .count(0))
        #expect(CountOrPercent("10%") == .percent(10))
        #expect(CountOrPercent("100%") == .percent(100))
    }

    @Test(arguments: ["", "%", "-1", "+1", "101%", "-1%", "1.5", "10 %", "ten", "99999999999999999999", "1%%"]) func refuses(_ text: String)
    {
        #expect(CountOrPercent(text) == nil)
    }

    @Test func roundsAsKubernetesDoes() {
        #expect(CountOrPercent.percent(10).count(of: 11, roundingUp: true) == 2)
        #expect(CountOrPercent.percent(10).count(of: 11, roundingUp: false) == 1)
        #expect(CountOrPercent.percent(10).count(of: 10, roundingUp: true) == 1)
        #expect(CountOrPercent.percent(0).count(of: 10, roundingUp: true) == 0)
        #expect(CountOrPercent.percent(100).count(of: 7, roundingUp: false) == 7)
        #expect(CountOrPercent.count(3).count(of: 1, roundingUp: true) == 3)
    }

    @Test func isNumberOrTextInJSON() throws {
        let values: [CountOrPercent] = [.count(3), .percent(10)]
        let data = try JSONEncoder().encode(values)
        #expect(String(decoding: data, as: UTF8.self) == #"[3,"10%"]"#)
        #expect(try JSONDecoder().decode([CountOrPercent].self, from: data) == values)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([CountOrPercent].self, from: Data("[-3]".utf8)) }
    }
}

@Suite struct AddressTests {
    @Test func isWrittenAsItIsRead() {
        for kind in Address.Kind.allCases {
            let address = Address(kind, "demo-nodes-a-3")
            #expect(Address(text: address.description) == address)
        }
        #expect(Address(.machine, "demo-nodes-a-3").description == "machine/demo-nodes-a-3")
        #expect(Address(text: "etcd/member/a") == Address(.etcd, "member/a"))
    }

    @Test(arguments: ["", "machine", "machine/", "/x", "boat/x"]) func refuses(_ text: String) { #expect(Address(text: text) == nil) }

    @Test func ordersByKindThenName() {
        let addresses = [Address(.cluster, "z"), Address(.machine, "a"), Address(.machine, "b"), Address(.network, "a")]
        #expect(addresses.shuffled().sorted() == addresses)
    }
}

@Suite struct JSONValueTests {
    @Test func survivesJSON() throws {
        let value: JSONValue = [
            "null": .null, "flag": true, "number": 42, "negative": -7, "share": .double(0.5), "text": "ü \"quoted\"\n",
            "list": [1, "two", [3], []],
            "object": ["a": ["b": [:]]],
        ]
        #expect(try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value)) == value)
    }

    @Test func tellsTypesApart() throws {
        let value = try JSONDecoder().decode(
            JSONValue.self, from: Data(#"{"a": 1, "b": true, "c": "1", "d": 1.5, "e": null, "f": [0]}"#.utf8))
        #expect(value == ["a": 1, "b": true, "c": "1", "d": .double(1.5), "e": .null, "f": [0]])
        #expect(value["a"]?.number == 1)
        #expect(value["a"]?.flag == nil)
        #expect(value["b"]?.flag == true)
        #expect(value["b"]?.number == nil)
        #expect(value["c"]?.text == "1")
        #expect(value["f"]?.elements == [0])
        #expect(value["missing"] == nil)
        #expect(value.members.count == 6)
        #expect(JSONValue.null["a"] == nil)
        #expect(JSONValue.null.elements.isEmpty)
    }
}

@Suite struct SecretTests {
    private struct Holder: Sendable {
        var name = "holder"
        var secret = Secret("hunter2")
        var maybe: Secret? = Secret("hunter2")
        var many = ["key": Secret("hunter2")]
    }

    @Test func isNeverPrinted() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        dump(Holder(), to: &dumped)
        let seen = [
            String(describing: secret), String(reflecting: secret), "\(secret)", "\([secret])", "\(Holder())", String(reflecting: Holder()),
            "\(Optional(secret) as Any)", dumped, "\(HostEndpoint.example)",
        ]
        for text in seen {
            #expect(!text.contains("hunter2"))
            // Nor as the numbers of its bytes.
            #expect(!text.contains("104, 117"))
        }
        #expect(dumped.contains("<secret>"))
        #expect(Mirror(reflecting: secret).children.isEmpty)
    }

    @Test func isGivenOutByReveal() {
        #expect(Secret("hunter2").revealText() == "hunter2")
        #expect(Secret([1, 2]).reveal() == [1, 2])
        #expect(Secret("a") == Secret("a"))
        #expect(Secret("a") != Secret("b"))
    }

    /// Nothing writes a secret by accident: it has no encoding at all.
    @Test func cannotBeEncoded() { #expect(!((Secret("hunter2") as Any) is any Encodable)) }
}

extension HostEndpoint {
    fileprivate static let example = HostEndpoint(
        machine: "demo-nodes-a-1", address: IPv4Address(rawValue: 0x0A00_0001), hostKeyFingerprint: "SHA256:x", identity: Secret("hunter2"))
}
