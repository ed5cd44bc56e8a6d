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
        return ([MachineRole.controlPlanePool] + spec.pools.map(\.name)).filter { $0.hasPrefix(prefix) }
    }

    /// The cluster that the command line names.
    private static func state(_ words: [String]) async -> ClusterState? {
        guard let store = store(words), let names = try? await store.clusters() else { return nil }
        guard let name = words.first(where: { names.contains($0) }) else { return nil }
        return (try? await store.readState(name)) ?? nil
    }

    private static func store(_ words: [String]) -> (any StateStore)? {
        var options = ["--state": nil as String?, "--key-file": nil]
        for (index, word) in words.enumerated() {
            for name in options.keys {
                if word == name, index + 1 < words.count { options[name] = words[index + 1] }
                if word.hasPrefix(name + "=") { options[name] = String(word.dropFirst(name.count + 1)) }
            }
        }
        var store = StoreOptions()
        store.state = options["--state"] ?? nil
        store.keyFile = options["--key-file"] ?? nil
        return try? store.store()
    }
}
