import AWSAPI
import ClusterModel

extension AWSCloud {
    /// Makes what must not be made twice, and was looked for just now. A request whose answer was lost is not sent again before AWS had its time to show
    /// what it may have made: tokens that would tell the second from the first are not everywhere honoured.
    /// - Parameter make: is to send with the account that it is given, which tries once.
    func once<Value: Sendable>(
        find: @Sendable () async throws -> Value?, make: @Sendable (OnceAccount) async throws -> Value?
    ) async throws -> Value {
        do {
            return try answered(try await make(OnceAccount(aws: aws)), "what was to be made")
        } catch let error where Self.leavesOpen(error) {
            let there = try await context.poll(every: .seconds(2), for: Self.consistency, ridingOut: { _ in }) { try await find() }
            if let there { return there }
            throw error
        }
    }

    /// True where it may have taken effect all the same.
    static func leavesOpen(_ error: any Error) -> Bool {
        switch error {
        case let error as AWSError: error.status >= 500
        case let error as SlipwayError: error.retry == .transient
        default: false
        }
    }

    /// For requests that AWS answers with this code when all is as it should be already.
    func unlessDone(_ code: String, _ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let error as AWSError where error.code == code {
        }
    }

    func answered<Value>(_ value: Value?, _ what: String) throws -> Value {
        guard let value else {
            throw SlipwayError(
                .failed, doing: "asking AWS", cause: "its answer does not hold \(what)", hint: "does the endpoint speak as AWS does?",
                retry: .transient)
        }
        return value
    }
}

/// Sends each request once, but for those that AWS has said that it did not take up.
struct OnceAccount: Sendable {
    let aws: AWSAccount

    func send<Operation: AWSOperation>(_ request: Operation) async throws -> Operation.Output { try await aws.once(request) }
}
