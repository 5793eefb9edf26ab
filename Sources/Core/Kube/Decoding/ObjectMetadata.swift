import Text

/// Who an object of any kind is, from PartialObjectMetadata or from the whole object.
package struct ObjectMetadata: Decodable, Hashable, Sendable {
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

    /// - Errors: only where it is no JSON object with a name.
    package init(from decoder: any Decoder) throws {
        let metadata = try Fields(decoder)["metadata"]
        guard let name = metadata.text("name") else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: [], debugDescription: "no named object")
            )
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
    }
}
