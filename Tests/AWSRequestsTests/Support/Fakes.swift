import AWSAPI
import ClusterModel
import Foundation
import Synchronization
import TestSupport

/// Answers as a test says.
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

    static func text(_ status: Int, _ body: String) -> HTTPAnswer { HTTPAnswer(status: status, body: Array(body.utf8)) }

    /// A no, as the service says it.
    static func error(_ service: AWSService, _ status: Int, _ code: String, _ message: String = "no") -> HTTPAnswer {
        switch service.wire {
        case .ec2:
            text(
                status,
                "<Response><Errors><Error><Code>\(code)</Code><Message>\(message)</Message></Error></Errors><RequestID>R</RequestID></Response>"
            )
        case .query, .restXML:
            text(
                status,
                "<ErrorResponse><Error><Code>\(code)</Code><Message>\(message)</Message></Error><RequestId>R</RequestId></ErrorResponse>")
        case .json: text(status, #"{"__type":"\#(code)","message":"\#(message)"}"#)
        }
    }

    /// A yes that says nothing more.
    static func yes<Operation: AWSOperation>(_ operation: Operation.Type) -> HTTPAnswer {
        if case .json = Operation.service.wire { return text(200, "{}") }
        return text(200, "<\(Operation.name)Response/>")
    }
}

enum Sample {
    static let environment = [
        "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "HOME": "/nonexistent",
        "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1",
    ]

    static func account(
        _ transport: (any AWSTransport)? = nil, _ clock: TestClock = TestClock(), _ more: [String: String] = [:],
        timeout: Duration = AWSAccount.timeout, waiting: AWSAccount.Waiting? = nil
    ) throws -> AWSAccount {
        try AWSAccount(
            settings: AWSSettings(environment.merging(more) { $1 }), transport: transport, context: clock.context, timeout: timeout,
            waiting: waiting)
    }
}
