import Chrono
import Kube
import KubeWire
import Text

/// The steps of a close look that is under way.
private final class Look {
    var found: ClusterExamination
    var open = 0
    let completion: @Sendable (ClusterExamination) -> Void

    init(_ found: ClusterExamination, _ completion: @escaping @Sendable (ClusterExamination) -> Void) {
        self.found = found
        self.completion = completion
    }

    func ended() {
        open -= 1
        if open == 0 {
            completion(found)
        }
    }
}

extension ClusterWorker {
    private static let roundTrips = 3

    /// Looks at the connection as closely as it can; where there is none, at what is known without one.
    func examine(_ completion: @escaping @Sendable (ClusterExamination) -> Void) {
        guard case .success(let access) = settings.access, !isStopped else {
            completion(ClusterExamination())
            return
        }
        var found = ClusterExamination(access)
        found.credentialsExpire = credentials?.end?.moment
        guard link.isLive else {
            completion(found)
            return
        }
        let look = Look(found, completion)
        look.open = 1
        measure(ClusterWorker.roundTrips, look)
    }

    /// One after the other, so that they do not wait for each other.
    private func measure(_ count: Int, _ look: Look) {
        guard count > 0 else {
            askWhoIAm(look)
            askForEach(look)
            look.ended()
            return
        }
        let began = Clock.uptime()
        line.collect(.version) { [weak self] result in
            guard let self, !isStopped, case .success = result else {
                look.ended()
                return
            }
            let took = Duration.nanoseconds(Int64(Clock.uptime() - began))
            look.found.roundTrip = min(look.found.roundTrip ?? took, took)
            measure(count - 1, look)
        }
    }

    private func askWhoIAm(_ look: Look) {
        look.open += 1
        line.collect(.whoAmI) { result in
            if case .success(let answer) = result, answer.isSuccess {
                look.found.user = SelfReview.decode(answer.body)
            }
            look.ended()
        }
    }

    private func askForEach(_ look: Look) {
        let served = FluxKind.all.filter { kinds[$0] != nil }
        for namespace in scopes.map({ $0 ?? "" }) {
            for kind in served {
                ask(look, "resync, suspend, resume", "patch", kind.group, kind.plural, namespace)
            }
            ask(look, "events", "list", "", "events", namespace)
            ask(look, "missing objects", "list", "apps", "deployments", namespace)
        }
    }

    private func ask(
        _ look: Look,
        _ action: String,
        _ verb: String,
        _ group: String,
        _ plural: String,
        _ namespace: String
    ) {
        look.open += 1
        let place = look.found.rights.count
        func right(_ isAllowed: Bool?) -> ClusterExamination.Right {
            ClusterExamination.Right(
                action: action,
                verb: verb,
                resource: group.isEmpty ? plural : "\(plural).\(group)",
                namespace: namespace,
                isAllowed: isAllowed
            )
        }
        look.found.rights.append(right(nil))
        line.collect(.mayI(verb: verb, group: group, resource: plural, namespace: namespace)) { result in
            if case .success(let answer) = result, answer.isSuccess {
                look.found.rights[place] = right(AccessReview.decode(answer.body))
            }
            look.ended()
        }
    }
}

extension ClusterExamination {
    /// What the kubeconfig alone says.
    fileprivate init(_ access: ClusterAccess) {
        self.init()
        server = access.server.description
        serverName = access.tlsServerName
        proxy = access.proxyURL.map(ClusterExamination.withoutLogin)
        trust = ClusterExamination.trust(access)
        if let user = access.impersonation.first(where: { $0.name.lowercased() == "impersonate-user" }) {
            actsAs = user.value
        }
        let given = access.credentials
        credentials = [
            given.certificate.map { _ in "client certificate" },
            given.bearer.map { bearer in
                if case .file = bearer { "token file" } else { "token" }
            },
            given.basic.map { _ in "user and password" },
            given.exec.map { "plugin \(Sanitiser.line($0.command, limit: 80))" },
        ].compactMap(\.self)
    }

    private static func trust(_ access: ClusterAccess) -> Trust {
        guard access.server.isSecure else {
            return .plainHTTP
        }
        guard !access.skipsVerification else {
            return .unverified
        }
        guard let authority = access.authority else {
            return .system
        }
        let pem = try? PEMFile.bytes(authority, key: "certificate-authority", label: "CERTIFICATE")
        return .given(until: pem.flatMap(CredentialLifetime.end(ofCertificate:)))
    }

    private static func withoutLogin(_ url: String) -> String {
        guard let at = url.lastIndex(of: "@"), let scheme = url.firstRange(of: "://") else {
            return Sanitiser.line(url)
        }
        return Sanitiser.line(String(url[..<scheme.upperBound] + url[url.index(after: at)...]))
    }
}
