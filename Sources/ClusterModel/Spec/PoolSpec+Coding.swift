/// States that were stored before there were spot pools do not say whether one is, and where it is not that is still not written.
extension PoolSpec {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try fields.decode(String.self, forKey: .name), zones: try fields.decode([String].self, forKey: .zones),
            count: try fields.decode(Int.self, forKey: .count), instanceType: try fields.decode(String.self, forKey: .instanceType),
            labels: try fields.decode([String: String].self, forKey: .labels), taints: try fields.decode([Taint].self, forKey: .taints),
            spot: try fields.decodeIfPresent(Bool.self, forKey: .spot) ?? false,
            update: try fields.decode(UpdateSpec.self, forKey: .update))
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(zones, forKey: .zones)
        try fields.encode(count, forKey: .count)
        try fields.encode(instanceType, forKey: .instanceType)
        try fields.encode(labels, forKey: .labels)
        try fields.encode(taints, forKey: .taints)
        if spot { try fields.encode(spot, forKey: .spot) }
        try fields.encode(update, forKey: .update)
    }

    private enum CodingKeys: CodingKey { case name, zones, count, instanceType, labels, taints, spot, update }
}
