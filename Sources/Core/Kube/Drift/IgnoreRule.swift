/// An entry of `spec.ignore`, or of a HelmRelease's `driftDetection.ignore`: paths that may differ.
package struct IgnoreRule: Hashable, Sendable {
    /// JSON Pointers, `/spec/replicas`; an empty one means the whole object.
    package let paths: [String]
    /// Regular expressions for the whole text; nil matches everything.
    package let group: String?
    package let kind: String?
    package let namespace: String?
    package let name: String?

    package init(
        paths: [String],
        group: String? = nil,
        kind: String? = nil,
        namespace: String? = nil,
        name: String? = nil
    ) {
        self.paths = paths
        self.group = group
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// True where a field of an object need not be what Git says.
    ///
    /// - Shape: `pointer` has `*` for items of lists, whose places are not recorded: any number matches it.
    ///   Selectors by label or annotation count as matching, as labels are not kept.
    package func covers(_ entry: InventoryEntry, pointer: String) -> Bool {
        isAbout(entry) && paths.contains { IgnoreRule.path($0, holds: pointer) }
    }

    /// True where nothing of an object need be what Git says.
    package func coversWhole(_ entry: InventoryEntry) -> Bool {
        isAbout(entry) && paths.contains("")
    }

    private func isAbout(_ entry: InventoryEntry) -> Bool {
        IgnoreRule.matches(group, entry.group) && IgnoreRule.matches(kind, entry.kind)
            && IgnoreRule.matches(namespace, entry.namespace) && IgnoreRule.matches(name, entry.name)
    }

    private static func matches(_ pattern: String?, _ text: String) -> Bool {
        guard let pattern, !pattern.isEmpty, pattern != text else {
            return true
        }
        // What cannot be judged is not called drift.
        guard let expression = try? Regex("^(?:\(pattern))$") else {
            return true
        }
        return text.contains(expression)
    }

    private static func path(_ path: String, holds pointer: String) -> Bool {
        let wanted = path.split(separator: "/", omittingEmptySubsequences: true)
        let parts = pointer.split(separator: "/", omittingEmptySubsequences: true)
        guard wanted.count <= parts.count else {
            return false
        }
        return zip(wanted, parts).allSatisfy { want, part in want == part || part == "*" }
    }
}
