import Bootstrap
import ClusterModel
import Foundation
import Subprocess
import Synchronization
import SystemPackage
import TestSupport

@testable import AWSAPI
@testable import AWSCloud

/// An account of AWS of the test's own, over HTTP.
struct Account: Sendable {
    let server: S3Server

    init() throws { server = try S3Server() }

    var settings: AWSSettings {
        get throws {
            var environment = server.environment
            environment["AWS_ENDPOINT_URL"] = server.url
            return try AWSSettings(environment)
        }
    }

    /// Slipway as a process of its own would have it.
    func cloud(_ faults: Faults? = nil, said: @escaping @Sendable (String) -> Void = { _ in }) throws -> AWSCloud {
        let settings = try settings
        return try AWSCloud(
            settings: settings, region: "us-east-1", transport: FaultyTransport(server: server, base: HTTPTransport(), faults: faults),
            context: .hurried,
            say: said)
    }

    /// All that the account holds, by a reader that knows nothing of Slipway.
    func listing() async throws -> String { try await script("account.py") }

    /// What `zones.py` says, without the end of its last line.
    func zones(_ arguments: String...) async throws -> String {
        let text = try await script("zones.py", arguments)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private func script(_ name: String, _ arguments: [String] = []) async throws -> String {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: name).path
        let result = try await run(
            .path(.init(S3Server.python ?? "")), arguments: .init([script, server.url] + arguments), output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else { throw Problem(description: result.standardError) }
        return result.standardOutput
    }
}

struct Problem: Error, CustomStringConvertible {
    var description: String
}

extension RunContext {
    /// A clock that moves only by sleeping, and then at once.
    static var hurried: RunContext {
        let clock = Shared(Date())
        return RunContext(
            now: { clock.value.withLock { $0 } },
            sleep: { duration in
                try Task.checkCancellation()
                clock.value.withLock { $0 += duration / .seconds(1) }
                await Task.yield()
            }, randomHex: RunContext.live.randomHex)
    }
}

/// A mutex that closures can share.
final class Shared<Value: Sendable>: Sendable {
    let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }
}

/// Which request fails, and how.
final class Faults: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        /// Refused before it took effect.
        case throttled
        /// A failure of the service before it took effect.
        case failed
        /// It took effect, and the answer never came.
        case lost
    }

    let kind: Kind
    /// Counted from 0, over mutating requests only.
    let number: Int
    private let state = Mutex((count: 0, hit: String?.none))

    init(_ kind: Kind, at number: Int) {
        self.kind = kind
        self.number = number
    }

    /// The operation that failed; nil while none has.
    var hit: String? { state.withLock { $0.hit } }
    var count: Int { state.withLock { $0.count } }

    func strikes(_ operation: String) -> Bool {
        state.withLock { state in
            defer { state.count += 1 }
            guard state.count == number else { return false }
            state.hit = operation
            return true
        }
    }
}

/// A network that fails as it is told.
struct FaultyTransport: AWSTransport {
    /// Lives as long as somebody may ask it.
    let server: S3Server
    let base: any AWSTransport
    let faults: Faults?

    func send(_ message: HTTPMessage, within time: Duration) async throws -> HTTPAnswer {
        let operation = Self.operation(of: message)
        guard let faults, !AWSCalls.isReading(operation), faults.strikes(operation) else {
            return try await base.send(message, within: time)
        }
        switch faults.kind {
        case .throttled:
            let body = "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow down</Message></Error></Errors></Response>"
            return HTTPAnswer(status: 503, body: Array(body.utf8))
        case .failed:
            let body = "<Response><Errors><Error><Code>InternalError</Code><Message>sorry</Message></Error></Errors></Response>"
            return HTTPAnswer(status: 500, body: Array(body.utf8))
        case .lost:
            _ = try await base.send(message, within: time)
            throw TransportFailure("the answer was lost", isTimeout: true)
        }
    }

    /// The query protocols name it in the body.
    private static func operation(of message: HTTPMessage) -> String {
        let fields = String(decoding: message.body, as: UTF8.self).split(separator: "&")
        return fields.first { $0.hasPrefix("Action=") }.map { String($0.dropFirst("Action=".count)) } ?? "?"
    }
}

/// A small cluster on AWS.
enum Sample {
    static let identity = ClusterIdentity(name: "demo", uid: "0011aabb")

    static func spec(zones: [String] = ["us-east-1a", "us-east-1b"], access: [String] = ["10.0.0.0/8"]) -> ClusterSpec {
        let ranges = access.compactMap { IPv4CIDR($0) }
        return ClusterSpec(
            kubernetesVersion: Fixtures.version,
            cloud: CloudSpec(provider: .aws, aws: AWSCloudSpec(region: "us-east-1", image: .id(image))),
            access: AccessSpec(api: ranges, ssh: ranges),
            controlPlane: ControlPlaneSpec(count: 1, zones: [zones[0]], instanceType: "t3.medium"),
            pools: [PoolSpec(name: "nodes", zones: zones, count: 2, instanceType: "t3.medium")],
            network: NetworkSpec(podCIDR: Fixtures.podCIDR, serviceCIDR: Fixtures.serviceCIDR), assets: AssetsSpec(source: "/mirror"),
            deletionProtection: false)
    }

    /// One that every account of the double has.
    static let image = "ami-12c6146b"

    static func network(_ spec: ClusterSpec = spec()) -> NetworkRequest {
        NetworkRequest(
            cluster: identity, cidr: nil, podCIDR: Fixtures.podCIDR, serviceCIDR: Fixtures.serviceCIDR,
            tags: [Tag.cluster: identity.name, Tag.clusterUID: identity.uid, Tag.store: "file:///test"], spec: spec, sshKey: sshKey)
    }

    static let sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHjSgs3AXXuhGkI7XFYbauyIoKw07u+p5rJiR1+DjMmq slipway-demo"

    static func machine(_ name: String, _ role: MachineRole, zone: String = "us-east-1a") -> MachineRequest {
        let pool = role == .controlPlane ? MachineRole.controlPlanePool : "nodes"
        return MachineRequest(
            cluster: identity, name: name, zone: zone, role: role, instanceType: "t3.medium", token: "\(identity.uid)-\(name)",
            tags: [
                Tag.cluster: identity.name, Tag.clusterUID: identity.uid, Tag.store: "file:///test", Tag.pool: pool,
                Tag.role: role.rawValue,
                Tag.token: "\(identity.uid)-\(name)",
            ], hostKey: Secret(Array("-----BEGIN OPENSSH PRIVATE KEY-----\nseed\n-----END OPENSSH PRIVATE KEY-----\n".utf8)),
            authorizedKeys: [sshKey], programsCheck: role.isOfNodes ? RequiredPrograms.check(for: role, sharesAPIAddress: false) : nil,
            cloud: spec().cloud)
    }

    static let master = "demo-control-plane-1a-1"
    static let worker = "demo-nodes-1b-2"
}
