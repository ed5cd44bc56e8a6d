import AWSAPI
import AWSRequests
import ClusterModel
import Foundation
import Synchronization

/// Data keys of AWS KMS. Looks for credentials when it is first asked: naming a key touches nothing.
final class KMSDataKeys: DataKeys {
    private let environment: [String: String]
    private let context: RunContext
    private let transport: (any AWSTransport)?
    /// By region; nil is that of the settings.
    private let accounts = Mutex<[String?: AWSAccount]>([:])

    private static let timeout = Duration.seconds(20)
    /// A session that waits for KMS holds a lock.
    private static let patience = Duration.seconds(20)

    /// - Parameter transport: nil is the network.
    init(environment: [String: String], context: RunContext, transport: (any AWSTransport)? = nil) {
        self.environment = environment
        self.context = context
        self.transport = transport
    }

    /// A key that is named by ARN is asked for where it is.
    private func account(for key: String) throws -> AWSAccount {
        let region = KMSKey.region(of: key)
        return try accounts.withLock { accounts in
            if let known = accounts[region] { return known }
            let account = try AWSAccount(
                settings: AWSSettings(environment), region: region, transport: transport, context: context, timeout: Self.timeout)
            accounts[region] = account
            return account
        }
    }

    func make(under key: String, context: [String: String]) async throws -> DataKey {
        let doing = "making a data key under the KMS key \(key)"
        let answer = try await send(
            KMS.GenerateDataKeyRequest(encryptionContext: context, keyId: key, keySpec: "AES_256"), key: key, doing: doing)
        guard let encrypted = answer.ciphertextBlob, !encrypted.isEmpty else { throw Self.silence(doing) }
        return try Self.dataKey(answer.plaintext, encrypted, answer.keyId, doing)
    }

    func open(_ encrypted: [UInt8], under key: String, context: [String: String]) async throws -> DataKey {
        let doing = "opening a data key with the KMS key \(key)"
        let answer = try await send(
            KMS.DecryptRequest(ciphertextBlob: encrypted, encryptionContext: context, keyId: key), key: key, doing: doing)
        return try Self.dataKey(answer.plaintext, encrypted, answer.keyId, doing)
    }

    private static func dataKey(_ plaintext: [UInt8]?, _ encrypted: [UInt8], _ arn: String?, _ doing: String) throws -> DataKey {
        guard let plaintext, plaintext.count == StoreKey.byteCount, let arn, !arn.isEmpty else { throw silence(doing) }
        return DataKey(plaintext: Secret(plaintext), encrypted: encrypted, arn: arn)
    }

    private static func silence(_ doing: String) -> SlipwayError {
        SlipwayError(
            .failed, doing: doing, cause: "the answer holds no key of \(StoreKey.byteCount) bytes",
            hint: "does the endpoint speak as KMS does?")
    }

    private func send<Operation: AWSOperation>(_ request: Operation, key: String, doing: String) async throws -> Operation.Output {
        do {
            return try await account(for: key).send(request, patience: Self.patience)
        } catch let error as AWSError {
            // What only means something for a data key is told by who asked for it.
            if Self.refusals.contains(error.code) { throw error }
            var told = error.error(doing: doing)
            if let denial = error.denial {
                told.hint =
                    "\(denial.principal ?? "the credentials' owner") needs the permission \(denial.permission) on \(denial.resource ?? key)"
                    + (denial.reason.map { ": \($0)" } ?? "") + "; the key's own policy must allow it, too"
            } else if error.isNotFound {
                told.code = .notFound
                told.hint =
                    "is it a key of this account and region (\(try account(for: key).region))? Keys elsewhere are named by their ARN"
            } else if Self.asleep.contains(error.code) {
                told.hint = "enable the key, or cancel its deletion: without it the secrets cannot be read"
            }
            throw told
        }
    }

    static let wrongKey = "IncorrectKeyException"
    static let wrongData = "InvalidCiphertextException"
    private static let refusals: Set<String> = [wrongKey, wrongData]
    private static let asleep: Set<String> = ["DisabledException", "KMSInvalidStateException"]
}
