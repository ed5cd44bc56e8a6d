import ClusterModel

extension SlipwayError {
    /// The document and its journal were never seen as they belong together.
    static func stateKeptChanging(_ cluster: String) -> SlipwayError {
        SlipwayError(
            .tryAgain, at: Address(.state, cluster), doing: "reading the state", cause: "it changed faster than it could be read",
            hint: "run the same again", retry: .transient)
    }

    /// There is no state document, though there is more of the cluster.
    /// - Parameters:
    ///   - place: where the document would be.
    ///   - traces: what is there.
    ///   - backup: the newest good one.
    static func lostState(_ cluster: String, at place: String, traces: [String], backup: (place: String, serial: Int)?) -> SlipwayError {
        SlipwayError(
            .notFound, at: Address(.state, cluster), doing: "reading the state",
            cause: "\(place) is missing, though \(traces.joined(separator: ", ")) of the cluster are here",
            hint: "add --recover, as in slipway update cluster \(cluster) --recover: the state is rebuilt from the cluster itself"
                + (backup.map { "; or copy \($0.place) (serial \($0.serial)) to \(place)" } ?? "")
                + "; or delete the cluster: what it owns is found by its tags")
    }
}
