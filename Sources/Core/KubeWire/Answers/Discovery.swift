package import Kube

/// What an API server serves, as far as weir asks: which kinds in which versions, under which path.
package struct Discovery: Hashable, Sendable {
    private struct Name: Hashable {
        let group: String
        let kind: String
    }

    private var resources: [Name: [ServedResource]] = [:]
    /// Groups whose backend was down when the server was asked: their kinds are unknown, not absent.
    package private(set) var staleGroups: Set<String> = []

    package init() {}

    package init(_ resources: some Sequence<ServedResource>, staleGroups: Set<String> = []) {
        for resource in resources {
            add(resource)
        }
        self.staleGroups = staleGroups
    }

    package var isEmpty: Bool { resources.isEmpty }

    package mutating func add(_ resource: ServedResource) {
        resources[Name(group: resource.group, kind: resource.kind), default: []].append(resource)
    }

    package mutating func merge(_ other: Discovery) {
        for list in other.resources.values {
            for resource in list {
                add(resource)
            }
        }
        staleGroups.formUnion(other.staleGroups)
    }

    /// Takes a group over from an earlier look.
    package mutating func keep(group: String, of earlier: Discovery) {
        for (name, list) in earlier.resources where name.group == group {
            resources[name] = list
        }
    }

    package mutating func markStale(_ group: String) {
        staleGroups.insert(group)
    }

    /// The newest version of a Flux kind that both the cluster and weir know.
    ///
    /// - Shape: nil where it is not served; versions that came after weir only where no other is served.
    package func served(_ kind: FluxKind) -> ServedResource? {
        let all = resources[Name(group: kind.group, kind: kind.kind)] ?? []
        let known = all.filter { Discovery.knownVersions(of: kind).contains($0.version) }
        return (known.isEmpty ? all : known).max { left, right in
            Discovery.isOlder(left.version, right.version)
        }
    }

    /// Any kind, in the version asked for or else the newest; nil where it is not served.
    package func resource(group: String, kind: String, version: String? = nil) -> ServedResource? {
        let all = resources[Name(group: group, kind: kind)] ?? []
        return all.first { $0.version == version }
            ?? all.max { Discovery.isOlder($0.version, $1.version) }
    }

    /// The kinds of Flux that are served, each in its version, in the order of `FluxKind.all`.
    package var fluxResources: [(kind: FluxKind, resource: ServedResource)] {
        FluxKind.all.compactMap { kind in served(kind).map { (kind, $0) } }
    }

    private static func knownVersions(of kind: FluxKind) -> Set<String> {
        kind.group == FluxKind.helmGroup
            ? ["v2", "v2beta2", "v2beta1"] : ["v1", "v1beta3", "v1beta2", "v1beta1"]
    }

    private static func isOlder(_ left: String, _ right: String) -> Bool {
        switch (APIVersion(left), APIVersion(right)) {
        case (let left?, let right?): left < right
        case (nil, _?): true
        case (_?, nil): false
        case (nil, nil): left < right
        }
    }
}
