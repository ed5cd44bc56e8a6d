import ClusterModel

extension AssetCache {
    /// The pod sandbox's image: its one program, and nothing else.
    func pauseImage(named name: String, binary: AssetFile) async throws -> AssetFile {
        let bytes = try await offPool { try WholeFile.read(binary.path, limit: binary.size) }
        return try await archive(
            of: ImageArchive(
                name: name, entrypoint: ["/pause"], files: [.init(path: "/pause", mode: 0o755, content: .bytes(bytes))]))
    }
}
