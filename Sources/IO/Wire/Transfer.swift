import CCurl

/// One exchange under way: libcurl's handle for it, and whom to tell.
///
/// Owned by the session, which keeps it until libcurl has forgotten the handle; so the callbacks may have
/// the unretained object as their context.
final class Transfer {
    /// What the owner wants to hear, in this order; `onEnd` once.
    struct Listener {
        /// A connection is ready and takes the request.
        var onSent: () -> Void
        /// The server asks to use another connection from now on.
        var onSentAway: () -> Void
        var onHead: (ResponseHead) -> Void
        var onBody: (UnsafeRawBufferPointer) -> Void
        var onEnd: (Result<TransferStats, WireFailure>) -> Void
    }

    let id: TransferID
    let easy = EasyHandle()
    /// Where it was added; nil before that.
    weak var multi: CurlMulti?
    let endpoint: Endpoint
    let route: ProxyRoute?
    let method: String
    let connectTimeout: Duration
    let totalTimeout: Duration?
    /// Whether HTTP/2 is offered, so that one connection may do for many.
    let offersHTTP2: Bool
    /// The name that the server's certificate must bear.
    let verifiedName: String

    /// Whether a connection was ready and took the request.
    private(set) var wasSent = false
    /// Whether it is a change that was not sent again when its connection was lost.
    private(set) var wasHeldBack = false
    /// Whether the owner got the head.
    private(set) var hasHead = false
    private var headReader = HeadReader()
    /// Nil as soon as the owner wants to hear no more.
    private var listener: Listener?

    /// Prepares the exchange; nothing is sent before the handle is added to a multi handle.
    init(
        _ exchange: HTTPExchange,
        id: TransferID,
        settings: ConnectionSettings,
        listener: Listener
    ) throws(WireFailure) {
        guard let endpoint = Endpoint(url: exchange.url) else {
            throw WireFailure(kind: .other, message: "The address of the server is no URL.")
        }
        self.id = id
        self.endpoint = endpoint
        route = try ProxyRoute(to: endpoint, settings: settings)
        method = exchange.method
        offersHTTP2 = endpoint.scheme == "https" && !settings.http1Only
        connectTimeout = exchange.timeouts.connect
        totalTimeout = exchange.streaming ? nil : exchange.timeouts.total
        verifiedName = settings.serverName ?? endpoint.host
        self.listener = listener

        setConnection(settings)
        try setRequest(exchange, settings: settings)
        setCallbacks()
        guard easy.refusal == CURLE_OK else { throw failure(easy.refusal) }
    }

    /// Whether the head outgrew what is taken.
    var isHeadTooLarge: Bool { headReader.isTooLarge }

    /// Whether sending it twice does no harm.
    var isRead: Bool { ["GET", "HEAD", "OPTIONS"].contains(method) }

    /// Whether somebody still waits for the end.
    var isWanted: Bool { listener != nil }

    /// Tells the owner nothing any more, from now on.
    ///
    /// - Returns: what the owner may still be told: the end.
    @discardableResult
    func mute() -> (Result<TransferStats, WireFailure>) -> Void {
        defer { listener = nil }
        return listener?.onEnd ?? { _ in }
    }

    /// The figures of a transfer that libcurl calls done.
    var stats: TransferStats {
        TransferStats(
            receivedBytes: easy.byteCount(CURLINFO_SIZE_DOWNLOAD_T),
            reusedConnection: easy.number(CURLINFO_NUM_CONNECTS) == 0,
            remoteAddress: easy.string(CURLINFO_PRIMARY_IP),
            lookedUp: easy.time(CURLINFO_NAMELOOKUP_TIME_T),
            connected: easy.time(CURLINFO_CONNECT_TIME_T),
            secured: easy.time(CURLINFO_APPCONNECT_TIME_T),
            firstByte: easy.time(CURLINFO_STARTTRANSFER_TIME_T),
            total: easy.time(CURLINFO_TOTAL_TIME_T)
        )
    }
}

// MARK: - From libcurl

extension Transfer {
    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer {
        guard let context else { preconditionFailure("libcurl gave back no context") }
        // SAFETY: the pointer that `setCallbacks` registered; see the type's comment for its lifetime.
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    private func setCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        easy.set(CURLOPT_PREREQDATA, pointer: context)
        CCurl_easy_set_send_callback(easy.pointer) { context, _, _, _, _ in
            Transfer.from(context).libcurlSends() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        if offersHTTP2 { easy.reportGoaway(to: context) }
        easy.set(CURLOPT_HEADERDATA, pointer: context)
        CCurl_easy_set_bytes_callback(easy.pointer, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Transfer.from(context).libcurlReads(line) ? line.count : Int(CURL_WRITEFUNC_ERROR)
        }
        easy.set(CURLOPT_WRITEDATA, pointer: context)
        CCurl_easy_set_bytes_callback(easy.pointer, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Transfer.from(context).libcurlDelivers(piece) ? piece.count : Int(CURL_WRITEFUNC_ERROR)
        }
    }

    static func libcurlReadsGoaway(_ context: UnsafeMutableRawPointer?) {
        from(context).listener?.onSentAway()
    }

    /// Allows the request out, or out again.
    ///
    /// libcurl sends again by itself what a kept connection dropped. Good for reading, but a change that
    /// may have arrived must not be made twice.
    private func libcurlSends() -> Bool {
        guard wasSent else {
            wasSent = true
            listener?.onSent()
            return true
        }
        wasHeldBack = !isRead
        return !wasHeldBack
    }

    /// Returns false to stop the transfer, as do the next two.
    private func libcurlReads(_ line: UnsafeRawBufferPointer) -> Bool {
        if let head = headReader.read(line), let listener {
            hasHead = true
            listener.onHead(head)
        }
        return isWanted && !headReader.isTooLarge
    }

    private func libcurlDelivers(_ piece: UnsafeRawBufferPointer) -> Bool {
        listener?.onBody(piece)
        return isWanted
    }
}
