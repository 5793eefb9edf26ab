/// How the connections to one API server are made; the same for all exchanges of a session.
package struct ConnectionSettings: Sendable, Equatable {
    /// The only certificates trusted, as PEM; nil trusts the system's.
    package var caPEM: [UInt8]?
    /// Accepts any certificate; whoever sets it says so on the screen.
    package var insecure: Bool
    /// Certificate (chain) and unencrypted key as PEM; both or neither.
    package var clientCertificatePEM: [UInt8]?
    package var clientKeyPEM: [UInt8]?
    /// The name to ask for and to verify in place of the URL's host (`tls-server-name`).
    ///
    /// The connection still goes to the URL's host, and so does the Host header.
    package var serverName: String?
    /// `http://`, `https://` or `socks5://`, perhaps with user and password; nil asks ``environment``.
    package var proxyURL: String?
    /// The proxies that apply when ``proxyURL`` is nil.
    package var environment: ProxyEnvironment
    /// Never let it start with `curl`, `Wget` or `Mozilla`: API servers indent their JSON for those.
    package var userAgent: String
    /// Offers HTTP/1.1 alone: each exchange under way then takes a connection.
    package var http1Only: Bool
    package var keepAlive: KeepAlive

    package init(
        caPEM: [UInt8]? = nil,
        insecure: Bool = false,
        clientCertificatePEM: [UInt8]? = nil,
        clientKeyPEM: [UInt8]? = nil,
        serverName: String? = nil,
        proxyURL: String? = nil,
        environment: ProxyEnvironment = .process,
        userAgent: String = "weir",
        http1Only: Bool = false,
        keepAlive: KeepAlive = KeepAlive()
    ) {
        self.caPEM = caPEM
        self.insecure = insecure
        self.clientCertificatePEM = clientCertificatePEM
        self.clientKeyPEM = clientKeyPEM
        self.serverName = serverName
        self.proxyURL = proxyURL
        self.environment = environment
        self.userAgent = userAgent
        self.http1Only = http1Only
        self.keepAlive = keepAlive
    }
}

/// When the kernel finds out that the other end is gone although no packet said so.
///
/// An idle connection is probed; one with bytes under way is given up when nobody acknowledges them.
/// Both end in an ordinary failure of every exchange on it, about `idle + giveUp` after the line went dead.
package struct KeepAlive: Sendable, Equatable {
    /// Silence before the first probe, in whole seconds.
    package var idle: Duration
    /// Between probes, in whole seconds.
    package var interval: Duration
    /// How long probes or sent bytes may stay unacknowledged.
    package var giveUp: Duration

    package init(
        idle: Duration = .seconds(20),
        interval: Duration = .seconds(10),
        giveUp: Duration = .seconds(30)
    ) {
        self.idle = idle
        self.interval = interval
        self.giveUp = giveUp
    }
}
