import ClusterModel
import NIOCore
import NIOSSL

extension TLSConfiguration {
    /// Trusts the endpoint's authority and no other, verifies the server's address, and shows the client certificate.
    /// Throws when a PEM cannot be read or key and certificate do not belong together.
    static func identity(of endpoint: APIEndpoint) throws -> TLSConfiguration {
        func certificates(_ pem: String, of owner: String) throws -> [NIOSSLCertificate] {
            guard let certificates = try? NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)), !certificates.isEmpty else {
                throw KubernetesAPIError.impossible("the certificate of the \(owner) is not readable PEM")
            }
            return certificates
        }
        guard let key = try? NIOSSLPrivateKey(bytes: endpoint.key.reveal(), format: .pem) else {
            throw KubernetesAPIError.impossible("the client's private key is not readable PEM")
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        configuration.trustRoots = .certificates(try certificates(endpoint.authority, of: "authority"))
        configuration.certificateChain = try certificates(endpoint.certificate, of: "client").map { .certificate($0) }
        configuration.privateKey = .privateKey(key)
        // HTTP says itself where an answer ends; a silent peer's farewell is not worth waiting the usual five seconds for.
        configuration.shutdownTimeout = .milliseconds(500)
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw KubernetesAPIError.impossible("the client's certificate and private key do not belong together")
        }
        return configuration
    }
}
