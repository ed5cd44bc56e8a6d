extension KubernetesClient {
    /// Items per page.
    static let pageSize = 500

    /// All items of a list, read page by page.
    func list<Item: Decodable & Sendable>(
        _ type: Item.Type, at path: String, query: [(String, String)] = []
    ) async throws -> [Item] {
        var items: [Item] = []
        var paging: [(String, String)] = [("limit", "\(Self.pageSize)")]
        var next: String?
        while true {
            let page: ListPage<Item>
            do {
                let token = next.map { [("continue", $0)] } ?? []
                page = try await send(APIRequest(.get, path, query: query + paging + token)).decoded(ListPage<Item>.self)
            } catch KubernetesAPIError.refused(let failure) where failure.status == 410 && next != nil {
                // The list's snapshot was compacted away while it was being read: read it in one, which cannot expire.
                items = []
                paging = []
                next = nil
                continue
            }
            items += page.items
            guard let following = page.next else { return items }
            guard following != next else { throw KubernetesAPIError.unreadable("a list that never ends") }
            next = following
        }
    }
}
