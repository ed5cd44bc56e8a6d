import NIOCore
import NIOPosix

/// A port on loopback where nobody listens.
func unusedPort() async throws -> Int {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).get()
    let port = listener.localAddress?.port ?? 0
    try await listener.close().get()
    return port
}

/// A server that speaks no TLS: says `answer` to whatever comes, or nothing at all.
func withListener(answering answer: String?, _ body: (_ port: Int) async throws -> Void) async throws {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Parrot(answer: answer)) }
        }
        .bind(host: "127.0.0.1", port: 0).get()
    do {
        try await body(listener.localAddress?.port ?? 0)
    } catch {
        try? await listener.close().get()
        throw error
    }
    try await listener.close().get()
}

private final class Parrot: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: String?

    init(answer: String?) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let answer else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
