import ClusterModel

/// A cluster of which the store has no state, found by its tags.
struct LostCluster {
    let name: String
    /// Where the store is: it is in the tags of what was made from it.
    let store: String

    /// The one of that name that was made from this store.
    /// - Throws: `.notFound`, `.refused` when there is more than one.
    func identity(in cloud: any Cloud, doing: String) async throws -> ClusterIdentity {
        guard let found = try await find(in: cloud, doing: doing) else { throw try await unknown([cloud], doing: doing) }
        return found
    }

    /// Nil when there is none.
    /// - Throws: `.refused` when there is more than one.
    func find(in cloud: any Cloud, doing: String) async throws -> ClusterIdentity? {
        let ours = try await cloud.clusters().filter { $0.identity.name == name && $0.store == store }
        guard ours.count > 1 else { return ours.first?.identity }
        throw SlipwayError(
            .refused, at: Address(.cluster, name), doing: "looking for the cluster by its tags",
            cause: "this store's state of it is lost and \(ours.count) clusters carry its name: "
                + ours.map(\.identity.uid).sorted().joined(separator: ", "),
            hint: "restore the state from \(store)")
    }

    /// Says which other stores have one of that name.
    func unknown(_ clouds: [any Cloud], doing: String) async throws -> SlipwayError {
        var others: Set<String> = []
        for cloud in clouds {
            others.formUnion(try await cloud.clusters().filter { $0.identity.name == name && $0.store != store }.compactMap(\.store))
        }
        return SlipwayError(
            .notFound, at: Address(.cluster, name), doing: doing, cause: "neither the store nor the cloud's tags know it",
            hint: others.isEmpty
                ? "it was deleted already, or --state names another store"
                : "a cluster of that name belongs to another store: --state \(others.sorted().joined(separator: " or "))")
    }
}
