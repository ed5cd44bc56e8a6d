import ClusterModel

extension KubernetesClient {
    /// How many events are told of, the newest.
    static let toldEvents = 20

    /// As `Warning FailedMount: the message`.
    public func events(kind: String, name: String) async throws -> [String] {
        try await reporting("reading the events of \(kind) \(name)") {
            let selector = FieldSelector([("involvedObject.kind", kind), ("involvedObject.name", name)])
            let events = try await list(EventObject.self, at: APIPath.events, query: [("fieldSelector", selector.text)])
            return events.sorted { $0.lastSeen < $1.lastSeen }.suffix(Self.toldEvents).map(\.summary)
        }
    }
}
