/// One revision of a release as Helm stored it when it deployed it.
///
/// - Shape: the manifest may hold secrets: it is taken apart at once and kept by nobody.
package struct StoredRelease: Sendable {
    package let name: String
    /// Where its objects go that name no namespace.
    package let namespace: String
    package let version: Int
    /// What the chart and the post-renderers made, YAML documents; hooks are not among them.
    package let manifest: String
    /// What makes it another thing than what runs, one sentence each.
    package let remarks: [String]

    package init(name: String, namespace: String, version: Int, manifest: String, remarks: [String] = []) {
        self.name = name
        self.namespace = namespace
        self.version = version
        self.manifest = manifest
        self.remarks = remarks
    }
}
