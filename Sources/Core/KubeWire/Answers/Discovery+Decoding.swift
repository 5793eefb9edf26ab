import FoundationEssentials
import Kube
import Text

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
        let answer: WireDiscovery
        do {
            answer = try JSONDecoder().decode(WireDiscovery.self, from: Data(body))
        } catch {
            throw KubeStatus(code: 0, message: "the server's list of APIs cannot be read", isStatus: false)
        }
        switch answer {
        case .aggregated(let groups):
            return .resources(aggregated(groups))
        case .groups(let groups):
            return .names(groups.flatMap(\.names))
        case .core(let versions):
            return .names(versions.map { GroupVersionName(group: "", version: $0) })
        }
    }

    /// Reads the answer to `KubeRequest.resources`.
    package static func decode(_ body: [UInt8], of name: GroupVersionName) throws(KubeStatus) -> Discovery {
        guard let list = try? JSONDecoder().decode(WireResourceList.self, from: Data(body)) else {
            throw KubeStatus(code: 0, message: "the server's list of kinds cannot be read", isStatus: false)
        }
        // A subresource is a row of its own with a slash in its name.
        return Discovery(
            list.resources.compactMap { row in
                guard let plural = row.name, let kind = row.kind, !plural.contains("/") else {
                    return nil
                }
                return ServedResource(
                    group: name.group,
                    version: name.version,
                    kind: kind,
                    plural: plural,
                    isNamespaced: row.namespaced ?? true,
                    canList: row.verbs.contains("list"),
                    canWatch: row.verbs.contains("watch")
                )
            }
        )
    }

    private static func aggregated(_ groups: [WireGroup]) -> Discovery {
        var result = Discovery()
        for group in groups {
            for version in group.versions {
                // The backend of a stale group is down, and its rows, if any, are of before.
                guard version.freshness != "Stale", let resources = version.resources else {
                    result.markStale(group.name)
                    continue
                }
                for row in resources {
                    guard let plural = row.resource, let kind = row.kind else {
                        continue
                    }
                    result.add(
                        ServedResource(
                            group: group.name,
                            version: version.version,
                            kind: kind,
                            plural: plural,
                            isNamespaced: row.scope != "Cluster",
                            canList: row.verbs.contains("list"),
                            canWatch: row.verbs.contains("watch")
                        )
                    )
                }
            }
        }
        return result
    }
}

/// The three forms in which servers answer `/apis` and `/api`.
private enum WireDiscovery: Decodable {
    case aggregated([WireGroup])
    case groups([WireNamedGroup])
    case core([String])

    private enum Key: String, CodingKey {
        case kind, items, groups, versions
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(String.self, forKey: .kind) {
        case "APIGroupDiscoveryList":
            self = .aggregated(try container.decode(Lenient<WireGroup>.self, forKey: .items).elements)
        case "APIGroupList":
            self = .groups(try container.decode(Lenient<WireNamedGroup>.self, forKey: .groups).elements)
        case "APIVersions":
            self = .core(try container.decode([String].self, forKey: .versions))
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .kind,
                in: container,
                debugDescription: "no discovery document"
            )
        }
    }
}

private struct WireGroup: Decodable {
    struct Metadata: Decodable {
        let name: String?
    }

    struct Version: Decodable {
        let version: String
        let freshness: String?
        let resources: [Row]?

        enum CodingKeys: CodingKey {
            case version, freshness, resources
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            version = try container.decode(String.self, forKey: .version)
            freshness = try? container.decodeIfPresent(String.self, forKey: .freshness)
            resources = try container.decodeIfPresent(Lenient<Row>.self, forKey: .resources)?.elements
        }
    }

    struct Row: Decodable {
        struct ResponseKind: Decodable {
            let kind: String?
        }

        let resource: String?
        let kind: String?
        let scope: String?
        let verbs: [String]

        enum CodingKeys: CodingKey {
            case resource, responseKind, scope, verbs
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            resource = try container.decodeIfPresent(String.self, forKey: .resource)
            kind = try container.decodeIfPresent(ResponseKind.self, forKey: .responseKind)?.kind
            scope = try container.decodeIfPresent(String.self, forKey: .scope)
            verbs = (try? container.decodeIfPresent([String].self, forKey: .verbs)) ?? []
        }
    }

    let name: String
    let versions: [Version]

    enum CodingKeys: CodingKey {
        case metadata, versions
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decodeIfPresent(Metadata.self, forKey: .metadata)?.name ?? ""
        versions = try container.decode(Lenient<Version>.self, forKey: .versions).elements
    }
}

private struct WireNamedGroup: Decodable {
    struct Version: Decodable {
        let version: String
    }

    let name: String
    let versions: [Version]
    let preferredVersion: Version?

    var names: [GroupVersionName] {
        let isFlux = FluxKind.all.contains { $0.group == name }
        let chosen = isFlux ? versions : [preferredVersion ?? versions.first].compactMap(\.self)
        return chosen.map { GroupVersionName(group: name, version: $0.version) }
    }
}

private struct WireResourceList: Decodable {
    struct Row: Decodable {
        let name: String?
        let kind: String?
        let namespaced: Bool?
        let verbs: [String]

        enum CodingKeys: CodingKey {
            case name, kind, namespaced, verbs
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decodeIfPresent(String.self, forKey: .name)
            kind = try container.decodeIfPresent(String.self, forKey: .kind)
            namespaced = try container.decodeIfPresent(Bool.self, forKey: .namespaced)
            verbs = (try? container.decodeIfPresent([String].self, forKey: .verbs)) ?? []
        }
    }

    let resources: [Row]

    enum CodingKeys: CodingKey {
        case resources
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        resources = try container.decode(Lenient<Row>.self, forKey: .resources).elements
    }
}
