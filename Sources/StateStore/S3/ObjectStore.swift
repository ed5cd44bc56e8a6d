import AWSAPI
import ClusterModel

/// What the S3 store needs of S3. Tests have another one, with faults.
protocol ObjectStore: Sendable {
    func get(_ key: String) async throws -> S3Object?
    func head(_ key: String) async throws -> S3Object?
    func put(_ key: String, _ bytes: [UInt8], if condition: S3Condition) async throws -> S3Put
    func delete(_ keys: [String]) async throws
    func list(_ prefix: String, delimiter: String?) async throws -> S3Listing
}

/// A bucket that is looked for when it is first needed: naming a store touches nothing, not even the settings.
actor LazyBucket: ObjectStore {
    private let name: String
    private let environment: [String: String]
    private let context: RunContext
    private var opened: S3Bucket?

    init(_ name: String, environment: [String: String], context: RunContext) {
        self.name = name
        self.environment = environment
        self.context = context
    }

    private func bucket() throws -> S3Bucket {
        if let opened { return opened }
        let bucket = try S3Bucket(name, settings: AWSSettings(environment), context: context)
        opened = bucket
        return bucket
    }

    func get(_ key: String) async throws -> S3Object? { try await bucket().get(key) }
    func head(_ key: String) async throws -> S3Object? { try await bucket().head(key) }
    func put(_ key: String, _ bytes: [UInt8], if condition: S3Condition) async throws -> S3Put {
        try await bucket().put(key, bytes, if: condition)
    }
    func delete(_ keys: [String]) async throws { try await bucket().delete(keys) }
    func list(_ prefix: String, delimiter: String?) async throws -> S3Listing {
        try await bucket().list(prefix, delimiter: delimiter)
    }
}

extension ObjectStore {
    /// Puts what no other put writes: the bytes say whose they are. So a failed condition is looked into, as an earlier try
    /// of this very put may have taken effect without an answer.
    /// - Returns: the object's tag; nil when the condition was not true.
    func putOwn(_ key: String, _ bytes: [UInt8], if condition: S3Condition) async throws -> String? {
        switch try await put(key, bytes, if: condition) {
        case .stored(let etag): return etag
        case .conditionFailed:
            guard let found = try await get(key), found.bytes == bytes else { return nil }
            return found.etag
        }
    }

    /// Several objects at once, in the order of their keys; nil for those that are not there.
    func get(_ keys: [String], atOnce: Int = 16) async throws -> [S3Object?] {
        try await withThrowingTaskGroup(of: (Int, S3Object?).self) { group in
            var objects = [S3Object?](repeating: nil, count: keys.count)
            var next = 0
            func begin() {
                guard next < keys.count else { return }
                let (index, key) = (next, keys[next])
                group.addTask { (index, try await self.get(key)) }
                next += 1
            }
            for _ in 0..<atOnce { begin() }
            while let (index, object) = try await group.next() {
                objects[index] = object
                begin()
            }
            return objects
        }
    }
}
