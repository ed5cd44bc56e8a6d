import Foundation

/// What nodes offer to pods.
extension Store {
    struct Node: Sendable {
        var name: String
        var type: String
        var milliCPUs: Int
        /// In bytes.
        var memory: Int
    }

    private struct Types: Decodable {
        struct Quantities: Decodable {
            var cpu: String
            var memory: String
        }
        struct Share: Decodable { var allocatable: Quantities }
        struct Item: Decodable {
            var name: String
            var controlPlane: Share
            var worker: Share
        }
        var items: [Item]
    }

    /// Their `status.allocatable`.
    func nodes(_ cluster: String) async throws -> [Node] {
        let text = try await kubectl(
            cluster, "get", "nodes", "-o",
            "jsonpath={range .items[*]}{.metadata.name} {.metadata.labels.node\\.kubernetes\\.io/instance-type} "
                + "{.status.allocatable.cpu} {.status.allocatable.memory}{\"\\n\"}{end}")
        return try text.split(separator: "\n").map { line in
            let words = line.split(separator: " ").map(String.init)
            try check(words.count == 4, "no node: \(line)")
            return Node(name: words[0], type: words[1], milliCPUs: try Self.thousandths(words[2]), memory: try Self.bytes(words[3]))
        }
    }

    /// Every node offers exactly what `get instance-types` says of its type and role. A kubelet that was started again says so
    /// within ten seconds.
    @discardableResult
    func expectAllocatable(_ cluster: String) async throws -> [Node] {
        let types = try await slipway("get", "instance-types", "-o", "json").expect(0).json(Types.self).items
        func difference(_ node: Node) throws -> String? {
            let type = try unwrap(types.first { $0.name == node.type }, "\(node.name) is of no known type: \(node.type)")
            let wanted = (node.name.contains("-control-plane-") ? type.controlPlane : type.worker).allocatable
            let (cpu, memory) = (try Self.thousandths(wanted.cpu), try Self.bytes(wanted.memory))
            guard node.milliCPUs != cpu || node.memory != memory else { return nil }
            return "\(node.name), a \(node.type), offers \(node.milliCPUs)m and \(node.memory) bytes instead of \(cpu)m and \(memory)"
        }
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let nodes = try await nodes(cluster)
            let differences = try nodes.compactMap(difference)
            if differences.isEmpty { return nodes }
            try check(ContinuousClock.now < deadline, differences.joined(separator: "\n"))
            try await Task.sleep(for: .seconds(1))
        }
    }

    private static func thousandths(_ quantity: String) throws -> Int {
        let value = quantity.hasSuffix("m") ? Int(quantity.dropLast()) : Int(quantity).map { $0 * 1000 }
        return try unwrap(value, "\(quantity) is no quantity of processors")
    }

    private static func bytes(_ quantity: String) throws -> Int {
        let units = ["Ki": 10, "Mi": 20, "Gi": 30]
        let shift = units[String(quantity.suffix(2))]
        return try unwrap(Int(shift == nil ? quantity[...] : quantity.dropLast(2)), "\(quantity) is no quantity of memory") << (shift ?? 0)
    }
}
