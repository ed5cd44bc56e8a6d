import ClusterModel

extension FileStateStore {
    private static let gitignore = "*\n!README.md\n!.gitignore\n"
    private static let pollInterval = Duration.milliseconds(100)
    /// How long a holder may take to say who it is.
    private static let grace = Duration.seconds(1)

    public func lock(
        _ cluster: String, as owner: LockInfo, timeout: Duration, waiting: @Sendable (LockInfo?) -> Void
    ) async throws -> any StateSession {
        let folder = try folder(cluster)
        try await BlockingWork.run { try prepareRoot() }
        guard let lock = try await waitForLock(folder, as: owner, timeout: timeout, waiting: waiting) else {
            throw await held(folder, cluster: cluster)
        }
        let session = FileStateSession(store: self, cluster: cluster, folder: folder, lock: lock)
        do {
            try await session.open()
        } catch {
            await session.release()
            throw error
        }
        return session
    }

    private func waitForLock(
        _ folder: ClusterFolder, as owner: LockInfo, timeout: Duration, waiting: @Sendable (LockInfo?) -> Void
    ) async throws -> FileLock? {
        var waited = Duration.zero
        var told = false
        while true {
            if let lock = try await BlockingWork.run({ try FileLock.attempt(folder, as: owner, files) }) { return lock }
            let holder = try await BlockingWork.run { FileLock.readOwner(folder, files) }
            // Whoever just took the lock has not written its name yet: what is there is its predecessor's.
            let isKnown = holder.map { !$0.isOfDeadProcess } ?? false
            guard waited < max(timeout, isKnown ? .zero : Self.grace) else { return nil }
            if !told, timeout > .zero, isKnown || waited >= Self.grace {
                told = true
                waiting(isKnown ? holder : nil)
            }
            try await context.sleep(Self.pollInterval)
            waited += Self.pollInterval
        }
    }

    private func held(_ folder: ClusterFolder, cluster: String) async -> SlipwayError {
        let text = try? await BlockingWork.run { FileLock.readOwner(folder, files) }
        let holder = text.flatMap { $0.isOfDeadProcess ? nil : $0 }
        return SlipwayError(
            .tryAgain, at: Address(.state, cluster), doing: "taking the lock",
            cause: "it is held by " + (holder.map { "\($0)" } ?? "a process that does not say who it is"),
            hint: "wait until it is done, or run again with --lock-timeout 10m; the lock ends with its process", retry: .transient)
    }

    /// A file store's lock cannot be taken from a live process; what is left of a dead one is no lock.
    @discardableResult
    public func breakLock(_ cluster: String, id: String) async throws -> BrokenLock {
        let folder = try folder(cluster)
        return try await BlockingWork.run {
            func refusal(_ cause: String, _ hint: String) -> SlipwayError {
                SlipwayError(.refused, at: Address(.state, cluster), doing: "removing the lock", cause: cause, hint: hint)
            }
            guard let holder = FileLock.readOwner(folder, files) else {
                throw SlipwayError(.notFound, at: Address(.state, cluster), doing: "removing the lock", cause: "there is no lock")
            }
            guard holder.id == id else { throw refusal("its id is not \(id); it is held by \(holder)", "name exactly that id") }
            guard let lock = try FileLock.attempt(folder, as: holder, files) else {
                throw refusal(
                    "it is held by \(holder), which is alive",
                    "stop process \(holder.pid) on \(holder.host): its lock ends with it, and the next run continues its work")
            }
            try files.remove(folder.owner)
            lock.unlock()
            return BrokenLock(holder: holder)
        }
    }

    /// Makes the root, keeps it out of version control, and finishes removals that were interrupted. Blocks.
    private func prepareRoot() throws {
        try files.makeFolder(root)
        let ignore = "\(root)/.gitignore"
        if files.size(ignore) == nil { _ = try files.createOnce(ignore, Array(Self.gitignore.utf8)) }
        // What fails here is tried again with the next lock.
        for name in try files.list(graveyard) { try? purge(ClusterFolder(path: "\(graveyard)/\(name)")) }
    }

    var graveyard: String { "\(root)/.deleted" }

    /// Removes everything but the logs, secrets first.
    func purge(_ folder: ClusterFolder) throws {
        try files.remove(folder.secrets)
        for name in try files.list(folder.path) where "\(folder.path)/\(name)" != folder.runs {
            try files.removeAll("\(folder.path)/\(name)")
        }
        // No logs: nothing to keep.
        if try files.removeEmptyFolder(folder.runs) { try files.removeEmptyFolder(folder.path) }
    }
}
