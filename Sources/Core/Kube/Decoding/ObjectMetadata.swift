/// Who an object of any kind is, from PartialObjectMetadata or from the whole object.
package struct ObjectMetadata: Hashable, Sendable {
    package let namespace: String
    package let name: String
    package let uid: String
    package let resourceVersion: String
    package let isTerminating: Bool
    /// The Kustomization that the owner labels name, by namespace and name.
    package let ownerNamespace: String?
    package let ownerName: String?
    /// The label `app.kubernetes.io/version`, by which Flux's own Deployments tell Flux's version.
    package let versionLabel: String?
    /// The label `app.kubernetes.io/part-of`.
    package let partOf: String?
    /// Who owns its fields, where that was asked for and an applier marked the object.
    package let ownership: ObjectOwnership?

    /// Reads the metadata of an object; nil where it has no name.
    package init?(_ root: JSONFields, in context: FluxDecoding) {
        let metadata = root["metadata"]
        guard let name = metadata.text("name") else {
            return nil
        }
        self.name = name
        namespace = metadata.text("namespace") ?? ""
        uid = metadata.text("uid") ?? ""
        resourceVersion = metadata.raw("resourceVersion") ?? ""
        isTerminating = metadata.has("deletionTimestamp")
        let labels = metadata["labels"]
        ownerNamespace = labels.text("kustomize.toolkit.fluxcd.io/namespace")
        ownerName = labels.text("kustomize.toolkit.fluxcd.io/name")
        versionLabel = labels.text("app.kubernetes.io/version", limit: 60)
        partOf = labels.text("app.kubernetes.io/part-of", limit: 60)
        ownership = context.readsOwnership ? ObjectOwnership(metadata, in: context) : nil
    }
}
