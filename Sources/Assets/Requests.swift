import AsyncHTTPClient
import ClusterModel
import Foundation
import NIOCore
import NIOHTTP1

/// GET requests with a few tries. What they throw is a `RequestFailure`, or an error of the disk.
final class Requests: Sendable {
    let context: RunContext
    private let client: HTTPClient

    /// For one answer; a stalled connection is given up long before.
    private static let longest = TimeAmount.minutes(60)
    private static let hops = 6

    /// - Parameter idle: how long a server may send nothing.
    init(context: RunContext, idle: Duration = .seconds(30)) {
        self.context = context
        var configuration = HTTPClient.Configuration(
            // Redirects are followed here, so that none leads out of TLS unnoticed.
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10), read: TimeAmount(idle)))
        // Without this a refused connection would be tried again and again until the connect timeout.
        configuration.connectionPool.retryConnectionEstablishment = false
        // What arrives is compared with a digest of the bytes as they are stored.
        configuration.decompression = .disabled
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// A client may not go without having been shut down; one that was closed does not mind the second time.
    deinit { client.shutdown { _ in } }

    func close() async {
        // The only error says that it was closed already.
        try? await client.shutdown()
    }

    /// A small file's content, `limit` bytes at most.
    func bytes(_ url: String, accept: [String] = [], limit: Int) async throws -> [UInt8] {
        var tries = Tries()
        while true {
            do {
                let headers = HTTPHeaders(accept.map { ("accept", $0) })
                let body = try await get(url, headers).body.collect(upTo: limit)
                return Array(body.readableBytesView)
            } catch {
                try await tries.wait(after: RequestFailure.of(error, url: url), context)
            }
        }
    }

    func text(_ url: String) async throws -> String {
        String(decoding: try await bytes(url, limit: ChecksumText.limit), as: UTF8.self)
    }

    /// The answer to one request, once it is 200, or 206 or 416 when a range was asked for. Its body has still to be read.
    func get(_ url: String, _ headers: HTTPHeaders = [:]) async throws -> HTTPClientResponse {
        var location = url
        for _ in 0..<Self.hops {
            var request = HTTPClientRequest(url: location)
            request.headers = headers
            let response = try await client.execute(request, deadline: .now() + Self.longest)
            let status = Int(response.status.code)
            switch status {
            case 200: return response
            case 206,
                416 where headers.contains(name: "range"):
                return response
            case 301, 302, 303, 307, 308: location = try Self.next(response, from: location)
            case 408, 425, 429, 500...:
                throw RequestFailure(location, "\(response.status)", .transient, status: status, pause: Self.pause(response))
            default: throw RequestFailure(location, "\(response.status)", .permanent, status: status)
            }
        }
        throw RequestFailure(url, "too many redirects", .permanent)
    }

    /// Where a redirect leads: to an https address, or to the place that it comes from.
    private static func next(_ response: HTTPClientResponse, from location: String) throws -> String {
        let here = URL(string: location)
        guard let text = response.headers.first(name: "location"), let next = URL(string: text, relativeTo: here)?.absoluteURL else {
            throw RequestFailure(location, "\(response.status) to nowhere", .permanent)
        }
        guard next.scheme == "https" || (next.scheme == here?.scheme && next.host == here?.host && next.port == here?.port) else {
            throw RequestFailure(
                location, "\(response.status) to \(next.scheme ?? "")://\(next.host ?? ""), which is neither https nor the same server",
                .permanent)
        }
        return next.absoluteString
    }

    /// `Retry-After` in seconds; its other form, a date, is not worth a parser.
    private static func pause(_ response: HTTPClientResponse) -> Duration? {
        response.headers.first(name: "retry-after").flatMap { Int($0.trimmingWhitespace()) }.flatMap { $0 > 0 ? .seconds($0) : nil }
    }
}
