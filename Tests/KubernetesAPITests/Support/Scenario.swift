import ClusterModel
import Foundation
import KubernetesAPI
import Synchronization
import Testing

/// A server that plays a script and a client that talks to it. Both are gone afterwards, whatever happens; the test
/// fails for requests that were not planned and for plans that were not asked for.
func scenario(
    _ plans: [(String, [Answer])] = [], limits: KubernetesClient.Limits = .patient, sleeps: Sleeps = Sleeps(),
    serverIdentity: any KeyPath<TestCertificates, TestCertificates.Leaf> & Sendable = \.server,
    clientIdentity: any KeyPath<TestCertificates, TestCertificates.Leaf> & Sendable = \.client,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (KubernetesClient, ServerDouble) async throws -> Void
) async throws {
    let certificates = try await TestCertificates.shared
    let script = Script()
    for (request, answers) in plans { script.plan(request, answers) }
    let server = try await ServerDouble.start(
        script, as: certificates[keyPath: serverIdentity], trusting: certificates.authority)
    do {
        let client = try KubernetesClient(
            endpoint: certificates.endpoint(port: server.port, as: certificates[keyPath: clientIdentity]), limits: limits,
            context: sleeps.context)
        do {
            try await body(client, server)
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    } catch {
        await server.stop()
        throw error
    }
    await server.stop()
    #expect(script.unexpected == [], sourceLocation: sourceLocation)
    #expect(script.unplayed == [], sourceLocation: sourceLocation)
}

extension KubernetesClient.Limits {
    /// Never the reason why a test on a busy machine fails.
    static let patient = KubernetesClient.Limits(connect: .seconds(30), call: .seconds(60))
    /// For tests that wait for the limit.
    static let hasty = KubernetesClient.Limits(connect: .seconds(30), call: .seconds(3))
}

/// Remembers how long the client wanted to sleep, and does not sleep.
final class Sleeps: Sendable {
    private let wanted = Mutex<[Duration]>([])

    var all: [Duration] { wanted.withLock { $0 } }

    var context: RunContext {
        RunContext(
            now: { Date() },
            sleep: { duration in
                try Task.checkCancellation()
                self.wanted.withLock { $0.append(duration) }
            },
            randomHex: { String(repeating: "0", count: $0) })
    }
}
