import AWSAPI
import ClusterModel

@testable import StateStore

/// KMS in memory.
final class FakeDataKeys: DataKeys {
    static let one = "arn:aws:kms:eu-west-1:111122223333:key/11111111-1111-4111-8111-111111111111"
    static let two = "arn:aws:kms:eu-west-1:111122223333:key/22222222-2222-4222-8222-222222222222"

    private struct Made {
        var key: DataKey
        var context: [String: String]
    }

    let calls = Shared<[String]>([])
    private let made: Shared<[Made]>

    init() { made = Shared([]) }

    /// With a data key that was made before, for a cluster.
    init(holding key: DataKey, of cluster: String) { made = Shared([Made(key: key, context: ["slipway:cluster": cluster])]) }

    var plaintexts: [[UInt8]] { made.value.map { $0.key.plaintext.reveal() } }

    func make(under key: String, context: [String: String]) async throws -> DataKey {
        calls.change { $0.append("make \(context["slipway:cluster"] ?? "")") }
        return made.change { made in
            var generator = SystemRandomNumberGenerator()
            let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let key = DataKey(plaintext: Secret(bytes), encrypted: [1, UInt8(made.count)], arn: key)
            made.append(Made(key: key, context: context))
            return key
        }
    }

    func open(_ encrypted: [UInt8], under key: String, context: [String: String]) async throws -> DataKey {
        calls.change { $0.append("open \(context["slipway:cluster"] ?? "")") }
        guard let found = made.value.first(where: { $0.key.encrypted == encrypted && $0.context == context }) else {
            throw AWSError(status: 400, code: "InvalidCiphertextException", message: "no")
        }
        guard found.key.arn == key else { throw AWSError(status: 400, code: "IncorrectKeyException", message: "no") }
        return found.key
    }
}
