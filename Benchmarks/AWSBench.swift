import AWSAPI
import AWSCloud
import ClusterModel
import Foundation
import FoundationNetworking
import Operations
import Planning
import SimulatedCloud
import StateStore
import TestSupport

/// What preview, create, an update that finds nothing to do and delete of three masters and three workers cost on AWS, in time and
/// in calls. The server is the one that `AWS_ENDPOINT_URL` names, and counts (`scripts/s3-server`). Everything is as on real
/// machines but the machines themselves: they take no time.
enum AWSBench {
    private static let region = "us-east-1"
    /// One that every account of the server has.
    private static let image = "ami-12c6146b"

    private typealias Work = @Sendable (OperationContext) async throws -> Plan

    /// In order. Each has a cloud of its own, which remembers nothing, as a command would have.
    private static var operations: [(name: String, work: Work)] {
        [
            ("preview", { try await CreateCluster($0)(cluster, yes: false) { _ in }.plan }),
            ("apply", { try await CreateCluster($0)(cluster, yes: true) { _ in }.plan }),
            ("again", { try await UpdateCluster($0)(cluster.name, yes: true) { _ in }.plan }),
            ("delete", { try await DeleteCluster($0)(cluster.name, lostAt: cluster.spec.cloud.place, yes: true) { _ in }.plan }),
        ]
    }

    private static var cluster: Cluster {
        let zones = ["a", "b", "c"].map { region + $0 }
        let access = [Fixtures.cidr("10.0.0.0/8")]
        return Cluster(
            name: "demo",
            spec: ClusterSpec(
                kubernetesVersion: Fixtures.version,
                cloud: CloudSpec(provider: .aws, aws: AWSCloudSpec(region: region, image: .id(image))),
                access: AccessSpec(api: access, ssh: access),
                controlPlane: ControlPlaneSpec(count: 3, zones: zones, instanceType: "t3.medium"),
                pools: [PoolSpec(name: "nodes", zones: zones, count: 3, instanceType: "t3.medium")],
                network: NetworkSpec(podCIDR: Fixtures.podCIDR, serviceCIDR: Fixtures.serviceCIDR),
                assets: AssetsSpec(source: "/mirror"), deletionProtection: false))
    }

    static func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-bench-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let world = SimulatedWorld(provider: .aws)
        let store = FileStateStore(root: "\(folder)/state", keyFile: KeyFile(path: "\(folder)/key"))
        for (name, work) in operations {
            let aws = try cloud()
            let context = OperationContext(
                run: .live, store: store,
                outside: { _ in
                    Outside(
                        cloud: DoubledCloud(aws: aws, world: world), hosts: world, assets: { _ in world.assets },
                        connect: { world.connect($0) })
                })
            _ = try callsOnServer()
            let start = ContinuousClock.now
            let plan = try await work(context)
            let took = (ContinuousClock.now - start) / .milliseconds(1)
            let calls = try callsOnServer()
            guard plan.isEmpty == (name == "again") else { throw Surprise("\(name) planned \(plan.steps.count) steps") }
            let own = (aws.calls ?? [:]).values.reduce(0, +)
            let all = calls.values.reduce(0, +)
            if own != all { note("\(name): \(own) calls took \(all) requests") }
            note("\(name): " + calls.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
            let mutating = AWSCalls.changing(calls).values.reduce(0, +)
            print("measured\t\(name)\t\(Int(took))\t\(all)\t\(mutating)")
        }
        guard try await cloud().clusters().isEmpty, world.isEmpty else { throw Surprise("the delete has left something") }
    }

    private static func cloud() throws -> AWSCloud {
        try AWSCloud(settings: AWSSettings(), region: region, say: { note($0) })
    }

    /// By operation, those since it was asked last.
    private static func callsOnServer() throws -> [String: Int] {
        guard let address = ProcessInfo.processInfo.environment["AWS_ENDPOINT_URL"], let url = URL(string: "\(address)/.calls") else {
            throw Surprise("AWS_ENDPOINT_URL names no server: start scripts/bench aws")
        }
        return try JSONDecoder().decode([String: Int].self, from: Data(contentsOf: url))
    }
}
