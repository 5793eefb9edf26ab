/// Why an exchange has no complete answer.
///
/// An answer with an error status is no failure.
package struct WireFailure: Error, Sendable, Equatable {
    package enum Kind: Sendable, Hashable {
        /// The name has no address.
        case resolve
        /// Something is there, but nothing listens on the port.
        case refused
        /// There is no way to the address.
        case unreachable
        /// No connection, no complete answer, or no acknowledgement in time.
        case timeout
        case tls(TLSFault)
        /// The connection ended before the answer did.
        case cut
        /// The proxy is not there or would not let us through.
        case proxy
        /// The session was reset or shut down.
        case cancelled
        /// The head or the collected body is beyond its limit.
        case tooLarge
        case other
    }

    package enum TLSFault: Sendable, Hashable {
        /// Nobody who is trusted signed the server's certificate.
        case unknownAuthority
        /// The server's certificate is expired or not valid yet, by the clock of this machine.
        case outOfDate
        /// The server's certificate is for other names.
        case wrongName
        /// The server wants a client certificate, or not this one.
        case clientCertificate
        /// The authorities, certificate or key in the settings cannot be used.
        case settings
        /// The other end speaks something else.
        case notTLS
        case handshake
    }

    package var kind: Kind
    /// libcurl's code (`CURLcode`), 0 when the failure is not libcurl's.
    package var curlCode: Int32
    /// One sentence for people, with the address but without credentials.
    package var message: String

    package init(kind: Kind, curlCode: Int32 = 0, message: String) {
        self.kind = kind
        self.curlCode = curlCode
        self.message = message
    }

    /// A few words for a narrow column.
    package var summary: String {
        switch kind {
        case .resolve: "name not found"
        case .refused: "connection refused"
        case .unreachable: "no route"
        case .timeout: "timed out"
        case .tls(.unknownAuthority): "certificate not trusted"
        case .tls(.outOfDate): "certificate out of date"
        case .tls(.wrongName): "certificate for another name"
        case .tls(.clientCertificate): "client certificate refused"
        case .tls(.settings): "TLS settings unusable"
        case .tls(.notTLS): "not a TLS server"
        case .tls(.handshake): "TLS failed"
        case .cut: "connection lost"
        case .proxy: "proxy failed"
        case .cancelled: "cancelled"
        case .tooLarge: "answer too large"
        case .other: "request failed"
        }
    }
}
