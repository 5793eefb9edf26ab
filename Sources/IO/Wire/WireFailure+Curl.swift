import CCurl
import CPosix

extension Transfer {
    /// Says what libcurl's verdict on this transfer means.
    func failure(_ code: CURLcode) -> WireFailure {
        let (kind, sentence) = verdict(code)
        return WireFailure(kind: kind, curlCode: Int32(code.rawValue), message: sentence)
    }

    private func verdict(_ code: CURLcode) -> (WireFailure.Kind, String) {
        let server = endpoint.address
        let systemError = Int32(easy.number(CURLINFO_OS_ERRNO))
        if let route, let sentence = proxyFault(route, code) { return (.proxy, sentence) }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            return (.resolve, "No address was found for \(endpoint.host).")
        case CURLE_COULDNT_CONNECT:
            return noConnection(server, systemError, code)
        case CURLE_OPERATION_TIMEDOUT where !wasSent:
            let way = route.map { " through the proxy \($0.address)" } ?? ""
            let limit = min(connectTimeout, totalTimeout ?? connectTimeout)
            return (.timeout, "No connection to \(server)\(way) within \(Self.seconds(limit)).")
        case CURLE_OPERATION_TIMEDOUT:
            let limit = totalTimeout.map { Self.seconds($0) } ?? "its time"
            return (.timeout, "No \(hasHead ? "complete " : "")answer from \(server) within \(limit).")
        case CURLE_PEER_FAILED_VERIFICATION:
            return untrusted(server, code)
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
            return (.tls(.settings), "The TLS settings for \(server) cannot be used: \(said(code)).")
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
            CURLE_SSL_CONNECT_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            return broken(server, systemError, code)
        case CURLE_ABORTED_BY_CALLBACK where wasHeldBack:
            return (.cut, "The connection to \(server) was lost, and \(method) is not sent twice.")
        case _ where isHeadTooLarge, CURLE_OUT_OF_MEMORY where !hasHead:
            // The latter is what libcurl says of a header line over 100 kB.
            return (.tooLarge, "The head of the answer from \(server) is too large.")
        default:
            return (.other, "The exchange with \(server) failed: \(said(code)).")
        }
    }

    /// What the proxy is to blame for; nil when it is not.
    private func proxyFault(_ route: ProxyRoute, _ code: CURLcode) -> String? {
        let tunnel = easy.number(CURLINFO_HTTP_CONNECTCODE)
        switch code {
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_PROXY:
            return "No connection to the proxy \(route.address): \(said(code))."
        case CURLE_PROXY:
            return "The proxy \(route.address) did not connect to \(endpoint.address): \(said(code))."
        case _ where !wasSent && tunnel >= 300:
            return "The proxy \(route.address) refused a tunnel to \(endpoint.address) (HTTP \(tunnel))."
        case CURLE_PEER_FAILED_VERIFICATION where tunnel == 0, CURLE_SSL_CONNECT_ERROR where tunnel == 0:
            return route.isTLS
                ? "TLS with the proxy \(route.address) failed: \(Self.opensslReason(said(code)))." : nil
        default:
            return nil
        }
    }

    private func noConnection(
        _ server: String,
        _ systemError: Int32,
        _ code: CURLcode
    ) -> (WireFailure.Kind, String) {
        switch systemError {
        case ECONNREFUSED: (.refused, "\(server) refused the connection.")
        case ENETUNREACH, EHOSTUNREACH, EACCES, EPERM: (.unreachable, "There is no way to \(server).")
        case ETIMEDOUT: (.timeout, "No connection to \(server): nobody answers.")
        default: (.unreachable, "No connection to \(server): \(said(code)).")
        }
    }

    private func untrusted(_ server: String, _ code: CURLcode) -> (WireFailure.Kind, String) {
        // OpenSSL's X509_V_ERR_…; 0 or 1 when it was libcurl that found fault, with the name.
        switch easy.number(CURLINFO_SSL_VERIFYRESULT) {
        case 0, 1:
            (.tls(.wrongName), "The certificate of \(server) is not for \(verifiedName).")
        case 9, 10:
            (.tls(.outOfDate), "The certificate of \(server) is out of date, or the clock here is.")
        default:
            (.tls(.unknownAuthority), "The certificate of \(server) is not trusted: \(said(code)).")
        }
    }

    private func broken(
        _ server: String,
        _ systemError: Int32,
        _ code: CURLcode
    ) -> (WireFailure.Kind, String) {
        let words = said(code)
        if words.contains(" alert ") {
            // With TLS 1.3 a server refuses the client's certificate only after the handshake.
            let blame = ["certificate", "unknown ca", "access denied"].contains { words.contains($0) }
            return (
                .tls(blame ? .clientCertificate : .handshake),
                "\(server) ended TLS: \(Self.opensslReason(words))."
            )
        }
        if systemError == ETIMEDOUT {
            return (.timeout, "\(server) stopped acknowledging what it was sent.")
        }
        if code == CURLE_SSL_CONNECT_ERROR, systemError != ECONNRESET, !words.contains("SYSCALL") {
            let strange = ["wrong version number", "packet length", "http request"].contains {
                words.contains($0)
            }
            return strange
                ? (.tls(.notTLS), "\(server) does not speak TLS.")
                : (.tls(.handshake), "TLS with \(server) failed: \(Self.opensslReason(words)).")
        }
        return (
            .cut,
            "The connection to \(server) was lost \(hasHead ? "in the middle of" : "before") the answer."
        )
    }

    /// libcurl's own words, without a full stop.
    private func said(_ code: CURLcode) -> String {
        let message = easy.errorMessage
        let words = message.isEmpty ? String(cString: curl_easy_strerror(code)) : message
        return String(words.prefix(200)).trimmingSuffix { $0 == "." || $0 == " " }
    }

    /// The last part of `…error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0`.
    private static func opensslReason(_ words: String) -> String {
        guard let start = words.range(ofLast: "::") else { return words }
        return String(words[start...].prefix { $0 != "," })
    }

    private static func seconds(_ duration: Duration) -> String {
        duration.milliseconds % 1000 == 0
            ? "\(duration.milliseconds / 1000) s" : "\(duration.milliseconds) ms"
    }
}

extension String {
    fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, isTrimmed(last) { text.removeLast() }
        return text
    }

    /// Where the text after the last occurrence begins.
    fileprivate func range(ofLast separator: String) -> Index? {
        indices.reversed().first { self[$0...].hasPrefix(separator) }
            .map { index($0, offsetBy: separator.count) }
    }
}
