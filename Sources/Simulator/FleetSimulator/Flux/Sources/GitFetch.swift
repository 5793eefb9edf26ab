/// What source-controller finds upstream for a GitRepository.
///
/// The bare repository is opened in its folder: the host's rights are checked as a clone would meet them.
struct GitFetch {
    let store: ObjectStore
    let gitHost: GitHost

    /// The commit that a GitRepository asks for.
    ///
    /// - Errors: the reason and message with which source-controller reports a failed fetch.
    func resolve(_ source: JSON) throws(RunFailure) -> ResolvedReference {
        let url = source.text("spec", "url") ?? ""
        let credentials = try credentials(for: source)
        guard let name = gitHost.repository(at: url) else {
            throw failed(url, "dial tcp: lookup \(Self.hostName(of: url)) on 10.96.0.10:53: no such host")
        }
        switch gitHost.rights(of: name).verdict(pushing: false, credentials: credentials) {
        case .unauthorized: throw failed(url, "authentication required")
        case .forbidden: throw failed(url, "authorization failed")
        case .allowed: break
        }
        do {
            return try BareRepository(path: gitHost.path(repository: name)).resolve(Self.wish(of: source))
        } catch let missing as ReferenceMissing {
            throw failed(url, missing.message)
        } catch {
            throw failed(url, "repository not found")
        }
    }

    /// Reads `spec.ref`.
    static func wish(of source: JSON) -> ReferenceWish {
        ReferenceWish(
            branch: source.text("spec", "ref", "branch"),
            tag: source.text("spec", "ref", "tag"),
            semver: source.text("spec", "ref", "semver"),
            name: source.text("spec", "ref", "name"),
            commit: source.text("spec", "ref", "commit")
        )
    }

    /// `user:password` of the Secret that the source names; nil when it names none.
    private func credentials(for source: JSON) throws(RunFailure) -> String? {
        guard let name = source.text("spec", "secretRef", "name") else { return nil }
        let key = ObjectKey(FluxKinds.secret, namespace: source.namespace, name: name)
        guard let secret = try? store.get(key) else {
            throw RunFailure(
                reason: "AuthenticationFailed",
                message:
                    "failed to get secret '\(source.namespace ?? "")/\(name)': secrets \"\(name)\" not found"
            )
        }
        let data = secret.strings("data").compactMapValues(Base64.decoded)
        guard let user = data["username"], let password = data["password"] else { return nil }
        return "\(user):\(password)"
    }

    private func failed(_ url: String, _ words: String) -> RunFailure {
        RunFailure(
            reason: "GitOperationFailed",
            message: "failed to checkout and determine revision: unable to clone '\(url)': \(words)"
        )
    }

    private static func hostName(of url: String) -> String {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = rest.prefix { $0 != "/" && $0 != ":" }
        return String(authority.split(separator: "@").last ?? authority)
    }
}
