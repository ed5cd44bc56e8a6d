import TestSupport
import Testing

/// Runs each test of a suite while no other test of any process uses the host.
struct HostToItself: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await HostLock.with { try await function() }
    }
}

extension Trait where Self == HostToItself {
    static var hostToItself: Self { Self() }
}
