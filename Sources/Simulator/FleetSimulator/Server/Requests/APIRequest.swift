import Foundation
import NIOHTTP1

/// A whole request as the API sees it, whichever HTTP version carried it.
struct APIRequest: Sendable {
    /// The largest body that is read; a larger one is answered with 413.
    static let bodyLimit = 3 * 1024 * 1024

    let method: String
    /// The path as sent, percent-encoded.
    let path: String
    let query: QueryItems
    let headers: HTTPHeaders
    let body: Data
    let isBodyTooLarge: Bool
    let certificate: PeerCertificate?
    let target: RequestTarget

    init(
        method: String,
        uri: String,
        headers: HTTPHeaders,
        body: Data = Data(),
        isBodyTooLarge: Bool = false,
        certificate: PeerCertificate? = nil
    ) {
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.method = method
        path = parts.first.map(String.init) ?? "/"
        query = QueryItems(parts.count > 1 ? parts[1] : "")
        self.headers = headers
        self.body = body
        self.isBodyTooLarge = isBodyTooLarge
        self.certificate = certificate
        target = RequestTarget(path: path)
    }

    /// The first field of that name.
    func header(_ name: String) -> String? {
        headers.first(name: name)
    }

    var userAgent: String { header("User-Agent") ?? "" }

    /// The content type without its parameters, in lower case.
    var contentType: String {
        let field = header("Content-Type") ?? ""
        return field.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
    }

    var isWatch: Bool {
        method == "GET" && query.isTrue("watch")
    }

    /// What the request wants to do, in the words of rights.
    var verb: String {
        guard case .resource(let address) = target else { return method.lowercased() }
        switch method {
        case "GET", "HEAD":
            if isWatch { return "watch" }
            return address.name == nil ? "list" : "get"
        case "POST": return "create"
        case "PUT": return "update"
        case "PATCH": return "patch"
        case "DELETE": return address.name == nil ? "deletecollection" : "delete"
        default: return ""
        }
    }

    /// The question that the rights must answer.
    var accessQuestion: AccessQuestion {
        switch target {
        case .path(let path):
            return AccessQuestion(verb: verb, object: .path(path))
        case .resource(let address):
            return AccessQuestion(
                verb: verb,
                object: .resource(
                    group: address.group,
                    resource: address.resourceWithSubresource,
                    namespace: address.namespace ?? "",
                    name: address.name ?? selectedName ?? ""
                )
            )
        }
    }

    /// The one name that a list or watch is limited to, if it is.
    private var selectedName: String? {
        guard verb == "list" || verb == "watch", let selector = query["fieldSelector"] else { return nil }
        let terms = selector.split(separator: ",")
        for term in terms {
            for prefix in ["metadata.name==", "metadata.name="] where term.hasPrefix(prefix) {
                return String(term.dropFirst(prefix.count))
            }
        }
        return nil
    }

    /// Whether the answer shall be indented for a human who looks at it.
    var wantsIndentation: Bool {
        if let parameter = query["pretty"], !parameter.isEmpty { return query.isTrue("pretty") }
        return ["curl", "Wget", "Mozilla/5.0"].contains(where: userAgent.hasPrefix)
    }
}
