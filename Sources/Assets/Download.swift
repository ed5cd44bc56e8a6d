import AsyncHTTPClient
import ClusterModel
import NIOCore
import NIOHTTP1

/// One file on its way into the cache, over as many requests as it takes. A try goes on where the last one broke off, as
/// long as the server still has the same file and serves ranges; else it begins anew.
struct Download {
    let requests: Requests
    let url: String
    /// Of the whole file. Nothing else ends a download well.
    let digest: String
    let progress: @Sendable (AssetProgress.Kind, _ received: Int, _ total: Int?) -> Void

    private(set) var file: CacheFile
    /// What the server calls this state of the file: a strong ETag, or the time of its last change.
    private var validator: String?
    private var total: Int?
    /// Whether part of it comes from an earlier request.
    private var isPatched = false

    init(
        _ url: String, _ digest: String, into file: CacheFile, _ requests: Requests,
        progress: @escaping @Sendable (AssetProgress.Kind, _ received: Int, _ total: Int?) -> Void
    ) {
        self.url = url
        self.digest = digest
        self.file = file
        self.requests = requests
        self.progress = progress
    }

    /// Throws a `RequestFailure` when the file cannot be had, `.failed` when it is another than its digest says.
    mutating func run() async throws -> CacheFile {
        try await receive()
        if file.digest != digest, isPatched {
            // The pieces may be of two files. Once more, from nothing.
            progress(.retrying("its pieces do not fit together"), 0, total)
            try await clear()
            try await receive()
        }
        guard file.digest == digest else {
            throw SlipwayError(
                .failed, doing: "checking what was downloaded",
                cause: "the SHA-256 of \(url) is \(file.digest), but its checksum file says \(digest)"
                    + (isPage ? "; the answer was a web page, not a file" : ""),
                hint: "the source is damaged, is being changed, or something between it and here answers in its place: try again later, "
                    + "or use another source")
        }
        progress(.finished, file.size, file.size)
        return file
    }

    /// All of it, be it right or wrong.
    private mutating func receive() async throws {
        var tries = Tries()
        var best = file.size
        while file.size == 0 || file.digest != digest {
            do {
                return try await request()
            } catch {
                let failure = try RequestFailure.of(error, url: url)
                // A server that promises more than it has breaks off behind the file's end.
                if file.size > 0, file.digest == digest { return }
                if file.size > best {
                    best = file.size
                    tries.reset()
                }
                if failure.retry == .transient { progress(.retrying(failure.cause), file.size, total) }
                try await tries.wait(after: failure, requests.context)
            }
        }
    }

    private mutating func request() async throws {
        var headers = HTTPHeaders()
        if file.size > 0 {
            headers.add(name: "range", value: "bytes=\(file.size)-")
            if let validator { headers.add(name: "if-range", value: validator) }
        }
        let response = try await requests.get(url, headers)
        switch response.status.code {
        case 206:
            let range = ContentRange(response.headers.first(name: "content-range") ?? "")
            guard let range, range.first == file.size, total == nil || range.total == nil || range.total == total,
                validator == nil || Self.validator(response) == validator
            else {
                try await clear()
                throw RequestFailure(url, "the file changed while it was downloaded", .transient)
            }
            isPatched = true
            total = range.total
        case 416:
            try await clear()
            throw RequestFailure(url, "the file is shorter than what is here already", .transient)
        default:
            try await clear()
            total = response.headers.first(name: "content-length").flatMap { Int($0) }
            isPage = response.headers.first(name: "content-type")?.lowercased().hasPrefix("text/html") == true
        }
        validator = Self.validator(response)
        if let total { try await offPool { [file] in try file.checkRoom(for: total - file.size) } }
        try await take(response.body)
    }

    private mutating func take(_ body: HTTPClientResponse.Body) async throws {
        let clock = ContinuousClock()
        var piece: [UInt8] = []
        var last = clock.now
        do {
            for try await part in body {
                piece += part.readableBytesView
                // What trickles in is shown and kept, too.
                guard piece.count >= 1 << 20 || clock.now - last > .milliseconds(250) else { continue }
                try await append(piece)
                piece.removeAll(keepingCapacity: true)
                last = clock.now
            }
        } catch {
            // What came before it broke off is worth keeping.
            try await append(piece)
            throw error
        }
        try await append(piece)
    }

    private mutating func append(_ piece: [UInt8]) async throws {
        file = try await offPool { [file] in
            var file = file
            try file.append(piece)
            return file
        }
        progress(.received, file.size, total)
    }

    private mutating func clear() async throws {
        validator = nil
        total = nil
        isPatched = false
        file = try await offPool { [file] in
            var file = file
            try file.clear()
            return file
        }
    }

    /// Whether the answer says that it is for a browser.
    private var isPage = false

    /// A weak ETag stands for the meaning, not for the bytes.
    private static func validator(_ response: HTTPClientResponse) -> String? {
        if let tag = response.headers.first(name: "etag"), !tag.hasPrefix("W/") { return tag }
        return response.headers.first(name: "last-modified")
    }
}

/// The header of a partial answer: `bytes FIRST-LAST/TOTAL`, where the total may be a star.
struct ContentRange: Equatable {
    var first: Int
    /// Nil when the server does not know it.
    var total: Int?

    init?(_ text: String) {
        let words = text.split(whereSeparator: { " -/".contains($0) })
        guard words.count == 4, words[0].lowercased() == "bytes", let first = Int(words[1]), let last = Int(words[2]), first <= last else {
            return nil
        }
        self.first = first
        total = Int(words[3])
    }
}
