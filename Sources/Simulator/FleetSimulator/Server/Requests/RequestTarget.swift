import Foundation

/// Where a request goes: to a resource of the API, or to a path outside of it.
enum RequestTarget: Sendable, Equatable {
    case resource(ResourceAddress)
    case path(String)

    /// Reads a path as the API server does, without knowing which resources exist.
    init(path: String) {
        let parts = path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
        let isCore = parts.first == "api"
        let head = isCore ? 2 : 3
        guard isCore || parts.first == "apis", parts.count > head else {
            self = .path(path)
            return
        }
        let group = isCore ? "" : parts[1]
        let version = parts[head - 1]
        var rest = parts[head...]
        var namespace: String?
        if rest.first == "namespaces", rest.count > 1 {
            namespace = rest[rest.startIndex + 1]
            // A namespace is an object too: its own subresources are not resources inside of it.
            if rest.count > 2, !["status", "finalize"].contains(rest[rest.startIndex + 2]) {
                rest = rest.dropFirst(2)
            }
        }
        let fields = Array(rest)
        self = .resource(
            ResourceAddress(
                group: group,
                version: version,
                namespace: namespace,
                resource: fields[0],
                name: fields.count > 1 ? fields[1] : nil,
                subresource: fields.count > 2 ? fields[2...].joined(separator: "/") : nil
            )
        )
    }
}

/// The parts of a resource's path.
struct ResourceAddress: Sendable, Equatable {
    let group: String
    let version: String
    let namespace: String?
    let resource: String
    let name: String?
    let subresource: String?

    /// The namespace of the object; a Namespace is in none, though its own path names one.
    var objectNamespace: String? {
        resource == "namespaces" && group.isEmpty ? nil : namespace
    }

    /// Resource and group as error messages name them.
    var qualifiedResource: String {
        group.isEmpty ? resource : "\(resource).\(group)"
    }

    /// Resource and subresource as rules name them.
    var resourceWithSubresource: String {
        subresource.map { "\(resource)/\($0)" } ?? resource
    }
}
