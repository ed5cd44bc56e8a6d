import AWSAPI
import AWSRequests
import ClusterModel

/// The record of Route 53 under which people reach a cluster's API. A tag on the cluster's VPC says that there is one, and where,
/// before it is made: a cluster that has none is not asked about, and none is forgotten.
struct APIRecord: Sendable, Equatable {
    /// As `api.demo.example.com`.
    var name: String
    /// The id of its hosted zone.
    var zone: String
    /// Of the load balancer that it leads to.
    var suffix: String

    static let tag = "slipway.dev/dns-record"

    init(name: String, zone: String, suffix: String) {
        self.name = name
        self.zone = zone
        self.suffix = suffix
    }

    init?(tag: String) {
        let parts = tag.split(separator: " ").map(String.init)
        guard parts.count == 3 else { return nil }
        self.init(name: parts[0], zone: parts[1], suffix: parts[2])
    }

    var tag: String { "\(name) \(zone) \(suffix)" }

    /// Of the text beside it that says whose it is, as an alias can carry no tag.
    var ownerName: String { "\(AWSNetworkDesign.ownerLabel).\(name)" }
}

/// Whose a record is, as the text beside it says.
struct RecordOwner: Sendable, Equatable {
    var cluster: String
    var uid: String

    init(_ cluster: ClusterIdentity) {
        self.cluster = cluster.name
        uid = cluster.uid
    }

    /// Nil for a text that Slipway has not written.
    init?(text: String) {
        var fields: [String: String] = [:]
        for field in text.split(separator: "\"").joined().split(separator: ",") {
            let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        guard let cluster = fields[Tag.cluster], let uid = fields[Tag.clusterUID] else { return nil }
        self.cluster = cluster
        self.uid = uid
    }

    /// As Route 53 has it, in quotes.
    var text: String { "\"\(Tag.cluster)=\(cluster),\(Tag.clusterUID)=\(uid)\"" }
}

/// What a hosted zone holds at a record's name, and beside it.
struct RecordSets: Sendable, Equatable {
    var record: APIRecord
    /// What decides where the name leads.
    var addresses: [Route53.ResourceRecordSet] = []
    var texts: [Route53.ResourceRecordSet] = []

    /// Nil for what Slipway has not made.
    var owner: RecordOwner? { texts.flatMap(\.resourceRecords).lazy.compactMap { $0.value.flatMap(RecordOwner.init(text:)) }.first }

    /// Types that a name with an alias cannot have besides, and those that lead elsewhere all the same.
    private static let leading: Set<String> = ["A", "AAAA", "CNAME"]

    static func read(_ record: APIRecord, _ aws: AWSAccount) async throws -> RecordSets {
        @Sendable func sets(_ name: String) async throws -> [Route53.ResourceRecordSet] {
            // A zone that is gone holds nothing.
            let page = try await AWSInventory.missing("NoSuchHostedZone") {
                try await aws.send(Route53.ListResourceRecordSetsRequest(hostedZoneId: record.zone, maxItems: "20", startRecordName: name))
            }
            return page?.resourceRecordSets.filter { $0.name.map(DNSName.plain) == name } ?? []
        }
        async let here = sets(record.name)
        async let beside = sets(record.ownerName)
        return RecordSets(
            record: record, addresses: try await here.filter { leading.contains($0.type ?? "") },
            texts: try await beside.filter { $0.type == "TXT" })
    }

    /// Whether it leads to the balancer, and nowhere else.
    func leads(to balancer: ELBv2.LoadBalancer?) -> Bool {
        guard let target = balancer?.dnsName.map(DNSName.plain), addresses.count == 1, let only = addresses.first else { return false }
        return only.type == "A" && only.aliasTarget?.dnsName.map(DNSName.plain) == target
    }

    /// Their types, for people: `A, AAAA`.
    var types: String { addresses.compactMap(\.type).sorted().joined(separator: ", ") }
}

/// Names as Route 53 gives them, and as people do.
enum DNSName {
    /// In lower case, without the dot at the end.
    static func plain(_ name: String) -> String {
        let name = name.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }

    /// The name and every name above it, the longest first.
    static func suffixes(_ name: String) -> [String] {
        let labels = name.split(separator: ".")
        return labels.indices.map { labels[$0...].joined(separator: ".") }
    }
}
