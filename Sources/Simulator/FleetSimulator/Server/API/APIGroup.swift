import Crypto
import Foundation

/// A group of the API with the versions and resources that a cluster serves.
struct APIGroup {
    struct Version {
        let group: String
        let version: String
        var resources: [APIResource]

        var groupVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
    }

    let name: String
    var versions: [Version]

    /// The groups in the order of a real server: built-in ones first, then those of CRDs by name.
    static func all(of types: [ResourceType]) -> [APIGroup] {
        let custom = types.filter { !$0.builtIn }.sorted { $0.group < $1.group }
        var groups: [APIGroup] = []
        for type in types.filter(\.builtIn) {
            groups.add(APIResource(type), group: type.group, version: type.version)
        }
        for (group, resource) in APIResource.reviews { groups.add(resource, group: group, version: "v1") }
        for type in custom { groups.add(APIResource(type), group: type.group, version: type.version) }
        return groups
    }

    /// Names and versions, as the plain form lists them.
    var summary: JSON {
        let list = versions.map { version -> JSON in
            ["groupVersion": .string(version.groupVersion), "version": .string(version.version)]
        }
        return ["name": .string(name), "versions": .array(list), "preferredVersion": list.first ?? .null]
    }

    /// Everything, as the aggregated form lists it; the core group has no name there.
    var discovery: JSON {
        [
            "metadata": name.isEmpty ? [:] : ["name": .string(name)],
            "versions": .array(
                versions.map { version in
                    [
                        "version": .string(version.version), "freshness": "Current",
                        "resources": .array(
                            version.resources.sorted { $0.plural < $1.plural }.map { resource in
                                resource.discovery(group: name, version: version.version)
                            }
                        ),
                    ]
                }
            ),
        ]
    }
}

extension [APIGroup] {
    fileprivate mutating func add(_ resource: APIResource, group: String, version: String) {
        if let index = firstIndex(where: { $0.name == group }) {
            if let place = self[index].versions.firstIndex(where: { $0.version == version }) {
                self[index].versions[place].resources.append(resource)
            } else {
                let fresh = APIGroup.Version(group: group, version: version, resources: [resource])
                // The stable version comes first, as the preferred one.
                let isStable = !version.contains("beta") && !version.contains("alpha")
                self[index].versions.insert(fresh, at: isStable ? 0 : self[index].versions.count)
            }
        } else {
            let fresh = APIGroup.Version(group: group, version: version, resources: [resource])
            append(APIGroup(name: group, versions: [fresh]))
        }
    }
}

/// One resource as discovery describes it.
struct APIResource {
    struct Subresource {
        let name: String
        let kind: String
        let group: String?
        let version: String?
        let verbs: [String]
    }

    let plural: String
    let singular: String
    let kind: String
    let isNamespaced: Bool
    let verbs: [String]
    let shortNames: [String]
    let categories: [String]
    let subresources: [Subresource]
    /// Built-in kinds leave group and version of what they answer with empty.
    let isBuiltIn: Bool
    /// What tells a client whether two resources share their storage.
    let storageHash: String?

    init(_ type: ResourceType) {
        plural = type.plural
        singular = type.singular
        kind = type.kind
        isNamespaced = type.namespaced
        shortNames = type.shortNames
        categories = type.categories
        isBuiltIn = type.builtIn
        let isNamespace = type.group.isEmpty && type.plural == "namespaces"
        if type.builtIn {
            let all = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
            verbs = isNamespace ? all.filter { $0 != "deletecollection" } : all
        } else {
            verbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"]
        }
        var subresources: [Subresource] = []
        let change = ["get", "patch", "update"]
        if type.hasScale {
            subresources.append(
                Subresource(name: "scale", kind: "Scale", group: "autoscaling", version: "v1", verbs: change)
            )
        }
        if type.hasStatus {
            subresources.append(
                Subresource(name: "status", kind: type.kind, group: nil, version: nil, verbs: change)
            )
        }
        self.subresources = subresources
        let digest = Crypto.SHA256.hash(data: Data("\(type.group)/\(type.version)/\(type.kind)".utf8))
        storageHash = Data(digest.prefix(8)).base64EncodedString()
    }

    private init(review kind: String, isNamespaced: Bool = false) {
        plural = kind.lowercased() + "s"
        singular = kind.lowercased()
        self.kind = kind
        self.isNamespaced = isNamespaced
        verbs = ["create"]
        shortNames = []
        categories = []
        subresources = []
        isBuiltIn = true
        storageHash = nil
    }

    /// The questions about rights and identity that the server answers without storing them.
    static let reviews = [
        ("authentication.k8s.io", APIResource(review: "SelfSubjectReview")),
        ("authorization.k8s.io", APIResource(review: "SelfSubjectAccessReview")),
        ("authorization.k8s.io", APIResource(review: "SelfSubjectRulesReview")),
    ]

    /// The rows of the plain form: the resource and each of its subresources.
    var rows: [JSON] {
        var row: JSON = [
            "name": .string(plural), "singularName": .string(singular), "namespaced": .bool(isNamespaced),
            "kind": .string(kind), "verbs": .array(verbs.map(JSON.string)),
        ]
        if !shortNames.isEmpty { row["shortNames"] = .array(shortNames.map(JSON.string)) }
        if !categories.isEmpty { row["categories"] = .array(categories.map(JSON.string)) }
        if let storageHash { row["storageVersionHash"] = .string(storageHash) }
        let others = subresources.map { subresource in
            var row: JSON = [
                "name": .string("\(plural)/\(subresource.name)"), "singularName": "",
                "namespaced": .bool(isNamespaced), "kind": .string(subresource.kind),
                "verbs": .array(subresource.verbs.map(JSON.string)),
            ]
            if let group = subresource.group { row["group"] = .string(group) }
            if let version = subresource.version { row["version"] = .string(version) }
            return row
        }
        return [row] + others
    }

    func discovery(group: String, version: String) -> JSON {
        var entry: JSON = [
            "resource": .string(plural), "responseKind": responseKind(kind, group, version),
            "scope": isNamespaced ? "Namespaced" : "Cluster", "singularResource": .string(singular),
            "verbs": .array(verbs.map(JSON.string)),
        ]
        if !shortNames.isEmpty { entry["shortNames"] = .array(shortNames.map(JSON.string)) }
        if !categories.isEmpty { entry["categories"] = .array(categories.map(JSON.string)) }
        if !subresources.isEmpty {
            entry["subresources"] = .array(
                subresources.map { subresource in
                    let own = subresource.group == nil
                    let kind: JSON =
                        own
                        ? responseKind(subresource.kind, group, version)
                        : [
                            "group": .string(subresource.group ?? ""),
                            "version": .string(subresource.version ?? ""),
                            "kind": .string(subresource.kind),
                        ]
                    return [
                        "subresource": .string(subresource.name), "responseKind": kind,
                        "verbs": .array(subresource.verbs.map(JSON.string)),
                    ]
                }
            )
        }
        return entry
    }

    private func responseKind(_ kind: String, _ group: String, _ version: String) -> JSON {
        [
            "group": .string(isBuiltIn ? "" : group), "version": .string(isBuiltIn ? "" : version),
            "kind": .string(kind),
        ]
    }
}
