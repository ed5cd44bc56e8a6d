import ClusterModel
import Foundation

/// Two authorities with leaf certificates, made once per run of the tests by the `openssl` command.
struct TestCertificates: Sendable {
    struct Leaf: Sendable {
        var certificate: String
        var key: String
    }

    /// The authority of the cluster, and one that nobody trusts.
    var authority: String
    var strangeAuthority: String
    /// Valid for 127.0.0.1 and localhost.
    var server: Leaf
    /// For the same names, by the strange authority.
    var strangeServer: Leaf
    /// For another address and a machine's name, by the right authority.
    var displacedServer: Leaf
    var client: Leaf
    var strangeClient: Leaf

    static var shared: TestCertificates { get async throws { try await making.value } }

    private static let making = Task { try await make() }

    private static let script = """
        set -eu
        cat > conf <<'END'
        [req]
        distinguished_name = dn
        prompt = no
        [dn]
        CN = placeholder
        [ca]
        basicConstraints = critical, CA:TRUE
        keyUsage = critical, keyCertSign, digitalSignature
        [server]
        keyUsage = critical, digitalSignature
        extendedKeyUsage = serverAuth
        subjectAltName = IP:127.0.0.1, DNS:localhost
        [displaced]
        keyUsage = critical, digitalSignature
        extendedKeyUsage = serverAuth
        subjectAltName = IP:127.0.0.2, DNS:demo-control-plane-a-1
        [client]
        keyUsage = critical, digitalSignature
        extendedKeyUsage = clientAuth
        END
        key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
        ca() {
          key "$1"
          openssl req -x509 -new -config conf -extensions ca -key "$1.key" -subj "/CN=$1" -days 2 -out "$1.crt"
        }
        leaf() {
          key "$1"
          openssl req -new -config conf -key "$1.key" -subj "/O=system:masters/CN=$1" -out "$1.csr"
          openssl x509 -req -in "$1.csr" -CA "$2.crt" -CAkey "$2.key" -set_serial "$4" -extfile conf -extensions "$3" -days 2 -out "$1.crt"
        }
        ca right; ca strange
        leaf server right server 1; leaf client right client 2; leaf displaced right displaced 3
        leaf strange-server strange server 1; leaf strange-client strange client 2
        """

    private static func make() async throws -> TestCertificates {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }

        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        guard status == 0 else { throw SlipwayError(.failed, doing: "making certificates for a test", cause: "openssl: \(status)") }

        func text(_ name: String) throws -> String { try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8) }
        func leaf(_ name: String) throws -> Leaf { Leaf(certificate: try text("\(name).crt"), key: try text("\(name).key")) }
        return TestCertificates(
            authority: try text("right.crt"), strangeAuthority: try text("strange.crt"), server: try leaf("server"),
            strangeServer: try leaf("strange-server"), displacedServer: try leaf("displaced"), client: try leaf("client"),
            strangeClient: try leaf("strange-client"))
    }

    func endpoint(port: Int, host: String = "127.0.0.1", as client: Leaf? = nil) -> APIEndpoint {
        let client = client ?? self.client
        return APIEndpoint(
            url: "https://\(host):\(port)", authority: authority, certificate: client.certificate, key: Secret(client.key))
    }
}
