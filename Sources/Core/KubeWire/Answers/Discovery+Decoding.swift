import Kube

/// The groups that a server named without saying what is in them: each must be asked for.
package struct GroupVersionName: Hashable, Sendable {
    package let group: String
    package let version: String

    package init(group: String, version: String) {
        self.group = group
        self.version = version
    }
}

/// An answer to a discovery request.
package enum DiscoveryAnswer: Hashable, Sendable {
    case resources(Discovery)
    /// The old form: ask for the resources of each, all versions of Flux's groups, else the preferred one.
    case names([GroupVersionName])
}

extension Discovery {
    /// Reads the answer to `KubeRequest.groups` or `.coreGroup`, in the new form or the old one.
    ///
    /// - Source: the body decides which form it is, never what was asked for.
    package static func decode(_ body: [UInt8]) throws(KubeStatus) -> DiscoveryAnswer {
        guard let root = body.fields else {
            throw unreadable
        }
        switch root.raw("kind") {
        case "APIGroupDiscoveryList" where root.count("items") != nil:
            return .resources(aggregated(root.list("items")))
        case "APIGroupList" where root.count("groups") != nil:
            return .names(root.list("groups").flatMap { names($0) })
        case "APIVersions":
            return .names(root.rawTexts("versions").map { GroupVersionName(group: "", version: $0) })
        default:
            throw unreadable
        }
    }

    /// Reads the answer to `KubeRequest.resources`.
    package static func decode(_ body: [UInt8], of name: GroupVersionName) throws(KubeStatus) -> Discovery {
        guard let root = body.fields, root.count("resources") != nil else {
            throw unreadable
        }
        // A subresource is a row of its own with a slash in its name.
        return Discovery(
            root.list("resources").compactMap { row in
                guard let plural = row.text("name"), let kind = row.text("kind"), !plural.contains("/")
                else {
                    return nil
                }
                let verbs = row.rawTexts("verbs")
                return ServedResource(
                    group: name.group,
                    version: name.version,
                    kind: kind,
                    plural: plural,
                    isNamespaced: row.flag("namespaced") ?? true,
                    canList: verbs.contains("list"),
                    canWatch: verbs.contains("watch")
                )
            }
        )
    }

    private static let unreadable = KubeStatus(
        code: 0,
        message: "the server's list of APIs cannot be read",
        isStatus: false
    )

    private static func aggregated(_ groups: [JSONFields]) -> Discovery {
        var result = Discovery()
        for group in groups {
            let name = group["metadata"].text("name") ?? ""
            for entry in group.list("versions") {
                guard let version = entry.text("version") else {
                    continue
                }
                // The backend of a stale group is down, and its rows, if any, are of before.
                guard entry.raw("freshness") != "Stale", entry.count("resources") != nil else {
                    result.markStale(name)
                    continue
                }
                for row in entry.list("resources") {
                    result.add(row, group: name, version: version)
                }
            }
        }
        return result
    }

    private mutating func add(_ row: JSONFields, group: String, version: String) {
        guard let plural = row.text("resource"), let kind = row["responseKind"].text("kind") else {
            return
        }
        let verbs = row.rawTexts("verbs")
        add(
            ServedResource(
                group: group,
                version: version,
                kind: kind,
                plural: plural,
                isNamespaced: row.raw("scope") != "Cluster",
                canList: verbs.contains("list"),
                canWatch: verbs.contains("watch")
            )
        )
    }

    /// All versions of Flux's groups, else the preferred one.
    private static func names(_ group: JSONFields) -> [GroupVersionName] {
        guard let name = group.text("name") else {
            return []
        }
        let versions = group.list("versions").compactMap { $0.text("version") }
        if FluxKind.all.contains(where: { $0.group == name }) {
            return versions.map { GroupVersionName(group: name, version: $0) }
        }
        let preferred = group["preferredVersion"].text("version") ?? versions.first
        return preferred.map { [GroupVersionName(group: name, version: $0)] } ?? []
    }
}
