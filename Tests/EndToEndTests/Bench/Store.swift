import Foundation
import Glibc

/// The built Slipway with a state store of the run's own, used as a person would.
struct Store: Sendable {
    let bench: Bench
    let name: String
    /// Where its clusters are on AWS: programs find its names and its API.
    var world: AWSWorld?

    init(bench: Bench, name: String, world: AWSWorld? = nil) {
        self.bench = bench
        self.name = name
        self.world = world
    }

    /// Runs a program of PATH where the clusters are.
    func run(
        _ program: String, _ arguments: [String], input: [UInt8] = [], limit: Duration = .seconds(120),
        meanwhile: (RunningProgram) async throws -> Void = { _ in }
    ) async throws -> ProgramResult {
        if let world {
            return try await world.run(
                program, arguments, input: input, environment: environment, limit: limit, meanwhile: meanwhile)
        }
        return try await bench.run(program, arguments, input: input, environment: environment, limit: limit, meanwhile: meanwhile)
    }

    var path: String { "\(bench.folder)/\(name)" }
    var environment: [String: String] { ["SLIPWAY_STATE": path] }

    func folder(of cluster: String) -> String { "\(path)/\(cluster)" }

    /// `slipway ARGUMENTS`, told with its time.
    @discardableResult
    func slipway(
        _ arguments: String..., input: [UInt8] = [], limit: Duration = .seconds(240),
        meanwhile: (RunningProgram) async throws -> Void = { _ in }
    ) async throws -> ProgramResult {
        let result = try await run(bench.binary, arguments, input: input, limit: limit, meanwhile: meanwhile)
        _ = bench.uids
        let shown = arguments.map { $0 == bench.mirror ? "MIRROR" : $0 }.joined(separator: " ").split(separator: "\n").first ?? ""
        bench.say("\(text(result.seconds))  \(result.status)  slipway \(shown)")
        return result
    }

    /// Runs `slipway ARGUMENTS`, with its events as JSON lines, and kills it (SIGKILL) at this moment.
    func kill(at moment: Moment, _ arguments: [String]) async throws {
        let killed = try await bench.run(bench.binary, arguments + ["-o", "json"], environment: environment, limit: .seconds(300)) {
            program in
            try await program.reach(moment)
            program.send(SIGKILL)
        }
        _ = bench.uids
        let verb = arguments.first ?? ""
        try check(killed.wasKilled, "'\(moment.title)': \(verb) ended with \(killed.status):\(killed.lastWords)")
        bench.countKill(of: verb)
        bench.say("killed \(verb) \(moment.title), after \(text(killed.seconds))")
    }

    /// The arguments of `create` for one master and one worker.
    static func createArguments(_ cluster: String, mirror: String) -> [String] {
        [
            "create", "cluster", cluster, "--cloud", "local", "--zones", "local-a", "--control-plane-count", "1", "--node-count", "1",
            "--assets", mirror, "--yes",
        ]
    }

    /// Creates, or goes on creating, one master and one worker. Events come as JSON lines.
    func create(_ cluster: String, meanwhile: (RunningProgram) async throws -> Void = { _ in }) async throws -> ProgramResult {
        let result = try await run(
            bench.binary, Self.createArguments(cluster, mirror: bench.mirror) + ["-o", "json"], limit: .seconds(300), meanwhile: meanwhile)
        _ = bench.uids
        bench.say("\(text(result.seconds))  \(result.status)  slipway create cluster \(cluster)")
        return result
    }

    // MARK: What it answers

    struct Machine: Decodable, Equatable, Sendable {
        var name: String
        var role: String
        var status: String
        var zone: String
        var address: String?
        var accessAddress: String?
        var podCIDR: String
        var providerID: String?
        var hostKey: String?

        /// What must not change as long as the machine exists.
        var identity: [String?] { [name, role, address, podCIDR, providerID, hostKey] }
    }

    private struct List<Item: Decodable>: Decodable { var items: [Item] }

    func machines(_ cluster: String) async throws -> [Machine] {
        try await slipway("get", "machines", cluster, "-o", "json").expect(0).json(List<Machine>.self).items
    }

    struct Report: Decodable {
        struct Problem: Decodable {
            var address: String
            var cause: String
            var remedy: String
        }
        struct Condition: Decodable {
            var name: String
            var passed: Bool
            var problems: [Problem]
        }
        var isHealthy: Bool
        var conditions: [Condition]

        var problems: [Problem] { conditions.flatMap(\.problems) }
        var text: String { problems.map { "\n    | \($0.address): \($0.cause)" }.joined() }
    }

    /// - Throws: when the exit code is another than the report's.
    func validate(_ cluster: String, wait: String? = nil) async throws -> Report {
        let result =
            if let wait { try await slipway("validate", "cluster", cluster, "-o", "json", "--wait", wait) } else {
                try await slipway("validate", "cluster", cluster, "-o", "json")
            }
        let report = try result.json(Report.self)
        try result.expect(report.isHealthy ? 0 : 2)
        return report
    }

    func expectHealthy(_ cluster: String, wait: String? = nil) async throws {
        let report = try await validate(cluster, wait: wait)
        try check(report.isHealthy, "cluster \(cluster) is not healthy:\(report.text)")
    }

    /// A cluster that is not healthy, with a problem at an address that ends like this.
    func expectProblem(_ cluster: String, at address: String) async throws {
        let report = try await validate(cluster)
        try check(!report.isHealthy, "cluster \(cluster) is healthy, but \(address) is not")
        try check(report.problems.contains { $0.address == address }, "no problem is at \(address):\(report.text)")
    }

    /// Runs a script on a machine, as `slipway ssh` does.
    @discardableResult
    func on(_ machine: String, of cluster: String, _ script: String, input: [UInt8] = []) async throws -> String {
        let result = try await run(bench.binary, ["ssh", cluster, machine, "--", script], input: input, limit: .seconds(60))
        try result.expect(0)
        return result.output
    }

    // MARK: Kubernetes

    /// `kubectl` with the exported kubeconfig.
    @discardableResult
    func kubectl(_ cluster: String, _ arguments: String..., input: String = "", limit: Duration = .seconds(120)) async throws -> String {
        let result = try await run("kubectl", ["--context", cluster] + arguments, input: Array(input.utf8), limit: limit)
        return try result.expect(0).output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

extension [Store.Machine] {
    var control: Store.Machine {
        get throws { try unwrap(first { $0.role == "control-plane" }, "there is no control plane machine") }
    }
    var worker: Store.Machine {
        get throws { try unwrap(first { $0.role == "worker" }, "there is no worker") }
    }
}
