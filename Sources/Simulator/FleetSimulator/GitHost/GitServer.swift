import Dispatch
import NIOCore
import NIOHTTP1
import NIOPosix

/// A smart-HTTP Git server on a loopback port: one NIO thread for sockets, one blocking thread per request.
final class GitServer: Sendable {
    /// The port it listens on.
    let port: Int
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel

    /// Serves the repositories in `root`, asking `rights` for each request.
    init(root: String, rights: @escaping @Sendable (String) -> RepositoryRights) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline(withErrorHandling: true).flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(
                        GitRequestReader(root: root, rights: rights)
                    )
                }
            }
        do {
            channel = try bootstrap.bind(host: "127.0.0.1", port: 0).wait()
        } catch {
            try? group.syncShutdownGracefully()
            throw error
        }
        self.group = group
        port = channel.localAddress?.port ?? 0
    }

    /// Closes the port and every connection; returns when both are gone.
    func stop() {
        try? channel.close().wait()
        try? group.syncShutdownGracefully()
    }
}

/// Collects one request at a time and hands it to a blocking thread that runs Git.
///
/// - Thread: lives on its channel's event loop; the pipelining handler before it keeps requests in order.
private final class GitRequestReader: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    /// A push larger than this is refused, so that one request cannot take all memory.
    private static let bodyLimit = 256 << 20
    private static let threads = DispatchQueue(label: "weir.sim.git", attributes: .concurrent)

    private let root: String
    private let rights: @Sendable (String) -> RepositoryRights
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    init(root: String, rights: @escaping @Sendable (String) -> RepositoryRights) {
        self.root = root
        self.rights = rights
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
            if head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) {
                let part = HTTPServerResponsePart.head(
                    HTTPResponseHead(version: head.version, status: .continue)
                )
                context.channel.writeAndFlush(part, promise: nil)
            }
        case .body(var part):
            guard body.readableBytes + part.readableBytes <= Self.bodyLimit else {
                context.close(promise: nil)
                return
            }
            body.writeBuffer(&part)
        case .end:
            guard let head else { return }
            self.head = nil
            let answer = GitAnswer(
                root: root,
                request: GitRequest(head: head, body: body),
                channel: context.channel,
                keepAlive: head.isKeepAlive
            )
            let rights = rights
            Self.threads.async { answer.run(rights: rights) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
