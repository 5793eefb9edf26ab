/// What an applier's own object says about how Git becomes objects, with the values that it takes from others.
package struct ApplierRecipe: Hashable, Sendable {
    /// One entry of `spec.postBuild.substituteFrom`, in its order.
    package struct VariableSource: Hashable, Sendable {
        package let kind: String
        package let name: String
        /// Nil where it was not read: Secrets never are.
        package let values: [String: String]?
        /// Why it was not read; empty where it was, or where it need not exist and does not.
        package let problem: String

        package init(kind: String, name: String, values: [String: String]?, problem: String = "") {
            self.kind = kind
            self.name = name
            self.values = values
            self.problem = problem
        }
    }

    /// The object's `spec`.
    package let spec: ObjectValue
    package let sources: [VariableSource]
    /// What is left out of the tree that it is built from.
    package let exclusions: SourceExclusions
    /// What may make it another thing than what was applied, one sentence each.
    package let remarks: [String]

    package init(
        spec: ObjectValue,
        sources: [VariableSource] = [],
        exclusions: SourceExclusions = .repository(ignore: nil),
        remarks: [String] = []
    ) {
        self.spec = spec
        self.sources = sources
        self.exclusions = exclusions
        self.remarks = remarks
    }
}

/// Which files of a tree a source leaves out of what it hands to appliers.
package enum SourceExclusions: Hashable, Sendable {
    /// What the tree's own `.sourceignore` files and the source's `spec.ignore` say, or Flux's defaults.
    case repository(ignore: String?)
    /// What whoever packed the tree left out, which nobody else knows.
    case packed
}

/// Which controller applies objects, and by its own rules looks for what differs.
package enum ApplyManner: Hashable, Sendable {
    case kustomize
    /// What a chart made; an object that names no namespace goes into that of the release.
    case helm(namespace: String)

    /// The owner of fields in whose name the controller applies.
    package var manager: String {
        switch self {
        case .kustomize: "kustomize-controller"
        case .helm: "helm-controller"
        }
    }
}

/// The objects that Git wants, as far as weir could make them out.
///
/// - Shape: bodies may hold secrets: they go to the cluster they are for and nowhere else.
package struct DesiredState: Sendable {
    package struct Object: Sendable {
        package let entry: InventoryEntry
        package let body: ObjectValue

        package init(entry: InventoryEntry, body: ObjectValue) {
            self.entry = entry
            self.body = body
        }
    }

    /// An object of which weir cannot tell what Git wants.
    package struct Riddle: Hashable, Sendable {
        package let entry: InventoryEntry
        /// In a few words: `uses ${TOKEN}, which is in Secret apps/vars`.
        package let why: String

        package init(entry: InventoryEntry, why: String) {
            self.entry = entry
            self.why = why
        }
    }

    package var objects: [Object]
    package var riddles: [Riddle]
    /// What made them: `kubectl kustomize`, `plain manifests`.
    package var renderer: String
    /// What may make them another thing than what Flux built, one sentence each.
    package var remarks: [String]
    package var manner: ApplyManner

    package init(
        objects: [Object],
        riddles: [Riddle],
        renderer: String,
        remarks: [String],
        manner: ApplyManner = .kustomize
    ) {
        self.manner = manner
        self.objects = objects
        self.riddles = riddles
        self.renderer = renderer
        self.remarks = remarks
    }
}
