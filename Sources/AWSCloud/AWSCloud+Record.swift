import AWSAPI
import AWSRequests
import ClusterModel

extension AWSCloud {
    /// Where the record of that name is to be made: in the hosted zone that was named, or in the one with the longest name that
    /// holds it. Of public and private ones that is preferred from which those come who use the API.
    /// - Throws: `.refused` where the account has no such zone.
    func place(_ name: String, zone wanted: String?, exposure: AWSAPIExposure) async throws -> APIRecord {
        var zones: [Route53.HostedZone] = []
        for suffix in DNSName.suffixes(name) {
            // In the order of names: those of this one come first.
            let page = try await aws.send(Route53.ListHostedZonesByNameRequest(dnsName: suffix, maxItems: "20"))
            zones += page.hostedZones.filter { $0.name.map(DNSName.plain) == suffix }
        }
        let fitting = zones.filter { wanted == nil || $0.plainID == wanted }
        let preferred = fitting.first { $0.isPrivate == (exposure == .internal) } ?? fitting.first
        guard let zone = preferred?.plainID, let isPrivate = preferred?.isPrivate else {
            let others = zones.compactMap(\.plainID).sorted().joined(separator: ", ")
            throw SlipwayError(
                .refused, doing: "looking for the hosted zone of \(name)",
                cause: wanted.map {
                    "the account has no hosted zone \($0) that could hold \(name)" + (others.isEmpty ? "" : " (but \(others))")
                }
                    ?? "no hosted zone of the account holds \(name)",
                hint: "make the zone first, or change spec.cloud.aws.dnsName or hostedZone")
        }
        // A private zone answers inside only, where the way out and back in would be a detour.
        let isInside = isPrivate || exposure == .internal
        return APIRecord(name: name, zone: zone, suffix: (isInside ? AWSAPIExposure.internal : .internetFacing).suffix)
    }

    /// What is in the way of the record that the spec asks for. Whose cluster of that name it is, is for the building to see.
    func recordProblems(_ cluster: Cluster) async throws -> [String] {
        guard let aws = cluster.spec.cloud.aws, let name = aws.dnsName else { return [] }
        do {
            let sets = try await RecordSets.read(try await place(name, zone: aws.hostedZone, exposure: aws.apiExposure), self.aws)
            return sets.foreign { $0.cluster == cluster.name }.map { [$0.cause] } ?? []
        } catch let error as SlipwayError where error.code == .refused {
            return [error.cause]
        }
    }
}

extension RecordSets {
    /// Why the name is not to be touched; nil where it is free, or `isOurs` of its owner.
    func foreign(_ isOurs: (RecordOwner) -> Bool) -> SlipwayError? {
        let doing = "making the record \(record.name)"
        let hint = "remove it, or give the cluster another spec.cloud.aws.dnsName"
        if let owner, !isOurs(owner) {
            return SlipwayError(
                .refused, doing: doing,
                cause: "\(record.name) in the hosted zone \(record.zone) is of the cluster '\(owner.cluster)' (\(owner.uid))", hint: hint)
        }
        if owner == nil, !addresses.isEmpty {
            return SlipwayError(
                .refused, doing: doing,
                cause: "\(record.name) has a record \(types) in the hosted zone \(record.zone) that Slipway has not made", hint: hint)
        }
        return nil
    }
}

extension Route53.HostedZone {
    /// Without the path that Route 53 puts before it.
    var plainID: String? { id?.split(separator: "/").last.map(String.init) }
    var isPrivate: Bool { config?.privateZone == true }
}
