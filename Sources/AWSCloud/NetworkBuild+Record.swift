import AWSAPI
import AWSRequests
import ClusterModel

extension NetworkBuild {
    /// For how long resolvers may keep the text beside the record.
    private static let ownerSeconds = 300

    /// Makes the record that the spec asks for, and takes away one that it asks for no more.
    /// - Parameter made: with the load balancers that it is to lead to.
    func record(_ made: AWSInventory) async throws -> AWSInventory {
        var made = made
        var target: APIRecord?
        if let name = design.dnsName {
            if let known = made.dns?.record, known.name == name, design.hostedZone == nil || design.hostedZone == known.zone {
                target = known
            } else {
                target = try await cloud.place(name, zone: design.hostedZone, exposure: design.exposure)
            }
        }
        let owner = RecordOwner(request.cluster)
        var sets: RecordSets?
        if let target {
            let read = made.dns?.record == target ? made.dns : nil
            let now = if let read { read } else { try await RecordSets.read(target, aws) }
            // Before the old one goes: a name that is somebody else's leaves the API with the one that it has.
            if let foreign = now.foreign({ $0 == owner }) { throw foreign }
            sets = now
        }
        let home = made.home?.id ?? ""
        if let old = made.dns, old.record != target {
            try await cloud.remove(old, of: request.cluster)
            _ = try await aws.send(EC2.DeleteTagsRequest(resources: [home], tags: [EC2.Tag(key: APIRecord.tag)]))
            made.dns = nil
        }
        guard let target, let sets else { return made }
        if made.dns == nil {
            // Known before it is there: a delete finds it after a kill, too.
            _ = try await aws.send(EC2.CreateTagsRequest(resources: [home], tags: AWSTags.ec2([APIRecord.tag: target.tag])))
            made.dns = sets
        }
        let balancer = made.balancers[target.suffix]?.balancer
        if sets.owner == nil || !sets.leads(to: balancer) {
            _ = try await aws.send(change(target, owner, to: balancer, besides: sets))
            made.dns = try await RecordSets.read(target, aws)
        }
        return made
    }

    /// All of it or nothing: whoever sees the record sees whose it is. What else has come to stand under a name of ours goes.
    private func change(
        _ target: APIRecord, _ owner: RecordOwner, to balancer: ELBv2.LoadBalancer?, besides sets: RecordSets
    ) -> Route53.ChangeResourceRecordSetsRequest {
        let wrong = sets.addresses.filter { $0.type != "A" || $0.setIdentifier != nil }
        let text = Route53.ResourceRecordSet(
            name: target.ownerName, resourceRecords: [Route53.ResourceRecord(value: owner.text)], ttl: Self.ownerSeconds, type: "TXT")
        let alias = Route53.ResourceRecordSet(
            aliasTarget: Route53.AliasTarget(
                dnsName: balancer?.dnsName, evaluateTargetHealth: false, hostedZoneId: balancer?.canonicalHostedZoneId),
            name: target.name, type: "A")
        let changes =
            wrong.map { Route53.Change(action: "DELETE", resourceRecordSet: $0) }
            + [text, alias].map { Route53.Change(action: "UPSERT", resourceRecordSet: $0) }
        return Route53.ChangeResourceRecordSetsRequest(
            changeBatch: Route53.ChangeBatch(changes: changes, comment: "slipway: the API of the cluster \(owner.cluster)"),
            hostedZoneId: target.zone)
    }
}

extension AWSCloud {
    /// Removes what stands under a name that is the cluster's, and the text that says so. Of others nothing is.
    func remove(_ sets: RecordSets, of cluster: ClusterIdentity) async throws {
        guard sets.owner == RecordOwner(cluster) else { return }
        let changes = (sets.addresses + sets.texts).map { set in
            var set = set
            set.name = set.name.map(DNSName.plain)
            return Route53.Change(action: "DELETE", resourceRecordSet: set)
        }
        let request = Route53.ChangeResourceRecordSetsRequest(
            changeBatch: Route53.ChangeBatch(changes: changes, comment: "slipway: the API of the cluster \(cluster.name)"),
            hostedZoneId: sets.record.zone)
        do {
            _ = try await aws.send(request)
        } catch let error as AWSError where error.code == "InvalidChangeBatch" {
            // What is not there cannot go. An earlier try may have been carried out, its answer lost.
            guard try await RecordSets.read(sets.record, aws).owner != RecordOwner(cluster) else { throw error }
        }
    }
}
