import AWSAPI
import AWSRequests
public import ClusterModel

extension AWSCloud {
    public func preflight(_ spec: Cluster) async throws {
        try await at(Address(.cluster, spec.name), doing: "checking what AWS has to offer") {
            let zones = Set(spec.spec.controlPlane.zones + spec.spec.pools.flatMap(\.zones)).sorted()
            // The first call: credentials that are no use are told before anything else.
            let known = try await aws.send(EC2.DescribeAvailabilityZonesRequest()).availabilityZones
            var problems: [String] = []
            let usable = Set(known.filter { $0.state == "available" }.compactMap(\.zoneName))
            for zone in zones where !usable.contains(zone) {
                problems.append("\(aws.region) has no zone \(zone) that is available (it has \(usable.sorted().joined(separator: ", ")))")
            }
            let uses = uses(spec.spec)
            let types = Set(uses.map(\.type)).sorted()
            problems += try await typeProblems(uses, types, usable: usable)
            problems += try await sharedVPCProblems(spec)
            try await noteArchitectures(of: types)
            for type in types {
                do {
                    _ = try await image(spec.spec.cloud.aws?.image, for: type)
                } catch let error as SlipwayError where error.code == .refused {
                    problems.append(error.cause)
                }
            }
            problems += try await recordProblems(spec)
            guard problems.isEmpty else {
                throw SlipwayError(
                    .refused, doing: "checking what AWS has to offer", cause: problems.joined(separator: "; "),
                    hint: "change the spec, or have it made available to the account")
            }
        }
    }

    /// An instance type, and the zones that it has to be had in.
    private typealias InstanceUse = (type: String, zones: [String])

    private func uses(_ spec: ClusterSpec) -> [InstanceUse] {
        var uses: [InstanceUse] = [(spec.controlPlane.instanceType, spec.controlPlane.zones)]
        uses += spec.pools.map { ($0.instanceType, $0.zones) }
        if let bastion = spec.cloud.aws?.bastionType { uses.append((bastion, Array(spec.controlPlane.zones.prefix(1)))) }
        return uses
    }

    /// Types that a zone does not have: not every zone of a region has each.
    private func typeProblems(_ uses: [InstanceUse], _ types: [String], usable: Set<String>) async throws -> [String] {
        let offers = try await aws.pages(
            EC2.DescribeInstanceTypeOfferingsRequest(
                filters: [EC2.Filter(name: "instance-type", values: types)], locationType: "availability-zone")
        ).flatMap(\.instanceTypeOfferings)
        let offered = Set(offers.map { "\($0.instanceType ?? "") \($0.location ?? "")" })
        var problems: [String] = []
        for (type, zones) in uses {
            for zone in zones where usable.contains(zone) && !offered.contains("\(type) \(zone)") {
                problems.append("\(zone) has no \(type)")
            }
        }
        return Set(problems).sorted()
    }

    public func remarks(on spec: Cluster) async throws -> [String] {
        let spot = spec.spec.pools.filter(\.spot).map(\.count).reduce(0, +)
        let nodes = spec.spec.controlPlane.count + spec.spec.pools.map(\.count).reduce(0, +)
        let bastions = spec.spec.hasBastion ? 1 : 0
        let machines = nodes + bastions
        let design = try AWSNetworkDesign(spec.spec)
        let gibibytes = machines * (spec.spec.cloud.aws?.volumeSize ?? 0)
        func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
        let which = spot == 0 ? "" : " (\(spot) of them spot)"
        let addresses =
            design.isPrivate ? (bastions == 0 ? "" : ", one of them the bastion with a public address") : " with a public address each"
        let gateways =
            design.natZones.isEmpty ? "no NAT gateway" : "\(count(design.natZones.count, "NAT gateway")) with a public address each"
        var remarks = [
            "AWS will charge for \(count(machines, "instance"))\(which)\(addresses), \(count(design.balancers.count, "load balancer"))"
                + ", \(gateways) and \(gibibytes) GiB of volumes"
        ]
        remarks += spotRemarks(spec.spec)
        // A route for each machine's pods, and two of the table's own.
        if nodes + 2 > Self.routeQuota {
            remarks.append(
                "its route table needs \(nodes + 2) routes: an account's quota is \(Self.routeQuota) unless it was raised, and never more than 1,000"
            )
        }
        return remarks
    }

    /// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
    private static let routeQuota = 500

    public func instanceTypes() async throws -> [InstanceOffer] {
        try await at(nil, doing: "listing the instance types of \(aws.region)") {
            let all = try await aws.pages(EC2.DescribeInstanceTypesRequest()).flatMap(\.instanceTypes)
            return all.compactMap { info -> InstanceOffer? in
                guard let name = info.instanceType, let cpus = info.vCpuInfo?.defaultVCpus, let memory = info.memoryInfo?.sizeInMiB else {
                    return nil
                }
                let type = InstanceType(name: name, cpus: cpus, memoryMiB: memory)
                let architectures = info.processorInfo?.supportedArchitectures ?? []
                let fits = architectures.contains { AWSArchitecture(rawValue: $0) != nil }
                return InstanceOffer(type, obstacle: fits ? nil : "its processors are \(architectures.joined(separator: ", "))")
            }.sorted { ($0.type.cpus, $0.type.memoryMiB, $0.type.name) < ($1.type.cpus, $1.type.memoryMiB, $1.type.name) }
        }
    }
}
