import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL

/// Accepting connections: TLS, the choice of the protocol, and one exchange for each connection or stream.
extension ClusterServer {
    /// Sets up an accepted connection; it is closed again when that fails.
    func prepare(_ channel: any Channel) -> EventLoopFuture<Void> {
        register(connection: channel)
        // TCP accepts, and that is all.
        if faults.has(.mute) { return channel.setOption(.autoRead, value: false) }
        return channel.eventLoop.makeCompletedFuture {
            let certificate: ServerKeys.Certificate =
                faults.has(.wrongCertificate) ? .foreign : faults.has(.expiredCertificate) ? .expired : .right
            let context = try keys.context(certificate: certificate, offersHTTP2: !faults.has(.http1))
            let pipeline = channel.pipeline.syncOperations
            let tls = NIOSSLServerHandler(
                context: context,
                customVerificationCallback: { _, promise in promise.succeed(.certificateVerified) },
                configuration: .init()
            )
            // The door stands before TLS and answers below it.
            let door = PlainTextDoor()
            try pipeline.addHandler(door)
            try pipeline.addHandler(tls)
        }.flatMap {
            channel.configureHTTP2SecureUpgrade(
                h2ChannelConfigurator: { self.prepareHTTP2($0) },
                http1ChannelConfigurator: { self.prepareHTTP1($0) }
            )
        }
    }

    private func prepareHTTP1(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
            try pipeline.addHandler(
                HTTPExchange(
                    server: self,
                    connection: channel,
                    certificate: Self.peer(of: channel),
                    isHTTP2: false
                )
            )
        }
    }

    private func prepareHTTP2(_ channel: any Channel) -> EventLoopFuture<Void> {
        counters.http2Negotiated()
        let certificate = Self.peer(of: channel)
        return channel.configureHTTP2Pipeline(
            mode: .server,
            connectionConfiguration: Self.connectionConfiguration,
            streamConfiguration: Self.streamConfiguration
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                let pipeline = stream.pipeline.syncOperations
                try pipeline.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
                try pipeline.addHandler(
                    HTTPExchange(server: self, connection: channel, certificate: certificate, isHTTP2: true)
                )
            }
        }.map { _ in }
    }

    private static func peer(of channel: any Channel) -> PeerCertificate? {
        guard let certificate = try? channel.pipeline.syncOperations.nioSSL_peerCertificate(),
            let bytes = try? certificate.toDERBytes()
        else { return nil }
        return PeerCertificate(der: bytes)
    }

    /// As many streams as a real server allows; limits against attacks are lifted, as tests look like one.
    private static let connectionConfiguration = {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        configuration.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: 100),
            HTTP2Setting(parameter: .maxHeaderListSize, value: 1 << 20),
            HTTP2Setting(parameter: .initialWindowSize, value: 1 << 18),
        ]
        configuration.targetWindowSize = 1 << 18
        configuration.controlFrameRateLimit.maximumCount = 1_000_000
        configuration.maximumConnectionGlitches = 1_000_000
        return configuration
    }()

    private static let streamConfiguration = {
        var configuration = NIOHTTP2Handler.StreamConfiguration()
        configuration.targetWindowSize = 1 << 18
        configuration.outboundBufferSizeHighWatermark = 1 << 18
        configuration.outboundBufferSizeLowWatermark = 1 << 16
        configuration.streamResetFrameRateLimit.maximumCount = 1_000_000
        configuration.streamErrorRateLimit.maximumCount = 1_000_000
        return configuration
    }()
}
