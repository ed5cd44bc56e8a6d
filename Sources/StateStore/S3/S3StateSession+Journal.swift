import AWSAPI
public import ClusterModel

extension S3StateSession {
    public func record(_ change: StateChange) async throws {
        try await append(change: change, mark: nil, mustBeDurable: true)
    }

    public func journal(_ mark: JournalMark) async throws {
        if case .removed = phase { return }
        try await append(change: nil, mark: mark, mustBeDurable: mark.mustBeDurable)
    }

    private func append(change: StateChange?, mark: JournalMark?, mustBeDurable: Bool) async throws {
        guard case .live(let document) = phase else { throw misuse("recording a change") }
        if let failure { throw failure }
        var entry = try tail.next(
            change: change, mark: mark, mustBeDurable: mustBeDurable, lineage: document.state.lineage, time: store.context.now())
        guard mustBeDurable else {
            // Goes along with the next that must be.
            pending.append(entry)
            return
        }
        try await withCheckedThrowingContinuation { continuation in
            entry.done = continuation
            pending.append(entry)
            guard !isFlushing else { return }
            isFlushing = true
            Task { await self.flushWhileNeeded() }
        }
    }

    /// While one put is under way the next one's records gather.
    private func flushWhileNeeded() async {
        while pending.contains(where: \.mustBeDurable) { try? await flushAll() }
        isFlushing = false
    }

    /// Writes all that is pending.
    func flushAll() async throws {
        try await turns.inTurn { [self] in try await flush() }
    }

    /// Puts what is pending as one segment, and applies it. Only in turn.
    private func flush() async throws {
        guard !pending.isEmpty else { return }
        let batch = pending
        pending = []
        do {
            try await write(batch)
        } catch {
            let failure = SlipwayError(wrapping: error, doing: "writing the journal").at(Address(.state, cluster))
            // Whether it is stored is not known: nothing is written after it.
            self.failure = self.failure ?? failure
            for entry in batch + pending { entry.done?.resume(throwing: failure) }
            pending = []
            throw failure
        }
        for entry in batch { entry.done?.resume() }
        if segments.count > store.foldingSegments || journalSize > max(store.foldingSize, 4 * (stored?.bytes.count ?? 0)) {
            // If this fails all is still in the journal, and the next one tries again.
            try? await foldInTurn()
        }
    }

    private func write(_ batch: [PendingRecord]) async throws {
        if let failure { throw failure }
        guard case .live(var document) = phase, let first = batch.first?.record.sequence else { throw misuse("writing the journal") }
        let key = ClusterKeys.segment(from: first, in: segmentFolder)
        let bytes = batch.flatMap(\.line)
        try await lease.ensure(for: S3Bucket.timeout)
        guard try await objects.putOwn(key, bytes, if: .absent) != nil else { throw overtaken("writing the journal") }
        // Whoever holds the lock after us read the journal after taking it, so while it is ours this segment is seen.
        try await lease.verify()
        puts += 1
        segments.append(key)
        journalSize += bytes.count
        phase = .empty  // so that the document has one owner and is changed in place
        for entry in batch { document.apply(entry.record) }
        phase = .live(document)
    }

    public func checkpoint() async throws { try await fold() }

    /// Puts the document, and removes the segments that it contains.
    func fold() async throws {
        try await turns.inTurn { [self] in
            try await flush()
            try await foldInTurn()
        }
    }

    private func foldInTurn() async throws {
        if let failure { throw failure }
        try await resolveUnanswered()
        guard case .live(let document) = phase, document.body.sequence > foldedSequence, let before = stored else { return }
        let bytes = try document.bytes()
        do {
            try await lease.verify()
            try await keep(before)
            unanswered = (bytes, document.body.sequence)
            guard let etag = try await objects.putOwn(keys.state, bytes, if: .matches(etag: before.etag)) else {
                throw overtaken("writing the state")
            }
            unanswered = nil
            stored = S3Object(bytes: bytes, etag: etag)
            foldedSequence = document.body.sequence
            segmentFolder = keys.segments(continuing: document)
        } catch let error as SlipwayError where error.code == .tryAgain && error.retry == .permanent {
            failure = failure ?? error
            throw error
        }
        try await dropSegments()
        try await pruneHistory()
    }

    /// A put of the document that brought no answer may have taken effect.
    private func resolveUnanswered() async throws {
        guard let (bytes, sequence) = unanswered else { return }
        if let found = try await objects.get(keys.state), found.bytes == bytes {
            stored = found
            foldedSequence = sequence
            segmentFolder = keys.segments(continuing: try StateDocument(bytes))
        }
        unanswered = nil
    }

    /// Keeps the document that is replaced under its serial.
    private func keep(_ object: S3Object) async throws {
        guard let document = try? StateDocument(object.bytes) else { return }
        _ = try await objects.put(keys.history(serial: document.state.serial), object.bytes, if: .none)
    }

    private func pruneHistory() async throws {
        let kept = keys.states(in: try await objects.list(keys.history, delimiter: nil).entries)
        let old = Array(kept.dropLast(ClusterFolder.backupsKept))
        if !old.isEmpty { try await objects.delete(old) }
    }

    /// Removes the journal's segments, all of which the document contains.
    func dropSegments() async throws {
        guard !segments.isEmpty else { return }
        try await objects.delete(segments)
        segments = []
        journalSize = 0
    }
}
