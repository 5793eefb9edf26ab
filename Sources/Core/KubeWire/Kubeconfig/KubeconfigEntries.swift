import Text

/// The `cluster` part of an entry, read and checked.
struct ClusterEntry {
    var server: ServerAddress
    var authority: PEMSource?
    var skipsVerification: Bool
    var tlsServerName: String?
    var proxyURL: String?
    var disablesCompression: Bool
    /// The extension for exec plugins as JSON text.
    var execConfig: String?

    init(_ field: ConfigField, in folder: String) throws(KubeconfigProblem) {
        try field.checkMapping()
        let address = field.child("server")
        switch ServerAddress.parse(try address.text()) {
        case .success(let server): self.server = server
        case .failure(let fault): throw address.problem(fault.words)
        }
        authority = try PEMSource(
            data: field.child("certificate-authority-data"),
            file: field.child("certificate-authority"),
            in: folder,
            holds: "CERTIFICATE"
        )
        let skips = field.child("insecure-skip-tls-verify")
        skipsVerification = try skips.flag()
        if skipsVerification, authority != nil {
            throw skips.problem(
                "cannot be true while a certificate authority is given: remove one of the two"
            )
        }
        tlsServerName = try field.child("tls-server-name").singleLine().nonEmpty
        proxyURL = try ClusterEntry.proxy(field.child("proxy-url"))
        disablesCompression = try field.child("disable-compression").flag()
        execConfig = try ClusterEntry.execExtension(field.child("extensions"))
    }

    private static func proxy(_ field: ConfigField) throws(KubeconfigProblem) -> String? {
        let text = try field.singleLine()
        guard !text.isEmpty else {
            return nil
        }
        guard let scheme = text.firstRange(of: "://") else {
            throw field.problem("has no scheme: expected http, https or socks5")
        }
        let name = text[..<scheme.lowerBound].lowercased()
        guard ["http", "https", "socks5"].contains(name) else {
            throw field.problem("has the scheme \"\(name)\": expected http, https or socks5")
        }
        guard let host = text[scheme.upperBound...].split(separator: "/").first, !host.hasSuffix("@") else {
            throw field.problem("names no host")
        }
        return text
    }

    private static func execExtension(_ field: ConfigField) throws(KubeconfigProblem) -> String? {
        for item in try field.list()
        where try item.child("name").text() == "client.authentication.k8s.io/exec" {
            guard let node = item.child("extension").node else {
                return nil
            }
            guard let json = node.json else {
                throw item.problem("is too large or too deep to hand to an exec plugin")
            }
            return json
        }
        return nil
    }
}

/// The `user` part of an entry, read and checked; what depends on the cluster is filled in later.
struct UserEntry {
    var credentials: Credentials
    var impersonation: [HeaderField]
    /// True where the exec plugin is to be told of the cluster.
    var tellsExecOfCluster: Bool

    init(_ field: ConfigField, named name: String, in folder: String) throws(KubeconfigProblem) {
        try field.checkMapping()
        let provider = field.child("auth-provider")
        if provider.isPresent {
            throw provider.problem(UserEntry.providerWords(try provider.child("name").text()))
        }
        credentials = Credentials()
        credentials.bearer = try UserEntry.bearer(field, in: folder)
        credentials.basic = try UserEntry.basic(field)
        if credentials.bearer != nil, credentials.basic != nil {
            throw field.child("username").problem(
                "stands beside a token: expected one way to log in, remove one of the two"
            )
        }
        credentials.certificate = try UserEntry.certificate(field, in: folder)
        let exec = field.child("exec")
        tellsExecOfCluster = try exec.child("provideClusterInfo").flag()
        if exec.isPresent {
            let spec = try ExecSpec(exec, in: folder)
            // Fixed credentials win, and then the program is never run.
            credentials.exec = credentials.isEmpty ? spec : nil
        }
        impersonation = try UserEntry.impersonation(field)
    }

    private static func providerWords(_ name: String) -> String {
        switch name {
        case "gcp":
            "the auth provider \"gcp\" is not supported: use the exec plugin gke-gcloud-auth-plugin"
        case "azure":
            "the auth provider \"azure\" is not supported: use the exec plugin kubelogin"
        case "oidc":
            "the auth provider \"oidc\" is not supported: use an exec plugin such as kubectl oidc-login"
        default:
            "the auth provider \"\(name)\" is not supported: use an exec plugin"
        }
    }

    private static func bearer(
        _ field: ConfigField,
        in folder: String
    ) throws(KubeconfigProblem) -> Bearer? {
        let token = try field.child("token").singleLine().nonEmpty.map(Secret.init)
        if let path = try field.child("tokenFile").singleLine().nonEmpty {
            return .file(path.resolved(in: folder), fallback: token)
        }
        return token.map { .token($0) }
    }

    private static func basic(_ field: ConfigField) throws(KubeconfigProblem) -> BasicLogin? {
        let user = try field.child("username").singleLine()
        let password = try field.child("password").singleLine()
        return user.isEmpty && password.isEmpty
            ? nil : BasicLogin(user: user, password: Secret(password))
    }

    private static func certificate(
        _ field: ConfigField,
        in folder: String
    ) throws(KubeconfigProblem) -> ClientCertificate? {
        let certificate = try PEMSource(
            data: field.child("client-certificate-data"),
            file: field.child("client-certificate"),
            in: folder,
            holds: "CERTIFICATE"
        )
        let key = try PEMSource(
            data: field.child("client-key-data"),
            file: field.child("client-key"),
            in: folder,
            holds: nil
        )
        guard let certificate else {
            return nil
        }
        guard let key else {
            let given = field.child("client-certificate-data")
            throw (given.isPresent ? given : field.child("client-certificate")).problem(
                "has no key: expected client-key-data or client-key beside it"
            )
        }
        return ClientCertificate(certificate: certificate, key: key)
    }

    private static func impersonation(_ field: ConfigField) throws(KubeconfigProblem) -> [HeaderField] {
        let user = try field.child("as").singleLine()
        var headers: [HeaderField] = []
        if !user.isEmpty {
            headers.append(HeaderField("Impersonate-User", user))
        }
        let uid = field.child("as-uid")
        if let text = try uid.singleLine().nonEmpty {
            guard !user.isEmpty else {
                throw uid.problem("needs a user to act as: expected \"as\" beside it")
            }
            headers.append(HeaderField("Impersonate-Uid", text))
        }
        let groups = field.child("as-groups")
        for group in try groups.list() {
            guard !user.isEmpty else {
                throw groups.problem("needs a user to act as: expected \"as\" beside it")
            }
            headers.append(HeaderField("Impersonate-Group", try group.singleLine()))
        }
        let extra = field.child("as-user-extra")
        for (key, values) in try extra.pairs().sorted(by: { $0.name < $1.name }) {
            guard !user.isEmpty else {
                throw extra.problem("needs a user to act as: expected \"as\" beside it")
            }
            for value in try values.list() {
                headers.append(
                    HeaderField("Impersonate-Extra-\(key.headerKeyEscaped)", try value.singleLine())
                )
            }
        }
        return headers
    }
}

extension ExecSpec {
    static let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]

    init(_ field: ConfigField, in folder: String) throws(KubeconfigProblem) {
        try field.checkMapping()
        let version = field.child("apiVersion")
        apiVersion = try version.text()
        guard ExecSpec.versions.contains(apiVersion) else {
            throw version.problem(
                "is \"\(apiVersion)\": expected client.authentication.k8s.io/v1 or …/v1beta1"
            )
        }
        let commandField = field.child("command")
        let name = try commandField.singleLine()
        guard !name.isEmpty else {
            throw commandField.problem("is missing: expected the program that prints credentials")
        }
        command = name.contains("/") ? name.resolved(in: folder) : name
        arguments = try field.child("args").texts()
        var variables: [HeaderField] = []
        for item in try field.child("env").list() {
            let name = try item.child("name").singleLine()
            guard !name.isEmpty, !name.contains("=") else {
                throw item.child("name").problem("is no name of an environment variable")
            }
            variables.append(HeaderField(name, try item.child("value").text()))
        }
        environment = variables
        let mode = field.child("interactiveMode")
        switch try mode.text() {
        case "" where apiVersion.hasSuffix("/v1"):
            throw mode.problem("is missing: expected Never, IfAvailable or Always")
        case "": interaction = .ifAvailable
        case let text:
            guard let known = Interaction(rawValue: text) else {
                throw mode.problem("is \"\(text)\": expected Never, IfAvailable or Always")
            }
            interaction = known
        }
        installHint = Sanitiser.line(try field.child("installHint").text())
        cluster = nil
    }
}

extension PEMSource {
    /// Inline data wins over a file.
    init?(
        data: ConfigField,
        file: ConfigField,
        in folder: String,
        holds label: String?
    ) throws(KubeconfigProblem) {
        let text = try data.text()
        guard text.isEmpty else {
            guard let bytes = Base64.decode(text) else {
                throw data.problem("is not base64 with padding")
            }
            let pem = String(decoding: bytes, as: UTF8.self)
            if let label, !pem.contains("-----BEGIN \(label)-----") {
                throw data.problem("is base64 but holds no PEM block \"\(label)\"")
            }
            self = .inline(Secret(pem))
            return
        }
        guard let path = try file.singleLine().nonEmpty else {
            return nil
        }
        self = .file(path.resolved(in: folder))
    }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }

    /// A path seen from the folder of the file that names it.
    func resolved(in folder: String) -> String {
        hasPrefix("/") || folder.isEmpty ? self : "\(folder)/\(self)"
    }

    /// The folder of a path; empty for a bare name.
    var folder: String {
        guard let slash = lastIndex(of: "/") else {
            return ""
        }
        return slash == startIndex ? "/" : String(self[..<slash])
    }

    /// A key of `as-user-extra` in a header's name: lower case, everything unusual percent-encoded.
    fileprivate var headerKeyEscaped: String {
        var output = ""
        for byte in lowercased().utf8 {
            let scalar = Unicode.Scalar(byte)
            let isToken =
                byte < 0x80
                && (scalar.properties.isAlphabetic || (48...57).contains(byte)
                    || "!#$&'*+-.^_`|~".unicodeScalars.contains(scalar))
            output += isToken ? String(Character(scalar)) : byte.percentEncoded
        }
        return output
    }
}

extension UInt8 {
    /// The byte as `%2F`.
    var percentEncoded: String {
        let digits = Array("0123456789ABCDEF")
        return "%\(digits[Int(self >> 4)])\(digits[Int(self & 15)])"
    }
}
