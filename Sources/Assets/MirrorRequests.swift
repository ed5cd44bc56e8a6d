import AsyncHTTPClient
import ClusterModel
import Foundation
import NIOCore
import NIOHTTP1

/// GET requests with a few tries. All errors are `.unreachable`: it cannot be asked, or lacks the file.
final class MirrorRequests: Sendable {
    let context: RunContext
    private let client: HTTPClient

    /// Tries in all, and the wait before the second; it doubles from one to the next.
    private static let tries = 4
    private static let firstWait = Duration.milliseconds(500)
    /// For one file; a stalled connection is given up long before.
    private static let longest = TimeAmount.minutes(60)

    init(context: RunContext) {
        self.context = context
        var configuration = HTTPClient.Configuration(
            // Redirects are followed here, so that none leads out of TLS unnoticed.
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10), read: .seconds(30)))
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

    /// A small file's content.
    func text(_ url: String, doing: String) async throws -> String {
        try await trying(doing, url) { [self] in
            let body = try await get(url, doing: doing).body.collect(upTo: 4096)
            return String(buffer: body)
        }
    }

    /// Streams the file. Every try starts from nothing.
    func download(_ url: String, into empty: CacheFile, doing: String) async throws -> CacheFile {
        try await trying(doing, url) { [self] in
            let response = try await get(url, doing: doing)
            var file = try await offPool {
                var file = empty
                try file.clear()
                return file
            }
            var piece: [UInt8] = []
            func flush() async throws {
                let (bytes, before) = (piece, file)
                piece.removeAll(keepingCapacity: true)
                file = try await offPool {
                    var file = before
                    try file.append(bytes)
                    return file
                }
            }
            for try await part in response.body {
                piece += part.readableBytesView
                if piece.count >= 1 << 20 { try await flush() }
            }
            try await flush()
            return file
        }
    }

    /// The answer to one request, once it is 200. Its body has still to be read.
    private func get(_ url: String, doing: String) async throws -> HTTPClientResponse {
        var location = url
        for _ in 0..<6 {
            let response = try await client.execute(HTTPClientRequest(url: location), deadline: .now() + Self.longest)
            switch response.status.code {
            case 200: return response
            case 301, 302, 303, 307, 308:
                guard let next = response.headers.first(name: "location").flatMap({ URL(string: $0, relativeTo: URL(string: location)) })
                else {
                    throw failure(doing, "\(location): \(response.status) to nowhere", .permanent)
                }
                guard next.scheme == "https" || !location.hasPrefix("https:") else {
                    throw failure(doing, "\(location): \(response.status) to \(next.scheme ?? "") would leave TLS", .permanent)
                }
                location = next.absoluteString
            case 408, 425, 429, 500...: throw failure(doing, "\(location): \(response.status)", .transient)
            default: throw failure(doing, "\(location): \(response.status)", .permanent)
            }
        }
        throw failure(doing, "\(url): too many redirects", .permanent)
    }

    private func trying<Value>(_ doing: String, _ url: String, _ work: () async throws -> Value) async throws -> Value {
        var wait = Self.firstWait
        var attempt = 1
        while true {
            do {
                return try await work()
            } catch let error as SystemError {
                throw error
            } catch {
                try Task.checkCancellation()
                let known = error as? SlipwayError ?? failure(doing, "\(url): \(Self.cause(error))", .transient)
                guard known.retry == .transient, attempt < Self.tries else { throw known }
            }
            try await context.sleep(wait)
            wait *= 2
            attempt += 1
        }
    }

    private func failure(_ doing: String, _ cause: String, _ retry: SlipwayError.Retry) -> SlipwayError {
        SlipwayError(
            .unreachable, doing: doing, cause: cause,
            hint: "check the network and the URL, or prepare a mirror with `make assets` and give its path with --assets", retry: retry)
    }

    private static func cause(_ error: any Error) -> String {
        (error as? HTTPClientError).map { $0.shortDescription } ?? "\(error)"
    }
}
