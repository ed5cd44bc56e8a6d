import ClusterModel
import Foundation
import Synchronization

@testable import AWSAPI

/// Answers as a test says, and remembers what it was asked.
final class FakeTransport: AWSTransport {
    private let answer: @Sendable (HTTPMessage, Int) throws -> HTTPAnswer
    private let log = Mutex<[HTTPMessage]>([])

    init(_ answer: @escaping @Sendable (_ message: HTTPMessage, _ count: Int) throws -> HTTPAnswer) { self.answer = answer }

    var messages: [HTTPMessage] { log.withLock { $0 } }

    func send(_ message: HTTPMessage, within time: Duration) async throws -> HTTPAnswer {
        let count = log.withLock { log in
            log.append(message)
            return log.count
        }
        return try answer(message, count)
    }

    /// For another one to hand on to.
    func answered(_ message: HTTPMessage, _ count: Int) throws -> HTTPAnswer { try answer(message, count) }

    static func xml(_ status: Int, _ body: String, headers: [(name: String, value: String)] = []) -> HTTPAnswer {
        HTTPAnswer(status: status, headers: headers, body: Array(body.utf8))
    }

    static func error(_ status: Int, _ code: String) -> HTTPAnswer {
        xml(status, "<?xml version=\"1.0\"?>\n<Error><Code>\(code)</Code><Message>no &amp; no</Message><RequestId>R1</RequestId></Error>")
    }
}

extension HTTPMessage {
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

enum Sample {
    /// Nothing of this machine's own settings.
    static let nowhere = ["AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "HOME": "/nonexistent"]
    static let keys = ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1"]

    static func settings(_ more: [String: String] = keys) throws -> AWSSettings {
        try AWSSettings(nowhere.merging(more) { $1 })
    }

    static func withFiles<Result>(
        config: String = "", credentials: String = "", _ body: ([String: String]) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-aws-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: "\(folder)/.aws", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(config.utf8).write(to: URL(fileURLWithPath: "\(folder)/.aws/config"))
        try Data(credentials.utf8).write(to: URL(fileURLWithPath: "\(folder)/.aws/credentials"))
        return try await body(["HOME": folder])
    }
}
