import CCurl

/// Where a URL leads to.
struct Endpoint: Equatable {
    /// In lower case.
    let scheme: String
    /// Without the brackets of an IPv6 address.
    let host: String
    let port: Int
    /// Host and port as the URL has them: what the Host header says.
    let authority: String

    /// Nil when it is no URL with a host.
    init?(url: String) {
        guard let parts = URLParts(url),
            let scheme = parts[CURLUPART_SCHEME],
            let host = parts[CURLUPART_HOST],
            let port = parts[CURLUPART_PORT, CURLU_DEFAULT_PORT].flatMap({ Int($0) })
        else { return nil }
        self.scheme = scheme.lowercased()
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = port
        authority = parts[CURLUPART_PORT].map { "\(host):\($0)" } ?? host
    }

    /// `host:port`, as people and `CURLOPT_CONNECT_TO` write it.
    var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// The URL with another host in place of its own.
    static func url(_ url: String, withHost host: String) -> String? {
        URLParts(url)?.replacing(CURLUPART_HOST, with: host)
    }
}

/// libcurl's URL parser, so that what is said about a URL is what libcurl makes of it.
private final class URLParts {
    private let handle: OpaquePointer

    init?(_ url: String) {
        guard let handle = curl_url() else { return nil }
        self.handle = handle
        // All initialised: from here on a failing init runs deinit.
        guard curl_url_set(handle, CURLUPART_URL, url, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK else {
            return nil
        }
    }

    deinit { curl_url_cleanup(handle) }

    subscript(part: CURLUPart, flags: Int32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, UInt32(flags)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    func replacing(_ part: CURLUPart, with text: String) -> String? {
        guard curl_url_set(handle, part, text, 0) == CURLUE_OK else { return nil }
        return self[CURLUPART_URL]
    }
}
