import Chrono
import Dispatch
import KubeWire
import Text
import Wire

/// Gets the credentials that a kubeconfig entry asks for: reads files, runs plugins.
///
/// - Thread: the session's queue, on which `completion` is called, too, perhaps before `load` returns.
struct CredentialLoader {
    let access: ClusterAccess
    let queue: DispatchQueue
    let plugins: ExecPlugins

    /// Loads them; `rejected` is what the server refused, so that a plugin is asked for something better.
    func load(
        rejected: ExecCredential?,
        completion: @escaping (Result<LoadedCredentials, CredentialFault>) -> Void
    ) {
        do throws(CredentialFault) {
            let authority = try access.authority.map { source throws(CredentialFault) in
                try PEMFile.bytes(source, key: "certificate-authority", label: "CERTIFICATE")
            }
            guard access.server.isSecure, let spec = access.credentials.exec else {
                completion(.success(try fixed(authority: authority)))
                return
            }
            run(spec, authority: authority, rejected: rejected, completion: completion)
        } catch {
            completion(.failure(error))
        }
    }

    private func fixed(authority: [UInt8]?) throws(CredentialFault) -> LoadedCredentials {
        guard access.server.isSecure else {
            return LoadedCredentials(connection: connection(authority: authority, certificate: nil))
        }
        let credentials = access.credentials
        let certificate = try credentials.certificate.map { pair throws(CredentialFault) in
            (
                try PEMFile.bytes(pair.certificate, key: "client-certificate", label: "CERTIFICATE"),
                try PEMFile.bytes(pair.key, key: "client-key", label: nil)
            )
        }
        var token: Secret?
        var tokenFile: String?
        switch credentials.bearer {
        case .token(let fixed)?: token = fixed
        case .file(let path, let fallback)?:
            tokenFile = path
            do throws(CredentialFault) {
                token = try TokenFile.read(path)
            } catch {
                guard let fallback else {
                    throw error
                }
                token = fallback
            }
        case nil: break
        }
        return LoadedCredentials(
            connection: connection(authority: authority, certificate: certificate),
            basic: credentials.basic,
            token: token,
            tokenFile: tokenFile
        )
    }

    private func run(
        _ spec: ExecSpec,
        authority: [UInt8]?,
        rejected: ExecCredential?,
        completion: @escaping (Result<LoadedCredentials, CredentialFault>) -> Void
    ) {
        let pem = spec.cluster == nil ? nil : authority.map { Secret(String(decoding: $0, as: UTF8.self)) }
        let reply = RoundTrip(
            { (result: Result<ExecCredential, ExecFault>) in
                completion(
                    result.map { credential in
                        LoadedCredentials(
                            connection: connection(authority: authority, certificate: credential.pair),
                            plugin: credential
                        )
                    }.mapError { CredentialFault(message: $0.message, isConfiguration: false) }
                )
            },
            on: queue
        )
        plugins.credential(for: spec, authority: pem, rejected: rejected) { [queue] result in
            queue.async { reply.value(result) }
        }
    }

    private func connection(
        authority: [UInt8]?,
        certificate: ([UInt8], [UInt8])?
    ) -> ConnectionSettings {
        ConnectionSettings(
            caPEM: authority,
            insecure: access.skipsVerification,
            clientCertificatePEM: certificate?.0,
            clientKeyPEM: certificate?.1,
            serverName: access.tlsServerName,
            proxyURL: access.proxyURL
        )
    }
}

extension ExecCredential {
    fileprivate var pair: ([UInt8], [UInt8])? {
        guard case .inline(let certificate)? = certificate?.certificate,
            case .inline(let key)? = self.certificate?.key
        else {
            return nil
        }
        return (Array(certificate.revealed.utf8), Array(key.revealed.utf8))
    }
}
