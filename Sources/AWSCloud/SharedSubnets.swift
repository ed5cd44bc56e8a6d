import AWSAPI
import AWSRequests
import ClusterModel

/// Subnets that were there before the cluster, and are there after it, as a tag of the cluster's names them.
struct SharedSubnets: Sendable, Equatable {
    var isPrivate: Bool
    /// Ids, sorted, by what they are used for.
    var ids: [AWSSubnetUse: [String]]

    /// Nil for a cluster that has some of its own.
    init?(_ design: AWSNetworkDesign) {
        guard design.sharesSubnets else { return nil }
        isPrivate = design.isPrivate
        ids = Dictionary(grouping: design.subnets, by: \.use).mapValues { $0.compactMap(\.sharedID).sorted() }
    }

    /// `private machines:ID,ID edge:ID`.
    var tag: String {
        let kinds = ids.filter { !$0.value.isEmpty }.sorted { $0.key.rawValue > $1.key.rawValue }
        let lists = kinds.map { "\($0.key.rawValue):\($0.value.joined(separator: ","))" }
        return ([isPrivate ? "private" : "public"] + lists).joined(separator: " ")
    }

    init?(tag: String) {
        let words = tag.split(separator: " ")
        guard let first = words.first, ["private", "public"].contains(first) else { return nil }
        isPrivate = first == "private"
        ids = [:]
        for word in words.dropFirst() {
            let parts = word.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let use = AWSSubnetUse(rawValue: String(parts[0])) else { return nil }
            ids[use] = parts[1].split(separator: ",").map(String.init)
        }
    }

    func use(of id: String) -> AWSSubnetUse? { ids.first { $0.value.contains(id) }?.key }
    var all: [String] { ids.values.flatMap { $0 } }

    /// What AWS has of them.
    struct Found: Sendable {
        var subnets: [EC2.Subnet] = []
        /// By subnet id: the table that it is associated with, or its VPC's main one.
        var tables: [String: EC2.RouteTable] = [:]
    }

    static func read(_ ids: [String], vpc: String, _ aws: AWSAccount) async throws -> Found {
        async let subnets = aws.pages(EC2.DescribeSubnetsRequest(filters: [EC2.Filter(name: "subnet-id", values: ids)])).flatMap(\.subnets)
        async let tables = aws.pages(EC2.DescribeRouteTablesRequest(filters: [AWSInventory.filter("vpc-id", vpc)])).flatMap(\.routeTables)
        var found = Found(subnets: try await subnets.filter { $0.vpcId == vpc })
        let all = try await tables
        let main = all.first { $0.associations.contains { $0.main == true } }
        for id in found.subnets.compactMap(\.subnetId) {
            found.tables[id] = all.first { $0.associations.contains { $0.subnetId == id } } ?? main
        }
        return found
    }

    /// Why machines cannot be in them; empty when they can.
    /// - Parameter instances: ids of the cluster's own: what leads to these is no obstacle.
    static func problems(_ design: AWSNetworkDesign, _ found: Found, podCIDR: IPv4CIDR, instances: Set<String>) -> [String] {
        var problems: [String] = []
        for wanted in design.subnets {
            guard let id = wanted.sharedID else { continue }
            guard let subnet = found.subnets.first(where: { $0.subnetId == id }) else {
                problems.append("\(design.sharedVPC ?? "the VPC") has no subnet \(id)")
                continue
            }
            if let zone = subnet.availabilityZone, zone != wanted.zone { problems.append("\(id) is in \(zone), not in \(wanted.zone)") }
            if let range = subnet.cidrBlock.flatMap({ IPv4CIDR($0) }), !design.vpcCIDR.contains(range) {
                problems.append(
                    "\(id), \(range), is not within vpcCIDR, \(design.vpcCIDR): what is to be let in from the cluster's network")
            }
            let routes = found.tables[id]?.routes ?? []
            let way = routes.first { $0.isDefault && $0.state != "blackhole" }
            if way == nil {
                problems.append("nothing leads out of \(id): its route table has no working 0.0.0.0/0")
            } else if wanted.use == .edge || !design.isPrivate, way?.gatewayId?.hasPrefix("igw-") != true {
                problems.append("\(id) is no public subnet: its 0.0.0.0/0 leads to no internet gateway")
            }
            guard wanted.use == .machines else { continue }
            for route in routes {
                // One that leads nowhere any more is replaced.
                guard let range = route.destinationCidrBlock.flatMap({ IPv4CIDR($0) }), range.prefix > 0, range.overlaps(podCIDR),
                    route.state != "blackhole", !instances.contains(route.instanceId ?? "")
                else { continue }
                problems.append("the route table of \(id) has a route to \(range) already, which are addresses of pods, \(podCIDR)")
            }
        }
        return Set(problems).sorted()
    }
}

extension AWSInventory {
    /// Adds the subnets that the cluster shares, with the route tables that these use.
    mutating func readShared(_ shared: SharedSubnets, _ aws: AWSAccount) async throws {
        guard let vpc = vpc?.vpcId else { return }
        sharedSubnets = shared
        let found = try await SharedSubnets.read(shared.all, vpc: vpc, aws)
        subnets += found.subnets.sorted { ($0.availabilityZone ?? "") < ($1.availabilityZone ?? "") }
        for id in shared.ids[.machines] ?? [] {
            if let table = found.tables[id], let tableID = table.routeTableId { routeTables[.shared(tableID)] = table }
        }
    }
}
