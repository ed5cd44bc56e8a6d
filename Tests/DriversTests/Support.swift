import ClusterModel
import Foundation
import PKI
import TestSupport
import Testing

@testable import Drivers

/// Secrets of a cluster, made once for all tests: keys take their time.
enum Sample {
    static let start = Date(timeIntervalSince1970: 1_800_000_000)
    static let secrets: Result<ClusterSecrets, any Error> = Result { try ClusterSecrets.generate(clusterName: "demo", now: start) }

    static let master = "demo-control-plane-a-1"
    static let worker = "demo-nodes-a-1"

    /// A vault that has them and saves nothing.
    static func vault() throws -> Vault {
        let encoded = try secrets.get().encoded()
        return Vault(load: { encoded }, save: { _ in throw UnexpectedCall("vault.save") })
    }

    /// A vault that is empty and saves nothing.
    static var emptyVault: Vault { Vault(load: { nil }, save: { _ in throw UnexpectedCall("vault.save") }) }

    static func step(_ kind: Address.Kind, _ name: String, _ action: Action, guards: [Guard] = []) -> Step {
        Step(Address(kind, name), action, guards: guards, reason: Reason("test"))
    }

    static func transient(_ cause: String) -> SlipwayError {
        SlipwayError(.unreachable, doing: "testing", cause: cause, retry: .transient)
    }
}

/// Runs `body`, which must throw a `SlipwayError` of this code, and returns it.
@discardableResult
func expectError(
    _ code: SlipwayError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async throws -> SlipwayError {
    do {
        try await body()
    } catch let error as SlipwayError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        return error
    }
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    throw CancellationError()
}
