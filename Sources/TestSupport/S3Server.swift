import Foundation

/// A real S3 server of this test run, on 127.0.0.1, with one empty bucket. It ends with this process, however that ends, as
/// its standard input does.
public final class S3Server: Sendable {
    public let bucket = "slipway-test"
    public let url: String
    private let process: ServerProcess

    /// The Python that has the server, as `scripts/python-env s3` makes it. Nil: there is none, and its tests are left out.
    public static let python = ProcessInfo.processInfo.environment["SLIPWAY_TEST_S3_PYTHON"].flatMap { $0.isEmpty ? nil : $0 }

    /// One for all tests of a process. Each keeps below a prefix of its own.
    public static var shared: S3Server { get throws { try sharedResult.get() } }
    private static let sharedResult = Result { try S3Server() }

    private struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    public init() throws {
        guard let python = Self.python else { throw Failure(description: "$SLIPWAY_TEST_S3_PYTHON names no Python") }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../scripts/s3-server")
            .standardizedFileURL.path
        process = try ServerProcess(python, [script, bucket], environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"])
        guard let port = Int(process.firstLine) else {
            process.end()
            throw Failure(description: "the S3 server did not say its port")
        }
        url = "http://127.0.0.1:\(port)"
    }

    /// What a program needs to find it, and nothing else of AWS.
    public var environment: [String: String] {
        [
            "AWS_ENDPOINT_URL_S3": url, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "example", "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/nonexistent",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        ]
    }

    /// A new key of its KMS.
    /// - Parameter alias: another name for it, as `alias/x`.
    /// - Returns: its ARN.
    public func makeKMSKey(alias: String? = nil) throws -> String {
        let script = """
            import sys, boto3
            kms = boto3.client("kms", endpoint_url=sys.argv[1])
            arn = kms.create_key()["KeyMetadata"]["Arn"]
            for alias in sys.argv[2:]:
                kms.create_alias(AliasName=alias, TargetKeyId=arn)
            print(arn, flush=True)
            """
        let variables = ["AWS_DEFAULT_REGION": "us-east-1", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]
        let maker = try ServerProcess(
            Self.python ?? "", ["-c", script, url] + (alias.map { [$0] } ?? []), environment: environment.merging(variables) { $1 })
        defer { maker.end() }
        return maker.firstLine
    }

    deinit { process.end() }
}
