import ArgumentParser
import ClusterModel
import StateStore

/// Names that exist right now, for completion. Reads the state store and nothing else, and never says why it has none.
enum LiveNames {
    static let clusters = CompletionKind.custom { words, _, prefix async in
        let names = (try? await store(words)?.clusters()) ?? []
        return names.filter { $0.hasPrefix(prefix) }.sorted()
    }

    static let machines = CompletionKind.custom { words, _, prefix async in
        await state(words)?.machines.keys.filter { $0.hasPrefix(prefix) }.sorted() ?? []
    }

    static let pools = CompletionKind.custom { words, _, prefix async in
        guard let spec = await state(words)?.desired.spec else { return [] }
        return spec.poolNames.filter { $0.hasPrefix(prefix) }
    }

    /// Of the cloud that the command line names, or the local one.
    static let instanceTypes = CompletionKind.custom { words, _, prefix async in
        let provider = option("--cloud", in: words).flatMap { CloudProvider(rawValue: $0) } ?? .local
        return InstanceType.known(provider).map(\.name).filter { $0.hasPrefix(prefix) }
    }

    /// The cluster that the command line names.
    private static func state(_ words: [String]) async -> ClusterState? {
        guard let store = store(words), let names = try? await store.clusters() else { return nil }
        guard let name = words.first(where: { names.contains($0) }) else { return nil }
        return (try? await store.readState(name)) ?? nil
    }

    private static func store(_ words: [String]) -> (any StateStore)? {
        var store = StoreOptions()
        store.state = option("--state", in: words)
        store.keyFile = option("--key-file", in: words)
        store.passphraseFile = option("--passphrase-file", in: words)
        store.kmsKey = option("--kms-key", in: words)
        return try? store.store()
    }

    /// The value of an option, the last one when it is given twice.
    private static func option(_ name: String, in words: [String]) -> String? {
        words.indices.reversed().lazy.compactMap { index in
            if words[index] == name, index + 1 < words.count { return words[index + 1] }
            return words[index].hasPrefix(name + "=") ? String(words[index].dropFirst(name.count + 1)) : nil
        }.first
    }
}
