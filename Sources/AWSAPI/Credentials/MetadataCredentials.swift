import ClusterModel
import Foundation

/// The role of a container's task (ECS), or of a pod (EKS).
struct ContainerCredentials: CredentialSource {
    let settings: AWSSettings
    let transport: any AWSTransport

    /// Over plain HTTP credentials are taken from these and from this host only.
    private static let trusted = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23", "localhost", "::1"]

    func credentials() async throws -> AWSCredentials? {
        let address: String
        if let path = settings.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            address = "http://169.254.170.2\(path)"
        } else if let full = settings.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            address = full
        } else {
            return nil
        }
        guard let url = URL(string: address), let host = url.host?.trimmingCharacters(in: ["[", "]"]) else {
            throw CredentialChain.error("the address of the container's credentials, '\(address)', is none", hint: nil)
        }
        guard url.scheme == "https" || Self.trusted.contains(host) || host.hasPrefix("127.") else {
            throw CredentialChain.error(
                "the container's credentials would come from \(host) over plain HTTP",
                hint: "$AWS_CONTAINER_CREDENTIALS_FULL_URI must be https, or of this host")
        }
        var headers: [(name: String, value: String)] = []
        if let token = try token() { headers.append(("authorization", token)) }
        let answer: HTTPAnswer
        do {
            answer = try await transport.send(HTTPMessage(method: "GET", url: address, headers: headers), within: .seconds(5))
        } catch let failure as TransportFailure {
            throw CredentialChain.error("the container's credentials at \(address): \(failure)", hint: nil)
        }
        guard answer.status == 200 else {
            throw CredentialChain.error("the container's credentials at \(address): status \(answer.status)", hint: nil)
        }
        return try LentCredentials.read(answer.body, from: address)
    }

    private func token() throws -> String? {
        guard let path = settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") else {
            return settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CredentialChain.error("$AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, \(path), cannot be read", hint: nil)
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// The role of the machine that this runs on, from EC2's metadata service, version 2.
struct InstanceCredentials: CredentialSource {
    let settings: AWSSettings
    let transport: any AWSTransport

    /// Elsewhere nothing answers there, and nobody wants to wait for that.
    private static let patience = Duration.seconds(1)
    private static let path = "/latest/meta-data/iam/security-credentials/"

    func credentials() async throws -> AWSCredentials? {
        guard settings.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() != "true" else { return nil }
        let isIPv6 = settings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")?.lowercased() == "ipv6"
        let base =
            settings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? (isIPv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254")
        let server = base.hasSuffix("/") ? String(base.dropLast()) : base
        let asked = HTTPMessage(
            method: "PUT", url: server + "/latest/api/token", headers: [("x-aws-ec2-metadata-token-ttl-seconds", "21600")])
        guard let token = try? await transport.send(asked, within: Self.patience), token.status == 200 else { return nil }
        let headers = [(name: "x-aws-ec2-metadata-token", value: String(decoding: token.body, as: UTF8.self))]
        func get(_ path: String) async throws -> HTTPAnswer {
            do {
                return try await transport.send(HTTPMessage(method: "GET", url: server + path, headers: headers), within: Self.patience)
            } catch let failure as TransportFailure {
                throw CredentialChain.error("the machine's metadata service at \(server): \(failure)", hint: nil)
            }
        }
        let roles = try await get(Self.path)
        guard roles.status == 200, let role = String(decoding: roles.body, as: UTF8.self).split(whereSeparator: \.isNewline).first else {
            return nil
        }
        let answer = try await get(Self.path + role)
        guard answer.status == 200 else {
            throw CredentialChain.error("the credentials of role \(role) at \(server): status \(answer.status)", hint: nil)
        }
        return try LentCredentials.read(answer.body, from: server)
    }
}
