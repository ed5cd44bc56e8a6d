import Foundation
import Glibc

/// What the end-to-end tests are told about this machine (see scripts/test).
enum Setup {
    static let environment = ProcessInfo.processInfo.environment

    static var isCI: Bool { environment["CI"] == "true" }
    /// With CI=true nothing is skipped: what is missing fails the tests instead.
    static var mayRun: Bool { missing == nil || isCI }

    /// Why the tests cannot run here, nil when they can.
    static let missing: String? = {
        guard geteuid() == 0 else { return "local machines need root" }
        for name in ["SLIPWAY_TEST_BINARY", "SLIPWAY_TEST_MIRROR"] {
            guard let path = environment[name], !path.isEmpty else { return "\(name) is not set: run them with make test" }
            guard FileManager.default.fileExists(atPath: path) else { return "\(name): there is no \(path)" }
        }
        for program in ["kubectl", "python3", "curl"] where find(program) == nil { return "there is no \(program) on PATH" }
        return nil
    }()

    /// A program on PATH.
    static func find(_ program: String) -> String? {
        (environment["PATH"] ?? "").split(separator: ":").lazy.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }

    /// Other people make machines on this host meanwhile: it is compared only in what carries our names.
    static var isSharedHost: Bool { environment["SLIPWAY_TEST_SHARED_HOST"] != nil }
}

/// A check that failed, in a sentence for the person who reads the log.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Fails the test at once: what comes after would only hide the cause.
func check(_ condition: Bool, _ sentence: @autoclosure () -> String) throws {
    guard condition else { throw Failure(sentence()) }
}

/// The value, or the end of the test.
func unwrap<Value>(_ value: Value?, _ sentence: @autoclosure () -> String) throws -> Value {
    guard let value else { throw Failure(sentence()) }
    return value
}

func seconds(since start: ContinuousClock.Instant) -> Double { (ContinuousClock.now - start) / .seconds(1) }

func text(_ seconds: Double) -> String { String(format: "%.1f s", seconds) }

/// Asks again until `condition` gives a value.
func until<Value>(
    _ limit: Duration, every pause: Duration = .milliseconds(250), _ sentence: @autoclosure () -> String,
    _ condition: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while true {
        if let value = try await condition() { return value }
        try check(ContinuousClock.now < deadline, "not within \(limit): \(sentence())")
        try await Task.sleep(for: pause)
    }
}
