import AWSAPI
import ClusterModel
import TestSupport
import Testing

@testable import AWSCloud

@Suite(
    "The API's record of Route 53, over HTTP",
    .enabled(if: S3Server.python != nil, "SLIPWAY_TEST_S3_PYTHON is not set: run them with make test"))
struct RecordLifeTests {
    private static let name = "api.demo.example.com"

    private func spec(_ name: String? = name, zone: String? = nil, exposure: AWSAPIExposure = .internetFacing) -> ClusterSpec {
        var spec = Sample.spec()
        spec.cloud.aws?.dnsName = name
        spec.cloud.aws?.hostedZone = zone
        spec.cloud.aws?.apiExposure = exposure
        return spec
    }

    @Test func `It is made in the longest zone, seen, left alone, and goes with the cluster`() async throws {
        let account = try Account()
        let before = try await account.listing()
        _ = try await account.zones("make", "example.com")
        let zone = try await account.zones("make", "demo.example.com")
        _ = try await account.zones("make", "other.example.com")
        let cloud = try account.cloud()
        try await cloud.preflight(Cluster(name: "demo", spec: spec()))
        let record = try await cloud.ensureNetwork(Sample.network(spec()))
        let balancer = try #require(record.accessAddress)
        #expect(
            try await account.zones("list") == """
                \(zone) api.demo.example.com. A \(balancer)
                \(zone) _slipway.api.demo.example.com. TXT "slipway.dev/cluster=demo,slipway.dev/cluster-uid=0011aabb"
                """)
        let seen = try #require(try await cloud.observe(Sample.identity).network)
        let wanted = try #require(try spec().networkParts())
        #expect(seen.parts == wanted && seen.record == record)

        let second = try account.cloud()
        #expect(try await second.ensureNetwork(Sample.network(spec())) == record)
        #expect(AWSCalls.changing(second.calls ?? [:]).isEmpty, "\(String(describing: second.calls))")
        #expect(second.calls?["Route53.ListHostedZonesByName"] == nil, "the VPC's tag says where it is")
        try await second.preflight(Cluster(name: "demo", spec: spec()))

        try await cloud.deleteNetwork(Sample.identity)
        #expect(try await account.zones("list").isEmpty)
        try await cloud.deleteNetwork(Sample.identity)
        #expect(try await account.listing() == before)
    }

    @Test func `A cluster without one asks Route 53 for nothing`() async throws {
        let account = try Account()
        let cloud = try account.cloud()
        try await cloud.preflight(Cluster(name: "demo", spec: Sample.spec()))
        _ = try await cloud.ensureNetwork(Sample.network())
        _ = try await cloud.observe(Sample.identity)
        try await cloud.deleteNetwork(Sample.identity)
        #expect((cloud.calls ?? [:]).keys.filter { $0.hasPrefix("Route53") }.isEmpty)
    }

    @Test func `It can come later, be another one, and go again`() async throws {
        let account = try Account()
        let zone = try await account.zones("make", "example.com")
        let cloud = try account.cloud()
        _ = try await cloud.ensureNetwork(Sample.network())
        func names() async throws -> [String] {
            try await account.zones("list").split(separator: "\n").map { $0.split(separator: " ")[1...2].joined(separator: " ") }
        }
        _ = try await cloud.ensureNetwork(Sample.network(spec(zone: zone)))
        #expect(try await names() == ["api.demo.example.com. A", "_slipway.api.demo.example.com. TXT"])
        let other = spec("kube.example.com")
        let parts = try #require(try await cloud.observe(Sample.identity).network?.parts)
        let differences = NetworkDifference.reasons(desired: try #require(try other.networkParts()), observed: parts)
        #expect(differences.map(\.field) == ["record api.demo.example.com", "record kube.example.com"])
        _ = try await cloud.ensureNetwork(Sample.network(other))
        #expect(try await names() == ["kube.example.com. A", "_slipway.kube.example.com. TXT"])
        _ = try await cloud.ensureNetwork(Sample.network())
        #expect(try await names().isEmpty)
        let wanted = try #require(try Sample.spec().networkParts())
        let left = try #require(try await cloud.observe(Sample.identity).network)
        #expect(left.parts == wanted && left.tags[APIRecord.tag] == nil)
    }

    @Test func `What others have made under the name is refused, and stays when the cluster goes`() async throws {
        let account = try Account()
        let zone = try await account.zones("make", "example.com")
        _ = try await account.zones("put", zone, Self.name, "CNAME", "elsewhere.example.net")
        let cloud = try account.cloud()
        let early = await #expect(throws: SlipwayError.self) { try await cloud.preflight(Cluster(name: "demo", spec: spec())) }
        let cause = "api.demo.example.com has a record CNAME in the hosted zone \(zone) that Slipway has not made"
        #expect(early?.code == .refused && early?.cause == cause)
        let late = await #expect(throws: SlipwayError.self) { try await cloud.ensureNetwork(Sample.network(spec())) }
        #expect(late?.code == .refused && late?.cause == cause)
        try await cloud.deleteNetwork(Sample.identity)
        #expect(try await account.zones("list") == "\(zone) api.demo.example.com. CNAME elsewhere.example.net")
    }

    @Test func `That of another cluster is refused, of the same name, too`() async throws {
        let account = try Account()
        let zone = try await account.zones("make", "example.com")
        let text = #""slipway.dev/cluster=demo,slipway.dev/cluster-uid=ffffffff""#
        _ = try await account.zones("put", zone, "_slipway.\(Self.name)", "TXT", text)
        _ = try await account.zones("put", zone, Self.name, "A", "192.0.2.7")
        let cloud = try account.cloud()
        let late = await #expect(throws: SlipwayError.self) { try await cloud.ensureNetwork(Sample.network(spec())) }
        #expect(late?.cause == "api.demo.example.com in the hosted zone \(zone) is of the cluster 'demo' (ffffffff)")
        let other = await #expect(throws: SlipwayError.self) { try await cloud.preflight(Cluster(name: "another", spec: spec())) }
        #expect(other?.cause.contains("is of the cluster 'demo'") == true)
        try await cloud.deleteNetwork(Sample.identity)
        #expect(try await account.zones("list").split(separator: "\n").count == 2)
    }

    @Test func `One that was led elsewhere or taken away is put back`() async throws {
        let account = try Account()
        let zone = try await account.zones("make", "example.com")
        let cloud = try account.cloud()
        let record = try await cloud.ensureNetwork(Sample.network(spec()))
        _ = try await account.zones("put", zone, Self.name, "A", "192.0.2.7")
        #expect(try await cloud.observe(Sample.identity).network?.parts?["record \(Self.name)"] == "leads elsewhere")
        _ = try await cloud.ensureNetwork(Sample.network(spec()))
        #expect(try await account.zones("list").contains("api.demo.example.com. A \(record.accessAddress ?? "")"))
        #expect(try await cloud.observe(Sample.identity).network?.parts?["record \(Self.name)"] == "leads to the API")
    }

    @Test func `An API inside of the VPC has its name in a private zone, and one that faces the internet in a public one`() async throws {
        let account = try Account()
        let outside = try await account.zones("make", "example.com")
        let inside = try await account.zones("make", "example.com", "private")
        let cloud = try account.cloud()
        #expect(
            try await cloud.place(Self.name, zone: nil, exposure: .internetFacing)
                == APIRecord(name: Self.name, zone: outside, suffix: "public"))
        #expect(
            try await cloud.place(Self.name, zone: nil, exposure: .internal) == APIRecord(name: Self.name, zone: inside, suffix: "internal")
        )
        #expect(
            try await cloud.place(Self.name, zone: inside, exposure: .internetFacing)
                == APIRecord(name: Self.name, zone: inside, suffix: "internal"))
        #expect(
            try await cloud.place(Self.name, zone: outside, exposure: .internal)
                == APIRecord(name: Self.name, zone: outside, suffix: "internal")
        )
        let record = try await cloud.ensureNetwork(Sample.network(spec(exposure: .internal)))
        #expect(try await account.zones("list").contains("\(inside) api.demo.example.com. A \(record.apiAddress)"))
        let none = await #expect(throws: SlipwayError.self) {
            try await cloud.preflight(Cluster(name: "demo", spec: spec("api.example.net")))
        }
        #expect(none?.cause == "no hosted zone of the account holds api.example.net")
        let wrong = await #expect(throws: SlipwayError.self) { try await cloud.place(Self.name, zone: "Z9", exposure: .internal) }
        #expect(wrong?.cause.hasPrefix("the account has no hosted zone Z9 that could hold api.demo.example.com (but ") == true)
    }
}

struct RecordTextTests {
    @Test func `Tags and owners are read back as they were written`() {
        let record = APIRecord(name: "api.demo.example.com", zone: "Z1", suffix: "public")
        #expect(APIRecord(tag: record.tag) == record && APIRecord(tag: "api.demo.example.com") == nil)
        let owner = RecordOwner(Sample.identity)
        #expect(RecordOwner(text: owner.text) == owner)
        for text in ["", "\"\"", "\"heritage=external-dns,external-dns/owner=me\"", "\"slipway.dev/cluster=demo\""] {
            #expect(RecordOwner(text: text) == nil)
        }
        #expect(DNSName.suffixes("a.b.c") == ["a.b.c", "b.c", "c"] && DNSName.plain("A.b.") == "a.b")
    }
}
