import Foundation
import NIOHTTP1

/// The API of one simulated cluster: a request goes in, an answer comes out.
///
/// It knows nothing of connections; the steps and their order are those of a real API server: who is it, whom do
/// they pretend to be, may they, and only then whether there is such a thing at all.
///
/// - Thread: any.
struct ClusterAPI: Sendable {
    let store: ObjectStore
    let authentication: Authentication
    let policy: AccessPolicy
    let version: ServerVersion

    /// How long a version of the future is waited for, in milliseconds.
    static let patienceWithTheFuture = 3_000

    /// The kinds that are served at the moment.
    var types: [ResourceType] { store.types.filter(store.serves) }

    /// Answers a request; a watch is answered with a plan that the connection carries out.
    func answer(_ request: APIRequest) -> APIAnswer {
        guard
            case .known(let caller) = authentication.outcome(
                headers: request.headers,
                certificate: request.certificate
            )
        else {
            return .failure(.unauthorized(), for: request)
        }
        do throws(APIStatus) {
            let user = try impersonated(by: caller, request)
            guard policy.verdict(user, request.accessQuestion).allowed else {
                throw .forbidden(user: user, request: request)
            }
            switch request.target {
            case .path(let path): return answer(path: path, request)
            case .resource(let address): return try answer(address, user: user, request)
            }
        } catch {
            var answer = APIAnswer.failure(error, for: request)
            // A version of the future is waited for before it is refused.
            if error.code == 504 { answer.delay = Self.patienceWithTheFuture }
            return answer
        }
    }

    /// The user that the request acts as, which is the caller unless `Impersonate-` headers name another.
    private func impersonated(by caller: UserIdentity, _ request: APIRequest) throws(APIStatus)
        -> UserIdentity
    {
        let wanted = Impersonation(headers: request.headers)
        guard !wanted.isEmpty else { return caller }
        guard let name = wanted.user else { throw wanted.failureWithoutUser }
        let question = AccessQuestion(
            verb: "impersonate",
            object: .resource(group: "", resource: "users", namespace: "", name: name)
        )
        guard policy.verdict(caller, question).allowed else {
            let verb = "impersonate-on:user-info:\(request.verb)"
            throw .forbidden(user: caller, request: request, verb: verb)
        }
        return wanted.identity(name: name)
    }

    private func answer(path: String, _ request: APIRequest) -> APIAnswer {
        guard request.method == "GET" || request.method == "HEAD" else {
            return .failure(.methodNotAllowed(), for: request)
        }
        let parts = path.split(separator: "/").map(String.init)
        switch parts.first {
        case "version" where parts.count == 1:
            return APIAnswer(
                status: 200,
                contentType: "application/json",
                body: .data(Data(version.body.utf8))
            )
        case "healthz", "livez", "readyz":
            return health(parts, request)
        case "api", "apis":
            return discovery(parts, request)
        case "openapi":
            return openAPI(Array(parts.dropFirst()), request)
        default:
            return .pageNotFound
        }
    }

    private func answer(
        _ address: ResourceAddress,
        user: UserIdentity,
        _ request: APIRequest
    ) throws(APIStatus) -> APIAnswer {
        if let review = try review(address, user: user, request) { return review }
        guard let type = type(address) else { return .pageNotFound }
        if request.isBodyTooLarge { throw .bodyTooLarge }
        switch address.subresource {
        case nil: break
        case "status" where type.hasStatus: break
        case "scale" where type.hasScale: break
        case "log" where type.group.isEmpty && type.kind == "Pod": return try log(address, type, request)
        case "status" where !type.builtIn:
            // A kind without this subresource answers as if the object were missing.
            throw .notFound(type, address.name ?? "")
        default:
            return .pageNotFound
        }
        switch request.method {
        case "GET", "HEAD": return try read(address, type, request)
        case "POST", "PUT", "PATCH", "DELETE": return try answer(WriteRequest(request, address, type))
        default:
            throw .methodNotAllowed(type)
        }
    }

    /// The kind that lives at an address, if that version of it is served there.
    private func type(_ address: ResourceAddress) -> ResourceType? {
        let type = store.type(group: address.group, version: address.version, plural: address.resource)
        guard let type, type.namespaced || address.objectNamespace == nil else { return nil }
        return type
    }

    /// `ok`, or one line for each check.
    private func health(_ parts: [String], _ request: APIRequest) -> APIAnswer {
        let checks = [
            "ping", "log", "etcd", "informer-sync", "poststarthook/start-apiextensions-controllers",
        ]
        if parts.count > 1 {
            return checks.contains(parts.dropFirst().joined(separator: "/"))
                ? .text(200, "ok") : .pageNotFound
        }
        guard request.query["verbose"] != nil else { return .text(200, "ok") }
        let lines = checks.map { "[+]\($0) ok\n" }.joined()
        return .text(200, lines + "\(parts[0]) check passed\n")
    }
}

/// The `Impersonate-` headers of a request.
struct Impersonation {
    let user: String?
    private let uid: String
    private let groups: [String]
    private let extra: [(key: String, values: [String])]

    init(headers: HTTPHeaders) {
        user = headers.first(name: "Impersonate-User").flatMap { $0.isEmpty ? nil : $0 }
        uid = headers.first(name: "Impersonate-Uid") ?? ""
        groups = headers["Impersonate-Group"]
        let prefix = "impersonate-extra-"
        var extra: [(key: String, values: [String])] = []
        for (name, value) in headers where name.lowercased().hasPrefix(prefix) {
            // Keys are decoded, values are taken as they are.
            let coded = String(name.lowercased().dropFirst(prefix.count))
            let key = coded.removingPercentEncoding ?? coded
            if let index = extra.firstIndex(where: { $0.key == key }) {
                extra[index].values.append(value)
            } else {
                extra.append((key, [value]))
            }
        }
        self.extra = extra
    }

    var isEmpty: Bool {
        user == nil && uid.isEmpty && groups.isEmpty && extra.isEmpty
    }

    func identity(name: String) -> UserIdentity {
        let isKnown = name != UserIdentity.anonymous.name
        let own = isKnown ? UserIdentity.authenticatedGroup : "system:unauthenticated"
        return UserIdentity(
            name: name,
            uid: uid,
            groups: groups.contains(own) ? groups : groups + [own],
            extra: extra
        )
    }

    /// A real server prints the value as its language would write it.
    var failureWithoutUser: APIStatus {
        let list = groups.isEmpty ? "(nil)" : "{" + groups.map { "\"\($0)\"" }.joined(separator: ", ") + "}"
        let map = extra.map { pair in
            "\"\(pair.key)\":[]string{" + pair.values.map { "\"\($0)\"" }.joined(separator: ", ") + "}"
        }.joined(separator: ", ")
        let extras = extra.isEmpty ? "(nil)" : "{\(map)}"
        return .badRequest(
            "requested &user.DefaultInfo{Name:\"\", UID:\"\(uid)\", Groups:[]string\(list), "
                + "Extra:map[string][]string\(extras)} without impersonating a user name"
        )
    }
}
