import ClusterModel
import Foundation

/// Credentials for a while, as metadata services and programs answer them.
struct LentCredentials: Decodable {
    private var accessKeyID: String
    private var secretAccessKey: String
    private var token: String?
    private var expiration: String?

    private enum CodingKeys: String, CodingKey {
        case accessKeyID = "AccessKeyId"
        case secretAccessKey = "SecretAccessKey"
        case token = "Token"
        case sessionToken = "SessionToken"
        case expiration = "Expiration"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        accessKeyID = try container.decode(String.self, forKey: .accessKeyID)
        secretAccessKey = try container.decode(String.self, forKey: .secretAccessKey)
        token = try container.decodeIfPresent(String.self, forKey: .token) ?? container.decodeIfPresent(String.self, forKey: .sessionToken)
        expiration = try container.decodeIfPresent(String.self, forKey: .expiration)
    }

    static func read(_ bytes: [UInt8], from place: String, hint: String? = "is a role attached?") throws -> AWSCredentials {
        guard let lent = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else {
            throw CredentialChain.error("\(place) answered something that holds no credentials", hint: hint)
        }
        return AWSCredentials(
            accessKeyID: lent.accessKeyID, secretAccessKey: Secret(lent.secretAccessKey), sessionToken: lent.token.map { Secret($0) },
            expiration: lent.expiration.flatMap(AWSTime.read))
    }
}
