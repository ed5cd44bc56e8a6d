import AWSAPI
public import ClusterModel
import Foundation
import Synchronization

/// A key of AWS KMS in the place of a key file. It never leaves KMS: each cluster's secrets are sealed with a data key, which
/// is stored as the KMS key encrypted it.
///
/// KMS is asked once in a process for each data key. Only a key that was named is asked, and never one that merely stands in a
/// store: who can write there could name a key of their own, and secrets of their own with it.
public final class KMSKey: Sendable {
    /// A key's id or ARN, or an alias: `alias/slipway`.
    public let name: String
    private let source: any DataKeys
    private let known = Mutex(Known())

    private struct Known {
        var keys: [Envelope: StoreKey] = [:]
        /// What seals for the first time in this process, by cluster.
        var fresh: [String: Envelope] = [:]
    }

    /// Touches nothing yet.
    /// - Parameter environment: where credentials, region and endpoint are looked for. Nil: that of this process.
    /// - Throws: `.usage` for what is no key's name.
    public convenience init(_ name: String, environment: [String: String]? = nil, context: RunContext = .live) throws {
        try self.init(
            name, source: KMSDataKeys(environment: environment ?? ProcessInfo.processInfo.environment, context: context))
    }

    init(_ name: String, source: any DataKeys) throws {
        let id = /(key\/)?(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})/
        let arn = /arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key\/[A-Za-z0-9-]+|alias\/[A-Za-z0-9\/_-]+)/
        let alias = /alias\/[A-Za-z0-9\/_-]+/
        guard name.wholeMatch(of: id) != nil || name.wholeMatch(of: arn) != nil || name.wholeMatch(of: alias) != nil else {
            throw SlipwayError(
                .usage, doing: "reading the name of the KMS key", cause: "'\(name)' is none",
                hint: "give its ARN, its id, or an alias as alias/slipway")
        }
        self.name = name.hasPrefix("key/") ? String(name.dropFirst("key/".count)) : name
        self.source = source
    }

    /// As messages say it.
    var place: String { "the KMS key \(name)" }

    /// Of a name that says it, as an ARN does.
    static func region(of name: String) -> String? {
        let parts = name.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 ? String(parts[3]) : nil
    }

    /// What KMS binds a data key to, and shows in its log; policies can ask for it.
    private static func context(_ cluster: String) -> [String: String] { ["slipway:cluster": cluster] }

    /// Whether a data key was opened already.
    func knows(_ envelope: Envelope) -> Bool { known.withLock { $0.keys[envelope] != nil } }

    /// Whether this name can be that of the key which encrypted a data key. An alias says nothing: KMS knows.
    func mayHaveMade(_ envelope: Envelope) -> Bool {
        if name.contains("alias/") { return true }
        guard name.hasPrefix("arn:") else { return envelope.kmsKey.hasSuffix(":key/\(name)") }
        return Self.isSame(name, envelope.kmsKey)
    }

    /// Replicas of a key in several regions are one key.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        func withoutRegion(_ arn: String) -> [Substring] {
            var parts = arn.split(separator: ":", omittingEmptySubsequences: false)
            if parts.count == 6, parts[5].hasPrefix("key/mrk-") { parts[3] = "" }
            return parts
        }
        return withoutRegion(one) == withoutRegion(other)
    }

    /// The key that seals with an envelope. Blocks.
    /// - Throws: `.refused` when another key encrypted it, or it is damaged or another cluster's.
    func key(_ envelope: Envelope, cluster: String) throws -> StoreKey {
        try known.withLock { known in
            if let key = known.keys[envelope] { return key }
            guard mayHaveMade(envelope) else { throw wrongKey(envelope, cluster) }
            guard let encrypted = Data(base64Encoded: envelope.dataKey) else { throw SecretsDocument.damaged(cluster) }
            let opened: DataKey
            do {
                opened = try BlockingWork.wait { [name, source] in
                    try await source.open([UInt8](encrypted), under: name, context: Self.context(cluster))
                }
            } catch let error as AWSError where error.code == KMSDataKeys.wrongKey {
                throw wrongKey(envelope, cluster)
            } catch let error as AWSError where error.code == KMSDataKeys.wrongData {
                throw SecretsDocument.damaged(cluster)
            } catch let error as SlipwayError {
                throw error.at(Address(.secrets, cluster))
            }
            guard Self.isSame(opened.arn, envelope.kmsKey) else { throw wrongKey(envelope, cluster) }
            let key = StoreKey(opened.plaintext.reveal())
            known.keys[envelope] = key
            return key
        }
    }

    /// A data key of its own for secrets that are sealed for the first time. Blocks.
    func fresh(cluster: String) throws -> (envelope: Envelope, key: StoreKey) {
        try known.withLock { known in
            if let envelope = known.fresh[cluster], let key = known.keys[envelope] { return (envelope, key) }
            let made: DataKey
            do {
                made = try BlockingWork.wait { [name, source] in try await source.make(under: name, context: Self.context(cluster)) }
            } catch let error as SlipwayError {
                throw error.at(Address(.secrets, cluster))
            }
            let envelope = Envelope(kmsKey: made.arn, dataKey: Data(made.encrypted).base64EncodedString())
            let key = StoreKey(made.plaintext.reveal())
            known.keys[envelope] = key
            known.fresh[cluster] = envelope
            return (envelope, key)
        }
    }

    private func wrongKey(_ envelope: Envelope, _ cluster: String) -> SlipwayError {
        SlipwayError(
            .refused, at: Address(.secrets, cluster), doing: "opening the secrets",
            cause: "\(name) is not the KMS key that encrypted them: that is \(envelope.kmsKey)",
            hint: "if you trust that key, name it with --kms-key")
    }
}
