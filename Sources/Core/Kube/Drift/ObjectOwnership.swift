package import Chrono

/// Who owns the fields of one object, as far as drift needs it.
///
/// - Source: `metadata.managedFields`, where status and what Git's applier owns itself are left out.
package struct ObjectOwnership: Hashable, Sendable {
    /// What the annotations and labels of the object say about how it is applied.
    package enum Policy: Hashable, Sendable {
        case normal
        /// `ssa: Merge`: fields of others may stay.
        case merge
        /// `reconcile: disabled`, `ssa: Ignore` or `IfNotPresent`: the object is let alone.
        case letAlone
    }

    /// One entry of another manager.
    package struct Hand: Hashable, Sendable {
        package let manager: FieldManager
        /// Absent for changes of a subresource, and for an apply that changed nothing.
        package let time: Timestamp?
        package let fields: [OwnedField]
    }

    /// The applier that the labels name.
    package let owner: OwnerFamily
    package let ownerNamespace: String
    package let ownerName: String
    package let policy: Policy
    /// What Git's applier owns, with what it took over from Helm itself.
    package let applied: FieldShape
    /// When the applier last wrote the object for real; nil where it never did, or ownership was reset.
    package let appliedAt: Timestamp?
    /// The others, with the fields that the applier does not own beside them.
    package let hands: [Hand]

    /// The name of the applier in its kind.
    package func applier(in cluster: ClusterID) -> ObjectRef {
        ObjectRef(
            cluster: cluster,
            group: owner.kind.group,
            kind: owner.kind.kind,
            namespace: ownerNamespace,
            name: ownerName
        )
    }
}

/// One field that a manager owns.
package struct OwnedField: Hashable, Sendable {
    /// In people's words, `spec.template.spec.containers[api].image`.
    package let path: String
    /// As a JSON Pointer with `*` for items of lists, `/spec/template/spec/containers/*/image`.
    package let pointer: String
    /// The same path as in a `FieldShape`.
    package let hash: UInt64
}

/// The kinds of appliers that mark what they apply with labels of their own.
package enum OwnerFamily: Hashable, Sendable, CaseIterable {
    case kustomization, helmRelease

    package var kind: FluxKind {
        switch self {
        case .kustomization: .kustomization
        case .helmRelease: .helmRelease
        }
    }

    /// The label with the applier's name: objects that carry it are watched.
    package var nameLabel: String { "\(prefix)/name" }

    var namespaceLabel: String { "\(prefix)/namespace" }

    var prefix: String {
        switch self {
        case .kustomization: "kustomize.toolkit.fluxcd.io"
        case .helmRelease: "helm.toolkit.fluxcd.io"
        }
    }

    /// True for the entries that hold what Git says.
    ///
    /// - Source: helm-controller wrote with Update before it applied.
    func isApplier(_ manager: FieldManager) -> Bool {
        guard manager.subresource.isEmpty else {
            return false
        }
        return switch self {
        case .kustomization: manager.manager == "kustomize-controller" && manager.isApply
        case .helmRelease: manager.manager == "helm-controller"
        }
    }

    /// True for entries of Helm itself: it installed what helm-controller took over.
    ///
    /// - Source: an Update owns what it changes alone, so that of a release that was adopted Helm's own entry keeps nearly
    ///   all. Its time moves when somebody upgrades by hand, and then it is no older than the controller's any more.
    func isEarlierApplier(_ manager: FieldManager) -> Bool {
        self == .helmRelease && manager.subresource.isEmpty
            && (manager.manager == "helm" || manager.manager.hasPrefix("terraform-provider-helm"))
    }
}
