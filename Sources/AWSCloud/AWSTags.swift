import AWSRequests
import ClusterModel

/// Tags as AWS holds them: values have at most 256 characters, so a longer one goes on in `KEY~2`, `KEY~3` and so on.
enum AWSTags {
    /// On machines: the name that Slipway knows it by.
    static let machine = "slipway.dev/machine"
    /// On subnets and route tables where there are several kinds (`AWSSubnetUse`, `AWSRouteTable`), and on NAT gateways and their
    /// addresses the zone.
    static let subnet = "slipway.dev/subnet"
    static let routeTable = "slipway.dev/route-table"
    static let nat = "slipway.dev/nat-gateway"
    /// On the control plane's group of a cluster whose subnets are shared: which these are (`SharedSubnets`).
    static let sharedSubnets = "slipway.dev/shared-subnets"
    static let limit = 256

    /// Tags of Slipway's and those that Kubernetes' own parts look for.
    static func owned(_ tags: [String: String], cluster: ClusterIdentity, name: String) -> [String: String] {
        tags.merging([
            "kubernetes.io/cluster/\(cluster.name)": "owned", "Name": name, ClusterModel.Tag.cluster: cluster.name,
            ClusterModel.Tag.clusterUID: cluster.uid,
        ]) { _, ours in ours }
    }

    static func pieces(_ tags: [String: String]) -> [(key: String, value: String)] {
        tags.sorted { $0.key < $1.key }.flatMap { key, value -> [(key: String, value: String)] in
            var pieces: [(key: String, value: String)] = []
            var rest = value[...]
            repeat {
                pieces.append((pieces.isEmpty ? key : "\(key)~\(pieces.count + 1)", String(rest.prefix(limit))))
                rest = rest.dropFirst(limit)
            } while !rest.isEmpty
            return pieces
        }
    }

    static func ec2(_ tags: [String: String]) -> [EC2.Tag] { pieces(tags).map { EC2.Tag(key: $0.key, value: $0.value) } }
    static func elb(_ tags: [String: String]) -> [ELBv2.Tag] { pieces(tags).map { ELBv2.Tag(key: $0.key, value: $0.value) } }
    static func iam(_ tags: [String: String]) -> [IAM.Tag] { pieces(tags).map { IAM.Tag(key: $0.key, value: $0.value) } }

    static func spec(_ resourceType: String, _ tags: [String: String]) -> EC2.TagSpecification {
        EC2.TagSpecification(resourceType: resourceType, tags: ec2(tags))
    }

    /// The values whole again.
    static func read(_ tags: [EC2.Tag]) -> [String: String] {
        let raw = Dictionary(tags.compactMap { tag in tag.key.map { ($0, tag.value ?? "") } }, uniquingKeysWith: { first, _ in first })
        var whole: [String: String] = [:]
        for (key, value) in raw where !isContinuation(key) {
            var text = value
            var number = 2
            // A shorter value may have been written over a longer one: what is left of that one is no part of it.
            while text.count == limit * (number - 1), let more = raw["\(key)~\(number)"] {
                text += more
                number += 1
            }
            whole[key] = text
        }
        return whole
    }

    private static func isContinuation(_ key: String) -> Bool {
        guard let mark = key.lastIndex(of: "~"), mark != key.startIndex else { return false }
        let digits = key[key.index(after: mark)...]
        return !digits.isEmpty && digits.allSatisfy(\.isNumber)
    }
}
