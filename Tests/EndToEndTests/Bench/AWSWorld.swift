import Foundation
import TestSupport

/// A world of AWS on this host (Tests/AWSWorld): its API, a real machine for every instance, networks that let through what
/// the API was told. It ends with this process, and there is one at a time on a host.
final class AWSWorld: Sendable {
    /// What the world says of itself when it is ready.
    struct Ready: Decodable, Sendable {
        var port: Int
        /// The port of what tests do behind the API's back.
        var control: Int
        var folder: String
        /// The host's /etc/hosts with the world's names: for programs that are to find them.
        var hosts: String
        /// What machines see of programs on the host.
        var hostAddress: String
    }

    static let folder = "/var/lib/slipaws"
    private static let sources = URL(filePath: #filePath).appending(path: "../../../AWSWorld").standardizedFileURL.path

    let ready: Ready
    let bench: Bench
    private let process: ServerProcess

    /// Why it cannot run here, nil when it can.
    static let missing: String? = {
        if let missing = Setup.missing { return missing }
        guard S3Server.python != nil else { return "SLIPWAY_TEST_S3_PYTHON is not set: run them with make test" }
        for program in ["nft", "conntrack", "ssh", "ssh-keygen"] where Setup.find(program) == nil {
            return "there is no \(program) on PATH"
        }
        return nil
    }()
    static var mayRun: Bool { missing == nil || Setup.isCI }

    /// The world's own checks.
    static var selftest: String { "\(sources)/selftest.py" }
    static var python: String { get throws { try unwrap(S3Server.python, missing ?? "no Python") } }

    private init(_ process: ServerProcess, bench: Bench) throws {
        self.process = process
        self.bench = bench
        do {
            ready = try JSONDecoder().decode(Ready.self, from: Data(process.firstLine.utf8))
        } catch {
            process.end()
            throw Failure("the world said: \(process.firstLine)")
        }
    }

    /// Runs the body in a new world, which is taken away afterwards, whatever happens. Consoles go to the artifacts.
    static func with<Result>(_ bench: Bench, _ body: (AWSWorld) async throws -> Result) async throws -> Result {
        let world = try await start(bench)
        do {
            let result = try await body(world)
            await world.process.finish()
            return result
        } catch {
            await world.process.finish()
            throw error
        }
    }

    /// The first start on a host makes the image of its machines, which takes two minutes.
    static func start(_ bench: Bench) async throws -> AWSWorld {
        if let missing { throw Failure("the world of AWS cannot run: \(missing)") }
        let python = try python
        var environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "\(bench.folder)/home"]
        environment["SLIPWAY_CACHE"] = Setup.environment["SLIPWAY_CACHE"]
        let arguments = ["-B", "\(sources)/main.py", "--logs", "\(bench.artifacts)/consoles"]
        let process = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { [environment] in
                continuation.resume(with: Result { try ServerProcess(python, arguments, environment: environment) })
            }
        }
        return try AWSWorld(process, bench: bench)
    }

    /// Kills it, so that it cleans up nothing. The next one does.
    func kill() { process.kill() }

    // MARK: Programs in the world

    /// What a program needs to find the API, and nothing else of AWS.
    var environment: [String: String] {
        [
            "AWS_ENDPOINT_URL": "http://127.0.0.1:\(ready.port)", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "example", "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/nonexistent",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        ]
    }

    /// Runs a program of PATH that sees the API and resolves the world's names, as the name of a load balancer.
    func run(
        _ program: String, _ arguments: [String], input: [UInt8] = [], environment added: [String: String] = [:],
        limit: Duration = .seconds(120), meanwhile: (RunningProgram) async throws -> Void = { _ in }
    ) async throws -> ProgramResult {
        // The last exec keeps the process: signals reach the program itself.
        let script = "mount -n --bind \"$1\" /etc/hosts; shift; exec \"$@\""
        return try await bench.run(
            "unshare", ["--mount", "--propagation", "private", "--", "sh", "-euc", script, "sh", ready.hosts, program] + arguments,
            input: input, environment: environment.merging(added) { $1 }, limit: limit, meanwhile: meanwhile)
    }

    // MARK: Behind the API's back

    /// Asks the world's control (README.md has its verbs).
    func ask<Answer: Decodable>(_ verb: String, as type: Answer.Type) async throws -> Answer {
        try await curl(verb, []).json(type)
    }

    /// Tells the world's control to do something.
    /// - Parameter body: a JSON object.
    @discardableResult
    func tell(_ verb: String, _ body: String = "{}") async throws -> ProgramResult { try await curl(verb, ["--data-binary", body]) }

    /// Waits until machines, networks and balancers are as the API was told.
    func settle() async throws { try await tell("settle") }

    private func curl(_ verb: String, _ arguments: [String]) async throws -> ProgramResult {
        try await bench.run(
            "curl", ["--silent", "--show-error", "--fail-with-body"] + arguments + ["http://127.0.0.1:\(ready.control)/\(verb)"]
        ).expect(0)
    }
}
