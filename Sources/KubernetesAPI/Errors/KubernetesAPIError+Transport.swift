import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension KubernetesAPIError {
    /// What the libraries throw, in words for a person.
    init(transport error: any Error, limits: KubernetesClient.Limits) {
        switch error {
        case let error as HTTPClientError: self.init(error, limits: limits)
        case is NIOTooManyBytesError: self = .tooLarge(limits.answerSize)
        case let error as IOError: self.init(error)
        case let error as NIOConnectionError:
            guard let cause = error.connectionErrors.first?.error else {
                self = .unreachable("the name \(error.host) cannot be resolved")
                return
            }
            self.init(transport: cause, limits: limits)
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: self.init(tls: error)
        case is HTTPParserError: self = .interrupted("what came back was not HTTP, or was cut off")
        case ChannelError.connectTimeout: self = .unreachable("no connection within the time for it")
        default: self = .interrupted("the connection broke: \(error)")
        }
    }

    private init(_ error: HTTPClientError, limits: KubernetesClient.Limits) {
        switch error {
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
            self = .unreachable("connecting timed out; nothing answers there")
        case .deadlineExceeded, .readTimeout, .writeTimeout: self = .timedOut(limits.call)
        case .remoteConnectionClosed: self = .interrupted("the connection was closed before the answer was complete")
        case .alreadyShutdown, .cancelled: self = .closed
        default: self = .impossible(error.shortDescription)
        }
    }

    private init(_ error: IOError) {
        switch error.errnoCode {
        case ECONNREFUSED: self = .unreachable("connection refused; no API server listens there")
        case EHOSTUNREACH, ENETUNREACH: self = .unreachable("there is no route to it")
        case ETIMEDOUT: self = .unreachable("connecting timed out; nothing answers there")
        default: self = .interrupted("the connection broke: \(String(cString: strerror(error.errnoCode)))")
        }
    }

    /// The library gives a stack of OpenSSL's error names, and alerts of the other side among them.
    private init(tls error: any Error) {
        switch error {
        case NIOSSLError.uncleanShutdown:
            self = .interrupted("the connection was cut off")
            return
        case NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate, is NIOSSLExtraError:
            self = .untrusted("its certificate is not for this address")
            return
        default: break
        }
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            self = .untrusted("its certificate is not signed by the cluster's authority, or not valid at this time")
        } else if let name = [
            "UNKNOWN_CA", "BAD_CERTIFICATE", "CERTIFICATE_EXPIRED", "CERTIFICATE_REQUIRED", "CERTIFICATE_UNKNOWN",
            "UNSUPPORTED_CERTIFICATE", "ACCESS_DENIED", "DECRYPT_ERROR", "HANDSHAKE_FAILURE",
        ].first(where: { text.contains("ALERT_\($0)") }) {
            self = .untrusted("it does not accept the client certificate (\(name.lowercased().replacing("_", with: " ")))")
        } else if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            self = .untrusted("it does not speak TLS")
        } else {
            self = .interrupted("the TLS connection broke")
        }
    }
}
