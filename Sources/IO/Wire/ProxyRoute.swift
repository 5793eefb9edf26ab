/// The proxy that a connection goes through.
struct ProxyRoute: Equatable {
    /// In libcurl's words, with user and password if there are any.
    let url: String
    /// `host:port`, fit for messages.
    let address: String
    /// Whether the way to the proxy itself is TLS.
    let isTLS: Bool

    /// Nil when the connection goes straight to the server.
    init?(to endpoint: Endpoint, settings: ConnectionSettings) throws(WireFailure) {
        let environment = settings.environment
        guard
            let proxy = settings.proxyURL
                ?? environment.proxy(scheme: endpoint.scheme, host: endpoint.host, port: endpoint.port)
        else { return nil }
        guard let parts = Endpoint(url: proxy) else {
            throw WireFailure(kind: .proxy, message: "The address of the proxy is no URL.")
        }
        switch parts.scheme {
        case "http", "https", "socks5h":
            url = proxy
        case "socks5":
            // Go lets the proxy look names up; libcurl calls that by a scheme of its own.
            url = "socks5h" + proxy.dropFirst("socks5".count)
        default:
            throw WireFailure(
                kind: .proxy,
                message: "The proxy \(parts.address) has the unsupported scheme \"\(parts.scheme)\"."
            )
        }
        address = parts.address
        isTLS = parts.scheme == "https"
    }
}
