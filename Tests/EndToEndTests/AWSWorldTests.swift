import Foundation
import Glibc
import TestSupport
import Testing

/// The test world of AWS itself: a fixture that lets through what it should stop would prove nothing.
@Suite(
    "AWSWorldTests", .serialized, .bench("aws-world"),
    .enabled(if: AWSWorld.mayRun, Comment(rawValue: AWSWorld.missing ?? "")))
struct AWSWorldTests {
    @Test("machines, groups, routes, addresses, balancers and faults are what the API was told")
    func theWorldIsWhatTheAPIWasTold() async throws {
        try await onBench { bench in
            let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
            let result = try await bench.run(
                try AWSWorld.python, ["-B", AWSWorld.selftest], environment: environment, limit: .seconds(600))
            for line in result.output.split(separator: "\n") { bench.say(String(line)) }
            let failed = result.output.split(separator: "\n").filter { $0.hasPrefix("FAILED") }.joined(separator: "\n")
            try check(failed.isEmpty, failed)
            try result.expect(0)
            let passed = result.output.split(separator: "\n").count { $0.hasPrefix("ok ") }
            try check(passed >= 15, "only \(passed) checks were made:\(result.lastWords)")
        }
    }

    @Test("a world that is killed takes its machines with it, and the next one removes the rest")
    func aKilledWorldLeavesNothing() async throws {
        try await onBench { bench in
            let killed = try await AWSWorld.start(bench)
            do {
                let client = """
                    import boto3
                    ec2 = boto3.client("ec2")
                    ec2.run_instances(ImageId="ami-12345678", InstanceType="t3.small", MinCount=1, MaxCount=1)
                    """
                try await killed.run(try AWSWorld.python, ["-c", client], environment: ["AWS_DEFAULT_REGION": "us-east-1"]).expect(0)
                try await killed.settle()
                try check(!Self.machines().isEmpty, "no machine runs")
            } catch {
                killed.kill()
                throw error
            }
            killed.kill()
            _ = try await until(.seconds(20), "its machines end with it") { Self.machines().isEmpty ? true : nil }
            try await AWSWorld.with(bench) { world in
                let machines = try await world.ask("machines", as: [String: Machine].self)
                try check(machines.isEmpty, "the next world begins with \(machines)")
            }
            try check(!FileManager.default.fileExists(atPath: AWSWorld.folder), "\(AWSWorld.folder) is still there")
        }
    }

    @Test("the host is afterwards as it was before")
    func theHostIsAsItWas() async throws {
        try await onBench { bench in
            let differences = try await bench.hostDifferences()
            try check(differences.isEmpty, "the host is not as it was:\n\(differences.joined(separator: "\n"))")
        }
    }

    private struct Machine: Decodable { var real: String }

    /// Processes in the cgroups of the world's machines.
    private static func machines() -> [String] {
        HostMachines.names(in: "/proc").filter { name in
            Int32(name) != nil && HostMachines.text("/proc/\(name)/cgroup").contains("/slipaws-")
                && !HostMachines.text("/proc/\(name)/status").contains("State:\tZ")
        }
    }
}
