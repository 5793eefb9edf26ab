/// The sorts of requests that faults can single out and counters tell apart.
package enum RequestClass: String, Sendable, CaseIterable {
    case list
    case watch
    case get
    case write
    /// Questions about rights and identity.
    case review
    case discovery
    /// Health checks, the version and everything else outside of the API.
    case other

    init(_ request: APIRequest) {
        switch request.target {
        case .path(let path):
            let isDiscovery = ["/api", "/apis", "/openapi"].contains {
                path == $0 || path.hasPrefix($0 + "/")
            }
            self = isDiscovery ? .discovery : .other
        case .resource(let address):
            if address.group == "authorization.k8s.io" || address.group == "authentication.k8s.io" {
                self = .review
                return
            }
            switch request.verb {
            case "list": self = .list
            case "watch": self = .watch
            case "get": self = .get
            default: self = .write
            }
        }
    }
}
