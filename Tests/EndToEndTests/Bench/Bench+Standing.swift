import Foundation

/// The cluster that most tests share. Each test begins by asking for it, and gets it healthy whatever the one before did.
struct Standing: Sendable {
    static let name = "story"

    let store: Store
    let machines: [Store.Machine]

    var bench: Bench { store.bench }
    var control: Store.Machine { get throws { try machines.control } }
    var worker: Store.Machine { get throws { try machines.worker } }

    func kubectl(_ arguments: String..., input: String = "") async throws -> String {
        let result = try await bench.run(
            "kubectl", ["--context", Self.name] + arguments, input: Array(input.utf8), environment: store.environment)
        return try result.expect(0).output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @discardableResult
    func on(_ machine: Store.Machine, _ script: String, input: [UInt8] = []) async throws -> String {
        try await store.on(machine.name, of: Self.name, script, input: input)
    }
}

extension Bench {
    var standingStore: Store { store("state") }

    func standing() async throws -> Standing {
        let store = standingStore
        let name = Standing.name
        if !FileManager.default.fileExists(atPath: "\(store.folder(of: name))/state.json") {
            try await store.create(name).expect(0)
        }
        if try await !store.validate(name).isHealthy {
            say("mending cluster \(name)")
            if try await store.slipway("update", "cluster", name, "--yes").status != 0 {
                // What the test before left is beyond repair: the next one is not to suffer for it.
                try await store.slipway("delete", "cluster", name, "--yes").expect(0)
                try await store.create(name).expect(0)
            }
            try await store.expectHealthy(name, wait: "2m")
        }
        return Standing(store: store, machines: try await store.machines(name))
    }
}
