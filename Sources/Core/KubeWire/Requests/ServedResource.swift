/// A kind of object as one cluster serves it, from discovery.
package struct ServedResource: Hashable, Sendable {
    /// Empty for the core group.
    package let group: String
    package let version: String
    package let kind: String
    package let plural: String
    package let isNamespaced: Bool
    package let canList: Bool
    package let canWatch: Bool

    package init(
        group: String,
        version: String,
        kind: String,
        plural: String,
        isNamespaced: Bool = true,
        canList: Bool = true,
        canWatch: Bool = true
    ) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
        self.canList = canList
        self.canWatch = canWatch
    }

    /// core/v1 Events, which every cluster serves.
    package static let events = ServedResource(group: "", version: "v1", kind: "Event", plural: "events")

    /// core/v1 Namespaces, which every cluster serves.
    package static let namespaces = ServedResource(
        group: "",
        version: "v1",
        kind: "Namespace",
        plural: "namespaces",
        isNamespaced: false
    )

    /// The path of all objects, of one namespace's objects, or of one object.
    package func path(namespace: String? = nil, name: String? = nil) -> String {
        var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        if isNamespaced, let namespace, !namespace.isEmpty {
            path += "/namespaces/\(namespace.pathEncoded)"
        }
        path += "/\(plural)"
        if let name {
            path += "/\(name.pathEncoded)"
        }
        return path
    }
}
