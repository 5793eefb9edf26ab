import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Reads the requests of one HTTP/1.1 connection or HTTP/2 stream and writes their answers.
///
/// - Thread: its event loop; requests of one connection come one after the other.
final class HTTPExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: ClusterServer
    /// The channel of the TCP connection, which streams share.
    private let connection: any Channel
    private let certificate: PeerCertificate?
    private let isHTTP2: Bool

    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var isBodyTooLarge = false
    private var stream: WatchStream?
    private var isGone = false

    init(server: ClusterServer, connection: any Channel, certificate: PeerCertificate?, isHTTP2: Bool) {
        self.server = server
        self.connection = connection
        self.certificate = certificate
        self.isHTTP2 = isHTTP2
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
            isBodyTooLarge = false
            if head.headers.first(name: "Expect")?.lowercased() == "100-continue" {
                let proceed = HTTPResponseHead(version: head.version, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(proceed)), promise: nil)
            }
        case .body(var part):
            if body.readableBytes + part.readableBytes > APIRequest.bodyLimit {
                isBodyTooLarge = true
                body.clear()
            } else if !isBodyTooLarge {
                body.writeBuffer(&part)
            }
        case .end:
            guard let head else { return }
            if !isHTTP2, head.version.minor > 0, !head.headers.contains(name: "Host") {
                refuseMissingHost(context)
                return
            }
            respond(to: head, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isGone = true
        stream?.stop()
        stream = nil
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { stream?.resume() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Broken requests and vanished clients end like this; the client sees its connection close.
        context.close(promise: nil)
    }

    // MARK: Answering

    private func respond(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let request = APIRequest(
            method: head.method.rawValue,
            uri: head.uri,
            headers: server.judged(head.headers),
            body: body.readData(length: body.readableBytes) ?? Data(),
            isBodyTooLarge: isBodyTooLarge,
            certificate: certificate
        )
        server.counters.received(request)
        let reaction = server.reaction(to: request)
        guard reaction.manner != .never else { return }
        after(reaction.delay, context) { [self] context in
            let answer = reaction.instead ?? server.api.answer(request)
            after(answer.delay, context) { [self] context in
                send(answer, to: request, head, reaction, context)
            }
        }
    }

    private func after(
        _ milliseconds: Int,
        _ context: ChannelHandlerContext,
        _ next: @escaping (ChannelHandlerContext) -> Void
    ) {
        guard milliseconds > 0 else {
            next(context)
            return
        }
        let context = NIOLoopBound((context, next), eventLoop: context.eventLoop)
        let exchange = NIOLoopBound(self, eventLoop: context.value.0.eventLoop)
        context.value.0.eventLoop.scheduleTask(in: .milliseconds(Int64(milliseconds))) {
            guard !exchange.value.isGone else { return }
            context.value.1(context.value.0)
        }
    }

    private func send(
        _ answer: APIAnswer,
        to request: APIRequest,
        _ requestHead: HTTPRequestHead,
        _ reaction: FaultReaction,
        _ context: ChannelHandlerContext
    ) {
        server.counters.answered(answer.status)
        let isLast = !isHTTP2 && (!requestHead.isKeepAlive || reaction.sendsGoaway)
        var answer = answer
        answer.compressIfLarge(for: request)
        let head = HTTPResponseHead(
            version: requestHead.version,
            status: HTTPResponseStatus(statusCode: answer.status),
            headers: answer.wireHeaders(
                flow: server.flow,
                // What is longer than its buffer goes out before its length is known.
                lengthLimit: isHTTP2 ? 4_096 : ChunkCutter.size,
                isLast: isLast,
                ahead: server.skew
            )
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        guard reaction.manner != .headOnly else {
            context.flush()
            return
        }
        switch answer.body {
        case .none:
            finish(context, isLast: isLast)
        case .watch(let plan):
            context.flush()
            stream = WatchStream(plan: plan, server: server, sink: sink(context, isLast: isLast))
            stream?.start()
        case .data(let data):
            send(data, reaction.manner, isLast: isLast, context)
        }
        if isHTTP2, reaction.sendsGoaway { server.sendGoaway(connection) }
    }

    private func send(
        _ data: Data,
        _ manner: FaultReaction.Manner,
        isLast: Bool,
        _ context: ChannelHandlerContext
    ) {
        switch manner {
        case .cut(let bytes, let reset):
            write(data.prefix(bytes), context)
            context.flush()
            server.abort(connection, reset: reset)
        case .drip(let bytesPerSecond):
            drip(data[...], bytesPerSecond, isLast: isLast, context)
        default:
            if isHTTP2 {
                write(data, context)
            } else {
                var cutter = ChunkCutter()
                var rest = data[...]
                while !rest.isEmpty {
                    for chunk in cutter.write(Data(rest.prefix(ChunkCutter.size))) { write(chunk, context) }
                    rest = rest.dropFirst(ChunkCutter.size)
                }
                if let chunk = cutter.flush() { write(chunk, context) }
            }
            finish(context, isLast: isLast)
        }
    }

    private func drip(_ rest: Data, _ bytesPerSecond: Int, isLast: Bool, _ context: ChannelHandlerContext) {
        let piece = rest.prefix(max(bytesPerSecond / 10, 1))
        write(piece, context)
        context.flush()
        let after = rest.dropFirst(piece.count)
        guard !after.isEmpty else {
            finish(context, isLast: isLast)
            return
        }
        self.after(100, context) { [self] context in
            drip(after, bytesPerSecond, isLast: isLast, context)
        }
    }

    private func write(_ data: Data, _ context: ChannelHandlerContext) {
        server.counters.sent(data.count)
        let buffer = context.channel.allocator.buffer(data: data)
        context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
    }

    private func finish(_ context: ChannelHandlerContext, isLast: Bool) {
        let channel = context.channel
        let done = context.eventLoop.makePromise(of: Void.self)
        if isLast {
            done.futureResult.whenComplete { _ in channel.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: done)
    }

    private func sink(_ context: ChannelHandlerContext, isLast: Bool) -> WatchStream.Sink {
        WatchStream.Sink(
            eventLoop: context.eventLoop,
            isHTTP2: isHTTP2,
            isWritable: { context.channel.isWritable },
            write: { [weak self] data in self?.write(data, context) },
            flush: { context.flush() },
            end: { [weak self] in
                self?.stream = nil
                self?.finish(context, isLast: isLast)
            },
            cut: { [server, connection] reset in server.abort(connection, reset: reset) }
        )
    }

    private func refuseMissingHost(_ context: ChannelHandlerContext) {
        let text = "400 Bad Request: missing required Host header"
        var headers = HTTPHeaders([("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")])
        headers.add(name: "Content-Length", value: String(text.utf8.count))
        let head = HTTPResponseHead(
            version: .http1_1,
            status: .custom(code: 400, reasonPhrase: "Bad Request: missing required Host header"),
            headers: headers
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        write(Data(text.utf8), context)
        finish(context, isLast: true)
    }
}
