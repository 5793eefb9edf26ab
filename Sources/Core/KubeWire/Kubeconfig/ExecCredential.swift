package import Chrono
import FoundationEssentials
import Kube
import Text
import Yams

/// What an exec plugin printed, read and checked.
package struct ExecCredential: Hashable, Sendable {
    package let token: Secret?
    /// Certificate and key as PEM text.
    package let certificate: ClientCertificate?
    /// Until when it may be used; nil means for as long as weir runs.
    package let expires: Timestamp?

    /// Reads the plugin's standard output, JSON or YAML.
    ///
    /// - Errors: one sentence, never with anything of the output that could be a credential.
    package static func parse(_ output: [UInt8], for spec: ExecSpec) throws(ExecFault) -> ExecCredential {
        let name = Sanitiser.line(spec.command, limit: 80)
        guard let text = String(validating: output, as: UTF8.self),
            let root = try? Parser(yaml: text, resolver: .basic, encoding: .utf8).nextRoot(),
            root.mapping != nil
        else {
            throw ExecFault("the plugin \(name) printed no credentials but something else")
        }
        let fields = ConfigField(node: root, key: "", file: name)
        do throws(KubeconfigProblem) {
            return try read(fields, name: name, version: spec.apiVersion)
        } catch {
            throw ExecFault("the plugin \(name) printed a bad ExecCredential: \(error.key) \(error.message)")
        }
    }

    private static func read(
        _ root: ConfigField,
        name: String,
        version expected: String
    ) throws(KubeconfigProblem) -> ExecCredential {
        let version = root.child("apiVersion")
        guard try version.text() == expected else {
            throw version.problem("is \"\(try version.text())\": expected \(expected)")
        }
        let kind = root.child("kind")
        guard try kind.text() == "ExecCredential" else {
            throw kind.problem("is \"\(try kind.text())\": expected ExecCredential")
        }
        let status = root.child("status")
        guard status.isPresent else {
            throw status.problem("is missing")
        }
        try status.checkMapping()
        let token = try status.child("token").singleLine()
        let certificate = try status.child("clientCertificateData").text()
        let key = try status.child("clientKeyData").text()
        guard certificate.isEmpty == key.isEmpty else {
            let missing = certificate.isEmpty ? "clientCertificateData" : "clientKeyData"
            throw status.child(missing).problem("is missing: expected certificate and key together")
        }
        guard !token.isEmpty || !certificate.isEmpty else {
            throw status.problem("holds neither a token nor a certificate with its key")
        }
        let expiry = status.child("expirationTimestamp")
        let expiryText = try expiry.text()
        let expires = Timestamp(rfc3339: expiryText)
        guard expiryText.isEmpty || expires != nil else {
            throw expiry.problem("is no time: expected RFC 3339, such as 2026-08-20T09:30:00Z")
        }
        return ExecCredential(
            token: token.isEmpty ? nil : Secret(token),
            certificate: certificate.isEmpty
                ? nil
                : ClientCertificate(certificate: .inline(Secret(certificate)), key: .inline(Secret(key))),
            expires: expires
        )
    }
}

/// Why an exec plugin gave no credentials, in one harmless sentence.
package struct ExecFault: Error, Hashable, Sendable {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}

extension ExecSpec {
    /// The value of `KUBERNETES_EXEC_INFO`; `authority` is the cluster's CA, read where it is a file.
    ///
    /// - Shape: `isInteractive` only while the plugin really has the terminal.
    package func info(authority: Secret?, isInteractive: Bool = false) -> String {
        var spec: [(String, String)] = []
        if let cluster {
            var members = [("server", JSONText.quoted(cluster.server))]
            if let name = cluster.tlsServerName {
                members.append(("tls-server-name", JSONText.quoted(name)))
            }
            if cluster.skipsVerification {
                members.append(("insecure-skip-tls-verify", "true"))
            }
            if let authority {
                let data = Base64.encode(authority.revealed.utf8)
                members.append(("certificate-authority-data", JSONText.quoted(data)))
            }
            if let proxyURL = cluster.proxyURL {
                members.append(("proxy-url", JSONText.quoted(proxyURL)))
            }
            if cluster.disablesCompression {
                members.append(("disable-compression", "true"))
            }
            members.append(("config", cluster.config ?? "null"))
            spec.append(("cluster", JSONText.object(members)))
        }
        spec.append(("interactive", isInteractive ? "true" : "false"))
        return JSONText.object([
            ("kind", "\"ExecCredential\""), ("apiVersion", JSONText.quoted(apiVersion)),
            ("spec", JSONText.object(spec)),
        ])
    }
}
