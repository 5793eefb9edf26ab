/// The kinds that a simulated cluster with Flux serves.
package enum ResourceTypes {
    /// All kinds.
    package static let all: [ResourceType] = builtIn + flux

    /// The kind with this group and plural.
    package static func type(group: String, plural: String) -> ResourceType? {
        all.first { $0.plural == plural && $0.group == group }
    }

    /// The kind that an object names by apiVersion and kind; any version of the group will do.
    package static func type(apiVersion: String, kind: String) -> ResourceType? {
        let group = apiVersion.split(separator: "/").dropLast().joined(separator: "/")
        return all.first { $0.kind == kind && $0.group == group }
    }
}
