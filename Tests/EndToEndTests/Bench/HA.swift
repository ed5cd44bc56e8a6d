import Foundation

/// The cluster of the tests of high availability.
struct HA: Sendable {
    static let name = HighAvailabilityTests.name

    let store: Store
    var machines: [Store.Machine]

    var bench: Bench { store.bench }

    /// Healthy, whatever the test before did to it.
    static func standing(on bench: Bench) async throws -> HA {
        let store = bench.store("state")
        var cluster = HA(store: store, machines: [])
        if !FileManager.default.fileExists(atPath: "\(store.folder(of: name))/state.json") {
            let created = try await bench.run(
                bench.binary, try createArguments(on: bench), environment: store.environment, limit: .seconds(300)
            ).expect(0)
            bench.say("\(text(created.seconds))  0  slipway create cluster \(name): three masters, three workers")
            _ = bench.uids
        }
        try await cluster.mend()
        cluster.machines = try await store.machines(name)
        return cluster
    }

    static func createArguments(on bench: Bench) throws -> [String] {
        ["create", "cluster", name, "-f", try HA(store: bench.store("state"), machines: []).specFile(workers: 2), "--yes"]
    }

    /// The spec, with so many workers in its first pool.
    func specFile(workers: Int) throws -> String {
        let path = "\(bench.folder)/ha-\(workers).yaml"
        let zones = HighAvailabilityTests.zones.joined(separator: ", ")
        let text = """
            apiVersion: slipway.dev/v1alpha1
            kind: Cluster
            metadata: {name: \(Self.name)}
            spec:
              cloud: {provider: local}
              controlPlane: {zones: [\(zones)]}
              pools:
                - {name: nodes, zones: [\(zones)], count: \(workers)}
                - name: heavy
                  zones: [local-a]
                  count: 1
                  instanceType: local.medium
                  labels: {example.com/heavy: memory}
                  taints: [{key: example.com/heavy, value: memory, effect: NoSchedule}]
              assets: {source: "\(bench.mirror)"}

            """
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    /// Brings it back to health by `update`, when it is not.
    func mend() async throws {
        if try await store.validate(Self.name).isHealthy { return }
        try await store.slipway("update", "cluster", Self.name, "--yes").expect(0)
        try await store.expectHealthy(Self.name, wait: "3m")
    }

    func kubectl(_ arguments: String..., input: String = "") async throws -> String {
        let result = try await bench.run(
            "kubectl", ["--context", Self.name] + arguments, input: Array(input.utf8), environment: store.environment)
        return try result.expect(0).output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @discardableResult
    func on(_ machine: String, _ script: String, input: [UInt8] = []) async throws -> String {
        try await store.on(machine, of: Self.name, script, input: input)
    }

    func host() async throws -> HostMachines { try await HostMachines(Self.name, of: store) }

    // MARK: The API's address

    /// Masters that have the API's address on their link, as far as they can be asked.
    func holders(except dead: String? = nil) async throws -> [String] {
        struct Cluster: Decodable {
            struct Network: Decodable { var apiAddress: String }
            var network: Network
        }
        let address = try await store.slipway("get", "cluster", Self.name, "-o", "json").expect(0).json(Cluster.self).network.apiAddress
        var found: [String] = []
        let host = try await host()
        for (name, leader) in host.leaders().sorted(by: { $0.key < $1.key }) where name.contains("control-plane") && name != dead {
            // Asked from outside of the machine: it may be cut off.
            let links = try await bench.run("nsenter", ["--net", "--target", "\(leader)", "ip", "-4", "-o", "address", "show"])
            if links.output.contains(" \(address)/") { found.append(name) }
        }
        return found
    }

    func holder() async throws -> String {
        try await until(.seconds(30), "one master holds the API's address") {
            let holders = try await holders()
            return holders.count == 1 ? holders[0] : nil
        }
    }

    // MARK: Links

    /// Cuts or joins the links of machines at the cluster's bridge.
    func links(of machines: [Store.Machine], _ state: String) async throws {
        let uid = try await host().uid
        for machine in machines {
            let last = try unwrap(machine.address?.split(separator: ".").last, "\(machine.name) has no address")
            try await bench.run("ip", ["-n", "slw-\(uid)", "link", "set", "m\(last)", state]).expect(0)
        }
    }

    // MARK: What was restarted

    /// When the main services of each machine were started, by machine.
    func uptimes(of names: [String]? = nil) async throws -> [String: String] {
        var found: [String: String] = [:]
        for name in names ?? machines.map(\.name) {
            found[name] = try await on(
                name, "systemctl show --property=Id,ActiveEnterTimestampMonotonic etcd kube-apiserver kubelet kube-proxy containerd")
        }
        return found
    }
}
