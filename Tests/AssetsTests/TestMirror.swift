import ClusterModel
import Crypto
import Foundation

@testable import Assets

/// A temporary folder that is gone when the test is over.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/slipway-assets-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: [UInt8], to name: String) throws {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    func size(_ name: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)"))?[.size] as? Int
    }

    func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []).sorted()
    }
}

enum Sample {
    static let version = KubernetesVersion(major: 1, minor: 20, patch: 2)
    static let kubelet = "v1.20.2/bin/linux/amd64/kubelet"
    /// More than one piece of a stream, and not a round number.
    static let binary = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    static let pause: [UInt8] = Array("#!/bin/pause\n".utf8)

    /// Computed apart from the code under test.
    static func digest(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    }

    static func mirror(in folder: TemporaryFolder) throws {
        try folder.write(binary, to: kubelet)
        // As the official release has it, and as an editor would leave it.
        try folder.write(" \(digest(binary).uppercased())\n", to: "\(kubelet).sha256")
        try folder.write(pause, to: "slipway/linux/amd64/pause")
        try folder.write(digest(pause), to: "slipway/linux/amd64/pause.sha256")
        try folder.write("v1.20.2\n", to: "stable.txt")
    }
}

/// The error of a call that must fail.
func failure(_ work: () async throws -> some Any) async -> SlipwayError? {
    do {
        _ = try await work()
        return nil
    } catch {
        return error as? SlipwayError
    }
}

extension HTTPMirror {
    convenience init(
        url: String, name: String? = nil, cache: AssetCache, context: RunContext = .live, idle: Duration = .seconds(30),
        progress: @escaping @Sendable (AssetProgress) -> Void = { _ in }
    ) {
        self.init(
            name: name ?? url, addresses: .mirror(url), architecture: .amd64, cache: cache, context: context, idle: idle,
            progress: progress)
    }

    var url: String { addresses[.kubernetes] }
}

extension RunContext {
    /// Waits for nothing.
    static let hurried = RunContext(now: RunContext.live.now, sleep: { _ in await Task.yield() }, randomHex: RunContext.live.randomHex)
}
