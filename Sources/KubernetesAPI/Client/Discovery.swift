/// What the API serves, by group and version, as far as it was asked. Remembered for as long as the client lives.
actor Discovery {
    typealias Read = @Sendable (_ groupPath: String) async throws -> [APIResource]

    private var known: [String: [APIResource]] = [:]
    private var reading: [String: Task<[APIResource], any Error>] = [:]

    /// The resource of an object's kind; nil when the API serves no such kind. A kind that is not in a remembered list
    /// is looked for once more, as definitions may have been added since.
    func resource(of reference: ObjectReference, read: @escaping Read) async throws -> APIResource? {
        let groupPath = try APIPath.group(of: reference.apiVersion)
        if let resource = known[groupPath]?.first(where: { $0.isObject(ofKind: reference.kind) }) { return resource }
        return try await resources(at: groupPath, read).first { $0.isObject(ofKind: reference.kind) }
    }

    /// All that a group's version serves, subresources included.
    func resources(of groupPath: String, read: @escaping Read) async throws -> [APIResource] {
        if let resources = known[groupPath], !resources.isEmpty { return resources }
        return try await resources(at: groupPath, read)
    }

    /// Reads a list; several askers at once share one request. A failure is not remembered.
    private func resources(at groupPath: String, _ read: @escaping Read) async throws -> [APIResource] {
        if let task = reading[groupPath] { return try await task.value }
        let task = Task { try await Self.servedOrNone { try await read(groupPath) } }
        reading[groupPath] = task
        defer { reading[groupPath] = nil }
        let resources = try await task.value
        known[groupPath] = resources
        return resources
    }

    /// A group or version that is not served has no resources.
    private static func servedOrNone(_ read: () async throws -> [APIResource]) async throws -> [APIResource] {
        do {
            return try await read()
        } catch KubernetesAPIError.refused(let failure) where failure.status == 404 {
            return []
        }
    }
}
