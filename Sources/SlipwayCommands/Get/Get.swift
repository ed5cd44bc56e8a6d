import ArgumentParser
import ClusterModel
import Foundation
import Operations

struct Get: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show clusters, machines, pools, specs, states, runs, instance types and assets.",
        subcommands: [
            GetClusters.self, GetCluster.self, GetPools.self, GetMachines.self, GetSpec.self, GetState.self, GetRuns.self,
            GetInstanceTypes.self,
            GetAssets.self,
        ])
}

/// What every `get` takes.
struct GetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "table, json or yaml.") var output: OutputFormat = .table
    @OptionGroup var store: StoreOptions

    func print<Value: Encodable & Sendable>(
        _ kind: String, _ read: (Inspect) async throws -> Value, table: (Value) -> String
    ) async throws {
        let console = Console.current
        let value = try await World.with(store) { try await read(Inspect($0)) }
        console.print(try Render.text(kind, value, as: output) { table(value) })
    }
}

struct GetClusters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clusters", abstract: "List the clusters of the state store.",
        usage: "slipway get clusters [-o <output>] [options]")
    @OptionGroup var options: GetOptions

    func run() async throws {
        try await options.print("ClusterList", { Render.List(items: try await $0.clusters()) }) { list in
            guard !list.items.isEmpty else { return "no clusters\n" }
            var table = Table("NAME", "CLOUD", "VERSION", "CONTROL PLANE", "WORKERS", "PHASE", "API")
            for cluster in list.items { table.rows.append(GetCluster.row(cluster)) }
            let problems = list.items.compactMap { cluster in
                cluster.problem.map { "\(cluster.name): \($0)\n  slipway get cluster \(cluster.name) says what to try" }
            }
            return table.text + problems.map { "\n\($0)\n" }.joined()
        }
    }
}

struct GetCluster: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster", abstract: "Show one cluster.",
        usage: "slipway get cluster <name> [-o <output>] [options]")
    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @OptionGroup var options: GetOptions

    static func row(_ cluster: Inspect.ClusterSummary) -> [String] {
        guard let provider = cluster.provider else { return [cluster.name, "-", "-", "-", "-", cluster.phase, "-"] }
        return [
            cluster.name, provider.rawValue, cluster.kubernetesVersion, "\(cluster.controlPlane)", "\(cluster.workers)",
            cluster.phase, cluster.api ?? "-",
        ]
    }

    func run() async throws {
        try await options.print("Cluster", { try await $0.cluster(name) }) { cluster in
            var table = Table("NAME", "CLOUD", "VERSION", "CONTROL PLANE", "WORKERS", "PHASE", "API")
            table.rows.append(GetCluster.row(cluster))
            return table.text
        }
    }
}

struct GetMachines: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "machines", abstract: "List a cluster's machines and whether they run.",
        usage: "slipway get machines <name> [-o <output>] [options]")
    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @OptionGroup var options: GetOptions

    func run() async throws {
        try await options.print("MachineList", { Render.List(items: try await $0.machines(name)) }) { list in
            guard !list.items.isEmpty else { return "no machines\n" }
            // Where machines are reached as their fellows reach them, one address says it all.
            let isApart = list.items.contains { $0.accessAddress != nil }
            var table = Table(
                ["NAME", "ROLE", "ZONE", "TYPE", "STATUS", "ADDRESS"] + (isApart ? ["ACCESS"] : []) + ["PODS"])
            for machine in list.items {
                table.rows.append(
                    [
                        machine.name, machine.role.rawValue, machine.zone, StepText.size(machine.instanceType, machine.market),
                        machine.status,
                        machine.address ?? "-",
                    ]
                        + (isApart ? [machine.accessAddress ?? "-"] : []) + [machine.role.isOfNodes ? machine.podCIDR : "-"])
            }
            return table.text
        }
    }
}

struct GetPools: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pools", abstract: "List a cluster's pools.",
        usage: "slipway get pools <name> [-o <output>] [options]")
    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @OptionGroup var options: GetOptions

    func run() async throws {
        try await options.print("PoolList", { Render.List(items: try await $0.pools(name)) }) { list in
            var table = Table("NAME", "MACHINES", "WANTED", "TYPE", "ZONES")
            for pool in list.items {
                table.add(
                    pool.name, "\(pool.machines)", "\(pool.count)", StepText.size(pool.instanceType, pool.market),
                    pool.zones.joined(separator: ","))
            }
            return table.text
        }
    }
}

struct GetSpec: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spec", abstract: "Print a cluster's stored spec, every default visible.",
        usage: "slipway get spec <name> [-o <output>] [options]",
        discussion: "With -o json it is the same document as JSON; both can be given back with -f.")
    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Option(name: .shortAndLong, help: "yaml or json.") var output: OutputFormat = .yaml
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        let cluster = try await World.with(store) { try await Inspect($0).spec(name) }
        console.print(output == .json ? try Render.json(cluster) : SpecEncoder.yaml(cluster))
    }
}

struct GetRuns: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List a cluster's runs, or the events of one.",
        usage: "slipway get runs <name> [<run>] [-o <output>] [options]")
    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Argument(help: "A run: its events are printed.") var run: String?
    @OptionGroup var options: GetOptions

    func run() async throws {
        if let run {
            let page = Console.current.output
            try await options.print("RunEventList", { Render.List(items: try await $0.events(name, run: run)) }) { list in
                list.items.compactMap { EventLines.text($0, page: page) }.joined(separator: "\n") + "\n"
            }
        } else {
            try await options.print("RunList", { Render.List(items: try await $0.runs(name)) }) { list in
                list.items.isEmpty ? "no runs\n" : list.items.joined(separator: "\n") + "\n"
            }
        }
    }
}
