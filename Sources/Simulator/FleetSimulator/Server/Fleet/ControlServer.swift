import Dispatch
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import NIOPosix

/// Serves the control endpoint over plain HTTP on a loopback port.
///
/// It has a thread and a queue of its own, so it answers whatever the clusters are made to suffer.
final class ControlServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel

    /// The port that was opened.
    let port: Int

    /// Opens the port, or any free one when it is 0.
    init(api: ControlAPI, port: Int) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            listener = try ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                            withErrorHandling: true
                        )
                        try channel.pipeline.syncOperations.addHandler(ControlExchange(api: api))
                    }
                }
                .bind(host: "127.0.0.1", port: port)
                .wait()
        } catch {
            try? group.syncShutdownGracefully()
            throw error
        }
        self.group = group
        self.port = listener.localAddress?.port ?? port
    }

    func stop() {
        try? listener.close().wait()
        try? group.syncShutdownGracefully()
    }
}

/// One connection to the control endpoint.
private final class ControlExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let queue = DispatchQueue(label: "weir-sim.control")

    private let api: ControlAPI
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    init(api: ControlAPI) {
        self.api = api
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
        case .body(var part):
            guard body.readableBytes < APIRequest.bodyLimit else { return }
            body.writeBuffer(&part)
        case .end:
            guard let head else { return }
            let request = APIRequest(
                method: head.method.rawValue,
                uri: head.uri,
                headers: head.headers,
                body: body.readData(length: body.readableBytes) ?? Data()
            )
            answer(request, head, context)
        }
    }

    private func answer(_ request: APIRequest, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let channel = context.channel
        let isLast = !head.isKeepAlive
        let version = head.version
        Self.queue.async { [api] in
            let answer = api.answer(request)
            guard case .data(let data) = answer.body else { return }
            var headers = HTTPHeaders([("Content-Length", String(data.count))])
            if let type = answer.contentType { headers.add(name: "Content-Type", value: type) }
            if isLast { headers.add(name: "Connection", value: "close") }
            let status = HTTPResponseStatus(statusCode: answer.status)
            channel.write(
                HTTPServerResponsePart.head(
                    HTTPResponseHead(version: version, status: status, headers: headers)
                ),
                promise: nil
            )
            channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(data: data))), promise: nil)
            channel.writeAndFlush(HTTPServerResponsePart.end(nil)).whenComplete { _ in
                if isLast { channel.close(promise: nil) }
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
