import CCurl

extension Transfer {
    /// Sets what concerns the way to the server.
    func setConnection(_ settings: ConnectionSettings) {
        easy.set(CURLOPT_NOSIGNAL, true)
        // A look-up under way when its transfer ends is left to its thread instead of being waited for.
        easy.set(CURLOPT_QUICK_EXIT, true)
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, connectTimeout.milliseconds)
        easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        easy.set(CURLOPT_HTTP_VERSION, offersHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1)
        easy.set(CURLOPT_TCP_KEEPALIVE, true)
        easy.set(CURLOPT_TCP_KEEPIDLE, max(1, settings.keepAlive.idle.milliseconds / 1000))
        easy.set(CURLOPT_TCP_KEEPINTVL, max(1, settings.keepAlive.interval.milliseconds / 1000))
        setTrust(settings)
        // Set in any case, even if empty: otherwise libcurl asks the environment, by its own rules.
        easy.set(CURLOPT_PROXY, route?.url ?? "")
        easy.set(CURLOPT_NOPROXY, "")
        easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
    }

    private func setTrust(_ settings: ConnectionSettings) {
        easy.set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        easy.set(CURLOPT_SSL_VERIFYPEER, !settings.insecure)
        easy.set(CURLOPT_SSL_VERIFYHOST, settings.insecure ? 0 : 2)
        easy.set(CURLOPT_PROXY_SSL_VERIFYPEER, !settings.insecure)
        easy.set(CURLOPT_PROXY_SSL_VERIFYHOST, settings.insecure ? 0 : 2)
        if let ca = settings.caPEM {
            // Both: Debian's libcurl is built with a file and a folder of authorities, which stay trusted
            // beside the given ones.
            easy.set(CURLOPT_CAINFO, nil)
            easy.set(CURLOPT_CAPATH, nil)
            easy.set(CURLOPT_CAINFO_BLOB, blob: ca)
            // An https proxy may be certified by either: kubectl trusts the given authorities there too.
            easy.set(CURLOPT_PROXY_CAINFO_BLOB, blob: ca)
        }
        if let certificate = settings.clientCertificatePEM {
            easy.set(CURLOPT_SSLCERT_BLOB, blob: certificate)
        }
        if let key = settings.clientKeyPEM { easy.set(CURLOPT_SSLKEY_BLOB, blob: key) }
        // Without a password OpenSSL asks for that of an encrypted key, on the terminal.
        easy.set(CURLOPT_KEYPASSWD, "")
    }

    /// Sets what is asked of the server.
    func setRequest(_ exchange: HTTPExchange, settings: ConnectionSettings) throws(WireFailure) {
        var headers = exchange.headers
        if endpoint.scheme == "https", let name = settings.serverName, name != endpoint.host {
            // libcurl verifies the URL's host and nothing else. So the URL gets the name, the connection
            // goes where the URL went, and Host says what it would have said.
            guard let url = Endpoint.url(exchange.url, withHost: name) else {
                throw WireFailure(kind: .tls(.settings), message: "\"\(name)\" is no server name.")
            }
            easy.set(CURLOPT_URL, url)
            easy.set(CURLOPT_CONNECT_TO, list: ["\(name):\(endpoint.port):\(endpoint.address)"])
            headers.append(("Host", endpoint.authority))
        } else {
            easy.set(CURLOPT_URL, exchange.url)
        }
        easy.set(CURLOPT_PATH_AS_IS, true)
        setMethod(exchange)
        easy.set(CURLOPT_TIMEOUT_MS, totalTimeout?.milliseconds ?? 0)
        easy.set(CURLOPT_ACCEPT_ENCODING, exchange.acceptGzip && !exchange.streaming ? "gzip" : nil)
        easy.set(CURLOPT_USERAGENT, settings.userAgent)
        // libcurl would announce a large body and wait for leave to send it.
        headers.append(("Expect", ""))
        try setHeaders(headers)
    }

    private func setMethod(_ exchange: HTTPExchange) {
        if exchange.method == "HEAD" {
            easy.set(CURLOPT_NOBODY, true)
        } else {
            if let body = exchange.body { easy.setBody(body) }
            easy.set(CURLOPT_CUSTOMREQUEST, exchange.method)
        }
    }

    private func setHeaders(_ headers: [(name: String, value: String)]) throws(WireFailure) {
        for (name, value) in headers where Self.hasBreak(name) || Self.hasBreak(value) {
            throw WireFailure(
                kind: .other,
                message: "The header \(name.prefix { $0.isLetter }) has a line break in it."
            )
        }
        easy.set(
            CURLOPT_HTTPHEADER,
            list: headers.map { name, value in
                // Without a value: a colon keeps libcurl from adding the header, a semicolon sends it empty.
                switch (value.isEmpty, name) {
                case (false, _): "\(name): \(value)"
                case (true, "Expect"): "Expect:"
                case (true, _): "\(name);"
                }
            }
        )
    }

    private static func hasBreak(_ text: String) -> Bool {
        text.utf8.contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") || $0 == 0 }
    }
}
