import ClusterModel

/// Machines on which nothing is run without asking the fence first: a script says to nobody whether it changes something.
struct FencedHosts: HostAccess {
    let base: any HostAccess
    let fence: Fence

    func run(_ script: String, on host: HostEndpoint, input: [UInt8], timeout: Duration) async throws -> HostResult {
        try await fence.acting(for: timeout) { try await base.run(script, on: host, input: input, timeout: timeout) }
    }

    func upload(_ content: HostFileContent, to path: String, mode: UInt16, on host: HostEndpoint, timeout: Duration) async throws {
        try await fence.acting(for: timeout) { try await base.upload(content, to: path, mode: mode, on: host, timeout: timeout) }
    }

    func close() async { await base.close() }
}
