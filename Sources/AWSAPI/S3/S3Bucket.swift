public import ClusterModel
import Crypto
import Foundation

/// The few calls of S3 that are needed, on one bucket.
public final class S3Bucket: Sendable {
    public let name: String
    private let client: AWSClient
    /// `/BUCKET` where the bucket is not in the host's name.
    private let root: String
    /// For one try of one request.
    private let timeout: Duration

    /// For one try of one request, unless told otherwise.
    public static let timeout = Duration.seconds(20)
    private static let mostDeletes = 1000

    /// - Throws: `.usage` when the settings are no use, as without a region.
    public convenience init(
        _ name: String, settings: AWSSettings, context: RunContext = .live, timeout: Duration = S3Bucket.timeout
    ) throws {
        try self.init(
            name, settings: settings, transport: HTTPTransport(authorities: settings.authorities), context: context, timeout: timeout)
    }

    init(
        _ name: String, settings: AWSSettings, transport: any AWSTransport, context: RunContext = .live,
        timeout: Duration = S3Bucket.timeout, retry: StandardRetry = StandardRetry()
    ) throws {
        let address = try S3Address(bucket: name, settings: settings)
        self.name = name
        self.timeout = timeout
        root = address.root
        client = try AWSClient(
            endpoint: address.endpoint, region: address.region, service: "s3", pathStyle: .exact, sendsDigest: true,
            chain: CredentialChain(settings, transport: transport, context: context), transport: transport, retry: retry,
            attempts: settings.attempts(), mode: settings.retryMode(), context: context)
    }

    /// Where it is, for people.
    public var address: String { client.server + root }

    private func request(_ method: String, _ key: String) -> AWSRequest {
        AWSRequest(method: method, path: "\(root)/\(key)", timeout: timeout)
    }

    private func asking<Value>(_ doing: String, _ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as AWSError {
            throw error.error(doing: doing)
        } catch let failure as TransportFailure {
            throw SlipwayError(
                .unreachable, doing: doing, cause: "\(client.server): \(failure)", hint: "is the endpoint right, and the network there?",
                retry: .transient)
        }
    }

    // MARK: Objects

    /// Nil when there is no such object.
    public func get(_ key: String) async throws -> S3Object? {
        try await asking("reading \(key) from bucket \(name)") {
            do {
                let answer = try await client.send(request("GET", key))
                return Self.object(answer)
            } catch let error as AWSError where error.isMissingObject {
                return nil
            }
        }
    }

    /// The object without its bytes; nil when there is none, or no bucket.
    public func head(_ key: String) async throws -> S3Object? {
        try await asking("asking for \(key) in bucket \(name)") {
            do {
                return Self.object(try await client.send(request("HEAD", key)))
            } catch let error as AWSError where error.status == 404 {
                return nil
            }
        }
    }

    private static func object(_ answer: HTTPAnswer) -> S3Object {
        S3Object(
            bytes: answer.body, etag: answer.header("etag") ?? "", modified: answer.header("last-modified").flatMap(HTTPDate.read),
            answered: answer.header("date").flatMap(HTTPDate.read))
    }

    /// Puts a whole object in the place of what was there, if the condition is true then.
    public func put(_ key: String, _ bytes: [UInt8], if condition: S3Condition = .none) async throws -> S3Put {
        var request = request("PUT", key)
        request.body = bytes
        request.headers.append(("content-type", "application/octet-stream"))
        switch condition {
        case .none: break
        case .absent: request.headers.append(("if-none-match", "*"))
        case .matches(let etag): request.headers.append(("if-match", etag))
        }
        return try await asking("writing \(key) to bucket \(name)") {
            do {
                let answer = try await client.send(request)
                return .stored(etag: answer.header("etag") ?? "")
            } catch let error as AWSError where condition != .none && Self.isFailedCondition(error) {
                return .conditionFailed
            }
        }
    }

    private static func isFailedCondition(_ error: AWSError) -> Bool {
        error.status == 412 || error.isMissingObject
    }

    /// No such object is not an error.
    public func delete(_ key: String) async throws {
        try await asking("removing \(key) from bucket \(name)") {
            do {
                _ = try await client.send(request("DELETE", key))
            } catch let error as AWSError where error.isMissingObject {}
        }
    }

    /// Many at once. No such object is not an error.
    public func delete(_ keys: [String]) async throws {
        for start in stride(from: 0, to: keys.count, by: Self.mostDeletes) {
            let some = keys[start..<min(keys.count, start + Self.mostDeletes)]
            let objects = some.map { "<Object><Key>\(Self.escaped($0))</Key></Object>" }.joined()
            var request = request("POST", "")
            request.query = [("delete", "")]
            request.body = Array("<Delete><Quiet>true</Quiet>\(objects)</Delete>".utf8)
            // The one call for which S3 insists on a checksum of the body that all its likenesses know.
            request.headers += [
                ("content-type", "application/xml"),
                ("content-md5", Data(Insecure.MD5.hash(data: request.body)).base64EncodedString()),
            ]
            try await asking("removing \(some.count) objects from bucket \(name)") {
                let answer = try await client.send(request)
                guard !answer.body.isEmpty, let failed = try? XMLReader.read(answer.body).first("Error") else { return }
                throw AWSError(
                    status: answer.status, code: failed.first("Code")?.text ?? "unknown",
                    message: "\(failed.first("Key")?.text ?? ""): \(failed.first("Message")?.text ?? "")")
            }
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    // MARK: Listing

    /// All that begins with `prefix`, sorted by key, however many pages it takes.
    /// - Parameters:
    ///   - delimiter: what goes on behind it is named once, among the prefixes.
    ///   - pageSize: how many to ask for at once; the service decides when nil.
    public func list(_ prefix: String, delimiter: String? = nil, pageSize: Int? = nil) async throws -> S3Listing {
        var listing = S3Listing()
        var token: String?
        repeat {
            var request = request("GET", "")
            request.query = [("list-type", "2"), ("prefix", prefix)]
            if let delimiter { request.query.append(("delimiter", delimiter)) }
            if let pageSize { request.query.append(("max-keys", "\(pageSize)")) }
            if let token { request.query.append(("continuation-token", token)) }
            let page = try await asking("listing \(prefix.isEmpty ? "" : "\(prefix) in ")bucket \(name)") { [request] in
                try ListPage(try await client.send(request).body)
            }
            listing.entries += page.listing.entries
            listing.prefixes += page.listing.prefixes
            token = page.next
        } while token != nil
        return listing
    }
}
