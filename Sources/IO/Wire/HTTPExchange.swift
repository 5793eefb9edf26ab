/// An HTTP request as a value, and how long to wait for its answer.
package struct HTTPExchange: Sendable {
    /// The method in capitals; all but GET, HEAD and OPTIONS go out at most once: see ``WireSession``.
    package var method: String
    /// `scheme://host:port/path?query`, already encoded; the path is sent as it stands.
    package var url: String
    /// Headers in the order in which they are sent; a name may repeat.
    ///
    /// - Errors: a line break in a name or a value fails the exchange before anything is sent.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?
    /// Whether the answer may come compressed; it is unpacked before it is delivered.
    package var acceptGzip: Bool
    /// Whether the answer is a stream without a foreseeable end.
    ///
    /// A stream has no total timeout and is never compressed: each flush of a compressed watch is a gzip
    /// member of its own, and libcurl stops at the end of the first.
    package var streaming: Bool
    package var timeouts: WireTimeouts

    package init(
        method: String = "GET",
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        acceptGzip: Bool = false,
        streaming: Bool = false,
        timeouts: WireTimeouts = WireTimeouts()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.acceptGzip = acceptGzip
        self.streaming = streaming
        self.timeouts = timeouts
    }
}

/// How long an exchange may take; silence on a stream is for its owner to judge.
package struct WireTimeouts: Sendable, Equatable {
    /// Until a connection is ready to carry the request: look-up, TCP, proxy and TLS together.
    package var connect: Duration
    /// Until the answer is complete; nil waits for ever, as streams always do.
    package var total: Duration?

    package init(connect: Duration = .seconds(10), total: Duration? = .seconds(60)) {
        self.connect = connect
        self.total = total
    }
}

extension Duration {
    /// Whole milliseconds, never less than one: to libcurl zero means "no limit".
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
