public import ClusterModel
import PKI

/// The run's one connection to the cluster's API, made when it is first needed: its address is known only after the
/// network was made, its client certificate only after the secrets were.
public actor APIConnection {
    /// Lives as long as the longest run may take.
    public static let certificateLifetime: Duration = .seconds(4 * 3600)

    private let vault: Vault
    private let run: RunContext
    private let connect: @Sendable (APIEndpoint) throws -> any ClusterAccess
    private var current: (url: String, access: any ClusterAccess)?

    public init(vault: Vault, run: RunContext, connect: @escaping @Sendable (APIEndpoint) throws -> any ClusterAccess) {
        self.vault = vault
        self.run = run
        self.connect = connect
    }

    /// - Throws: `.failed` while the cluster has no network or no secrets.
    public func access(_ state: ClusterState) async throws -> any ClusterAccess {
        guard let network = state.network else {
            throw SlipwayError(
                .failed, at: Address(.cluster, state.name), doing: "connecting to the API", cause: "the cluster has no network yet",
                hint: "run create or update first")
        }
        let url = network.accessURL
        if let current, current.url == url { return current.access }
        let endpoint = try await vault.secrets().adminEndpoint(url: url, ttl: APIConnection.certificateLifetime, now: run.now())
        let access = try connect(endpoint)
        // Of two that came at once the first one's is everybody's.
        if let current, current.url == url {
            await access.close()
            return current.access
        }
        let old = current?.access
        current = (url, access)
        await old?.close()
        return access
    }

    /// How one master's own API server is, asked at the machine's address.
    public func health(of machine: MachineEntry) async -> APIHealth {
        guard let address = machine.address else { return APIHealth(status: .unreachable, details: ["it has no address yet"]) }
        do {
            // Its certificate is not for the address that it has outside, which may change; the machine's name is always in it.
            let host = machine.accessAddress == nil ? "\(address)" : machine.name
            let url = "https://\(host):\(NodePorts.api)"
            var endpoint = try await vault.secrets().adminEndpoint(url: url, ttl: APIConnection.certificateLifetime, now: run.now())
            endpoint.connectsTo = machine.accessAddress
            let access = try connect(endpoint)
            let health = await access.health()
            await access.close()
            return health
        } catch {
            return APIHealth(status: .unreachable, details: [SlipwayError(wrapping: error, doing: "asking the API server").cause])
        }
    }

    public func close() async {
        await current?.access.close()
        current = nil
    }
}
