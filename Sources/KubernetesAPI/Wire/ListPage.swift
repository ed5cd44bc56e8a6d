/// One page of any list.
struct ListPage<Item: Decodable>: Decodable {
    var items: [Item]
    /// What to ask with for the next page; nil on the last.
    var next: String?

    private enum CodingKeys: String, CodingKey { case metadata, items }
    private enum MetadataKeys: String, CodingKey { case next = "continue" }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let metadata = try container.nestedContainer(keyedBy: MetadataKeys.self, forKey: .metadata)
        // Go writes an empty list as null. A key that is missing is another matter: this is no list.
        items = try container.decode([Item]?.self, forKey: .items) ?? []
        let token = try metadata.decodeIfPresent(String.self, forKey: .next)
        next = token?.isEmpty == true ? nil : token
    }
}
