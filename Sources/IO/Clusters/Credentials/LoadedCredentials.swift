import Chrono
import KubeWire
import Text
import Wire

/// Credentials ready for use: certificates and keys read, tokens at hand.
///
/// - Thread: the session's queue; a token file is read again as it ages.
final class LoadedCredentials {
    let connection: ConnectionSettings
    /// What an exec plugin gave, to be told back if the server refuses it.
    let plugin: ExecCredential?
    private let basic: BasicLogin?
    private var token: Secret?
    private let tokenFile: String?
    private var tokenRead: Timestamp

    init(
        connection: ConnectionSettings,
        plugin: ExecCredential? = nil,
        basic: BasicLogin? = nil,
        token: Secret? = nil,
        tokenFile: String? = nil
    ) {
        self.connection = connection
        self.plugin = plugin
        self.basic = basic
        self.token = token ?? plugin?.token
        self.tokenFile = tokenFile
        tokenRead = Clock.now()
    }

    var isAnonymous: Bool {
        token == nil && basic == nil && connection.clientCertificatePEM == nil
    }

    /// When they run out, as they themselves say; nil where they do not.
    var end: CredentialEnd? {
        if let plugin {
            return plugin.expires.map {
                CredentialEnd(what: "credentials of the plugin", moment: $0, isRenewed: true)
            }
        }
        if let token, let moment = CredentialLifetime.end(ofToken: token) {
            return CredentialEnd(what: "token", moment: moment, isRenewed: tokenFile != nil)
        }
        return connection.clientCertificatePEM.flatMap(CredentialLifetime.end(ofCertificate:)).map {
            CredentialEnd(what: "client certificate", moment: $0, isRenewed: false)
        }
    }

    /// The value of the Authorization header; nil where a certificate speaks, or nothing does.
    func authorization() -> Secret? {
        if let tokenFile {
            let now = Clock.now()
            // A clock set back must not keep an old token for ever.
            let age = now.since(tokenRead)
            if age > .seconds(50) || age < .zero {
                tokenRead = now
                token = (try? TokenFile.read(tokenFile)) ?? token
            }
        }
        if let token {
            return Secret("Bearer \(token.revealed)")
        }
        return basic.map { login in
            Secret("Basic " + Array("\(login.user):\(login.password.revealed)".utf8).base64)
        }
    }
}

/// The end of some credentials.
struct CredentialEnd {
    let what: String
    let moment: Timestamp
    /// True where weir gets new ones by itself.
    let isRenewed: Bool
}

/// Why there are no credentials at this moment.
struct CredentialFault: Error {
    let message: String
    /// True where the kubeconfig names something that is not there: waiting will hardly help.
    let isConfiguration: Bool
}

/// A file that holds a bearer token.
enum TokenFile {
    static func read(_ path: String) throws(CredentialFault) -> Secret {
        let bytes = try PEMFile.bytes(path, key: "tokenFile")
        let text = String(decoding: bytes, as: UTF8.self)
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 1, let token = words.first,
            token.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F })
        else {
            throw CredentialFault(
                message: "tokenFile \(Sanitiser.line(path)) holds no token on a line of its own",
                isConfiguration: true
            )
        }
        return Secret(String(token))
    }
}
