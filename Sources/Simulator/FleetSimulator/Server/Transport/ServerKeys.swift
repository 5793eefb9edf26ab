import NIOSSL
import Synchronization

/// The TLS settings of one cluster's server, for good days and for faulty ones.
///
/// - Thread: any; settings for faults are made when they are first needed.
final class ServerKeys: Sendable {
    /// Which certificate the server shows.
    enum Certificate: Hashable, Sendable {
        case right
        /// Signed by an authority that no client was told of.
        case foreign
        case expired
    }

    private struct Setting: Hashable {
        let certificate: Certificate
        let offersHTTP2: Bool
    }

    private let authority: CertificateAuthority
    private let contexts = Mutex<[Setting: NIOSSLContext]>([:])

    init(authority: CertificateAuthority) {
        self.authority = authority
    }

    /// The settings for the next handshake.
    func context(certificate: Certificate, offersHTTP2: Bool) throws -> NIOSSLContext {
        try contexts.withLock { contexts in
            let setting = Setting(certificate: certificate, offersHTTP2: offersHTTP2)
            if let context = contexts[setting] { return context }
            let context = try make(setting)
            contexts[setting] = context
            return context
        }
    }

    private func make(_ setting: Setting) throws -> NIOSSLContext {
        let key =
            switch setting.certificate {
            case .right: try authority.serverKey()
            case .expired: try authority.serverKey(validity: .expired)
            case .foreign: try CertificateAuthority(name: "somebody-else").serverKey()
            }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(key.certificatePEM.utf8)).map {
                .certificate($0)
            },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.privateKeyPEM.utf8), format: .pem))
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = setting.offersHTTP2 ? ["h2", "http/1.1"] : ["http/1.1"]
        configuration.certificateVerification = .optionalVerification
        configuration.trustRoots = .certificates([])
        return try NIOSSLContext(configuration: configuration)
    }
}
