package import Kube

/// Which manifests are to be built: those of one Kustomization at one commit.
package struct RenderQuestion: Hashable, Sendable {
    package let applier: ObjectRef
    package let commit: String
    /// As Git spells it, without `./`; empty for all of the repository.
    package let path: String
    /// The Kustomization's `spec`, whose patches, images and names are part of the build.
    package let spec: ObjectValue
    /// What its source leaves out of the commit's tree.
    package let exclusions: SourceExclusions

    package init(
        applier: ObjectRef,
        commit: String,
        path: String,
        spec: ObjectValue,
        exclusions: SourceExclusions = .repository(ignore: nil)
    ) {
        self.applier = applier
        self.commit = commit
        self.path = path
        self.spec = spec
        self.exclusions = exclusions
    }
}
