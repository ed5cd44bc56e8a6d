import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A real HTTPS server on loopback that demands a client certificate and plays a script.
/// A request that the script does not have is answered with 501 and remembered, for the test to fail.
final class ServerDouble: Sendable {
    let script: Script
    let port: Int
    private let listener: any Channel
    private let connections: Connections

    private init(script: Script, port: Int, listener: any Channel, connections: Connections) {
        self.script = script
        self.port = port
        self.listener = listener
        self.connections = connections
    }

    /// - Parameters:
    ///   - identity: the certificate shown to clients.
    ///   - port: 0 for any that is free.
    static func start(
        _ script: Script, as identity: TestCertificates.Leaf, trusting authority: String, port: Int = 0
    ) async throws -> ServerDouble {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(identity.certificate.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(identity.key.utf8), format: .pem)))
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
        // Clients have no name to verify; their certificates are demanded and checked.
        tls.certificateVerification = .noHostnameVerification
        tls.shutdownTimeout = .milliseconds(500)
        let context = try NIOSSLContext(configuration: tls)
        let connections = Connections()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLServerHandler(context: context))
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(Player(script: script))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return ServerDouble(
            script: script, port: listener.localAddress?.port ?? 0, listener: listener, connections: connections)
    }

    /// Closes the listener and all connections.
    func stop() async {
        try? await listener.close().get()
        for channel in connections.all { try? await channel.close().get() }
    }

    /// How many connections were ever accepted.
    var accepted: Int { connections.all.count }
}

private final class Connections: Sendable {
    private let channels = Mutex<[any Channel]>([])

    func add(_ channel: any Channel) { channels.withLock { $0.append(channel) } }
    var all: [any Channel] { channels.withLock { $0 } }
}

/// Collects a whole request, then does what the script says.
private final class Player: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let script: Script
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    init(script: Script) { self.script = script }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
        case .body(var part): body.writeBuffer(&part)
        case .end:
            guard let head else { return }
            play(
                script.answer(
                    to: ReceivedRequest(
                        method: head.method.rawValue, target: head.uri, contentType: head.headers.first(name: "Content-Type"),
                        body: String(buffer: body))),
                context)
        }
    }

    // A client that goes away, or one whose certificate is refused, is part of the tests.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func play(_ answer: Answer, _ context: ChannelHandlerContext) {
        switch answer {
        case .respond(let status, let type, let headers, let text):
            write(status, [("Content-Type", type), ("Content-Length", "\(text.utf8.count)")] + headers, text, context)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .silence: break
        case .stall(let text): writePart(text, context)
        case .cut(let text):
            writePart(text, context)
            context.close(promise: nil)
        case .raw(let text):
            // From the encoder's own place, so that it goes through TLS only.
            if let encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self) {
                encoder.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
            }
            context.close(promise: nil)
        }
    }

    private func writePart(_ text: String, _ context: ChannelHandlerContext) {
        write(200, [("Content-Type", "application/json"), ("Content-Length", "\(text.utf8.count + 1000)")], text, context)
        context.flush()
    }

    private func write(_ status: Int, _ headers: [(String, String)], _ text: String, _ context: ChannelHandlerContext) {
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: HTTPHeaders(headers))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
    }
}
