/// How one kubeconfig context reaches and enters its API server; paths are absolute, files not yet read.
package struct ClusterAccess: Hashable, Sendable {
    package var server: ServerAddress
    /// The only certificates trusted; nil trusts the system's.
    package var authority: PEMSource?
    /// True where any certificate is accepted: to be marked wherever the cluster is shown.
    package var skipsVerification: Bool
    /// The name to ask for and to verify instead of the server's host.
    package var tlsServerName: String?
    /// `http://`, `https://` or `socks5://`; nil leaves it to the environment.
    package var proxyURL: String?
    package var disablesCompression: Bool
    package var credentials: Credentials
    /// Headers that act as somebody else, in the order in which they are sent; names may repeat.
    package var impersonation: [HeaderField]
    /// The context's own namespace; nil where it names none.
    package var namespace: String?

    package init(
        server: ServerAddress,
        authority: PEMSource? = nil,
        skipsVerification: Bool = false,
        tlsServerName: String? = nil,
        proxyURL: String? = nil,
        disablesCompression: Bool = false,
        credentials: Credentials = Credentials(),
        impersonation: [HeaderField] = [],
        namespace: String? = nil
    ) {
        self.server = server
        self.authority = authority
        self.skipsVerification = skipsVerification
        self.tlsServerName = tlsServerName
        self.proxyURL = proxyURL
        self.disablesCompression = disablesCompression
        self.credentials = credentials
        self.impersonation = impersonation
        self.namespace = namespace
    }
}

/// One header of a request.
package struct HeaderField: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// Certificates or a key: inline, or in a file that is read when a connection is made.
package enum PEMSource: Hashable, Sendable {
    case inline(Secret)
    /// An absolute path, or one relative to the working directory.
    case file(String)
}

/// How weir says who it is; several ways may stand together, as the fields allow.
package struct Credentials: Hashable, Sendable {
    package var bearer: Bearer?
    package var basic: BasicLogin?
    package var certificate: ClientCertificate?
    package var exec: ExecSpec?

    package init(
        bearer: Bearer? = nil,
        basic: BasicLogin? = nil,
        certificate: ClientCertificate? = nil,
        exec: ExecSpec? = nil
    ) {
        self.bearer = bearer
        self.basic = basic
        self.certificate = certificate
        self.exec = exec
    }

    /// True where nothing is sent: the server sees `system:anonymous`.
    package var isEmpty: Bool {
        bearer == nil && basic == nil && certificate == nil && exec == nil
    }
}

/// A bearer token, fixed or in a file that is read again and again.
package enum Bearer: Hashable, Sendable {
    case token(Secret)
    /// `fallback` is the entry's fixed token, used while the file cannot be read.
    case file(String, fallback: Secret?)
}

/// User name and password.
package struct BasicLogin: Hashable, Sendable {
    package let user: String
    package let password: Secret

    package init(user: String, password: Secret) {
        self.user = user
        self.password = password
    }
}

/// A client certificate (chain) and its key.
package struct ClientCertificate: Hashable, Sendable {
    package let certificate: PEMSource
    package let key: PEMSource

    package init(certificate: PEMSource, key: PEMSource) {
        self.certificate = certificate
        self.key = key
    }
}

/// A program that prints credentials.
///
/// - Shape: equal specs give equal credentials, so contexts that share one share its runs.
package struct ExecSpec: Hashable, Sendable {
    /// Whether the program wants the terminal.
    package enum Interaction: String, Sendable {
        case never = "Never"
        case ifAvailable = "IfAvailable"
        case always = "Always"
    }

    /// `client.authentication.k8s.io/v1` or `…/v1beta1`.
    package let apiVersion: String
    /// An absolute path, or a bare name that is looked up in `PATH`.
    package let command: String
    package let arguments: [String]
    package let environment: [HeaderField]
    package let interaction: Interaction
    /// What the kubeconfig says to do where the program is not installed; empty where it says nothing.
    package let installHint: String
    /// What the program is told of the cluster (`provideClusterInfo`); nil where it is told nothing.
    package let cluster: ExecClusterInfo?

    package init(
        apiVersion: String,
        command: String,
        arguments: [String] = [],
        environment: [HeaderField] = [],
        interaction: Interaction = .ifAvailable,
        installHint: String = "",
        cluster: ExecClusterInfo? = nil
    ) {
        self.apiVersion = apiVersion
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.interaction = interaction
        self.installHint = installHint
        self.cluster = cluster
    }
}

/// The cluster as an exec plugin sees it in `KUBERNETES_EXEC_INFO`.
package struct ExecClusterInfo: Hashable, Sendable {
    package var server: String
    package var tlsServerName: String?
    package var skipsVerification: Bool
    package var authority: PEMSource?
    package var proxyURL: String?
    package var disablesCompression: Bool
    /// The extension `client.authentication.k8s.io/exec` as JSON text; nil where the entry has none.
    package var config: String?
}
