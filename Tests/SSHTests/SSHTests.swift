import ClusterModel
import Foundation
import Glibc
import Testing

@testable import SSH

/// All suites of this folder. Serialized: they start servers, count descriptors and measure nothing that neighbours
/// should disturb.
@Suite(.serialized, .timeLimit(.minutes(10)))
enum SSHTests {}

/// Asks again until `condition` holds. False when it did not within `seconds`.
nonisolated(nonsending) func eventually(within seconds: Int = 20, _ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while true {
        if try await condition() { return true }
        guard ContinuousClock.now < end else { return false }
        try? await Task.sleep(for: .milliseconds(20))
    }
}

func contents(of path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map(Array.init)
}

func text(of path: String) -> String? {
    contents(of: path).map { String(decoding: $0, as: UTF8.self) }
}

/// The process that a script wrote into this file, once all of the line is there.
func process(in path: String) -> pid_t? {
    guard let line = text(of: path), line.hasSuffix("\n") else { return nil }
    return pid_t(line.dropLast())
}

/// True for a process that runs; one that ended and waits to be collected does not.
func isAlive(_ process: pid_t) -> Bool {
    guard let status = text(of: "/proc/\(process)/stat"), let end = status.lastIndex(of: ")") else { return false }
    return !status[end...].dropFirst().hasPrefix(" Z")
}

/// Bytes that look random, the same for the same seed.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    let words = (0..<(count + 7) / 8).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
    return words.withUnsafeBytes { Array($0.prefix(count)) }
}

extension SlipwayError {
    /// All that a user would read of it.
    var everything: String { ([description, hint ?? ""] + log).joined(separator: "\n") }
}
