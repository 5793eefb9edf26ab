package import Kube

/// A line of a file in the repository.
package struct ManifestPlace: Hashable, Sendable {
    package let file: String
    /// Counted from 1.
    package let line: Int
    /// The line itself, harmless; empty where it holds a secret.
    package let text: String

    package init(file: String, line: Int, text: String) {
        self.file = file
        self.line = line
        self.text = text
    }

    /// `apps/checkout/api.yaml:14`.
    package var words: String { "\(file):\(line)" }
}

/// Where one object and some of its fields come from, as far as the files tell.
package struct ManifestOrigins: Hashable, Sendable {
    /// Where the object is declared; nil where weir found it nowhere.
    package var object: ManifestPlace?
    /// Where each field is set last, by its path; fields that no file sets are absent.
    package var fields: [String: ManifestPlace]
    /// Where a field that no file sets would go: the deepest part of the object on the way to it.
    package var parents: [String: ManifestPlace]
    /// What may set a field as well and was not followed, one sentence each.
    package var doubts: [String]

    package init(
        object: ManifestPlace? = nil,
        fields: [String: ManifestPlace] = [:],
        parents: [String: ManifestPlace] = [:],
        doubts: [String] = []
    ) {
        self.object = object
        self.fields = fields
        self.parents = parents
        self.doubts = doubts
    }
}

/// Which fields of which objects are to be found in the files that an applier builds from.
package struct ManifestQuestion: Hashable, Sendable {
    package struct Target: Hashable, Sendable {
        package let entry: InventoryEntry
        /// In people's words, `spec.template.spec.containers[api].image`.
        package let fields: [String]

        package init(entry: InventoryEntry, fields: [String]) {
            self.entry = entry
            self.fields = fields
        }
    }

    package let repository: RepositoryID
    package let commit: String
    /// The applier's path as Git spells it.
    package let path: String
    package let targets: [Target]
    /// What the applier's own `spec` changes after the files, `patches`: names of its members.
    package let transforms: [String]

    package init(
        repository: RepositoryID,
        commit: String,
        path: String,
        targets: [Target],
        transforms: [String] = []
    ) {
        self.repository = repository
        self.commit = commit
        self.path = path
        self.targets = targets
        self.transforms = transforms
    }
}
