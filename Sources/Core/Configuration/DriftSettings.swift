/// The table `[drift]`: which programs may own fields beside Git.
package struct DriftSettings: Sendable, Hashable {
    /// Programs besides those that weir knows.
    package var owners: [OwnerSettings]

    package init(owners: [OwnerSettings] = []) {
        self.owners = owners
    }
}

/// One `[[drift.owner]]`: a program whose fields are no drift.
package struct OwnerSettings: Sendable, Hashable {
    /// As it calls itself in managedFields; a `*` at the end stands for any ending.
    package var manager: String
    /// Empty means every kind.
    package var kinds: [String]
    /// Paths such as `spec.replicas`, with all below them; empty means every field.
    package var fields: [String]

    package init(manager: String, kinds: [String] = [], fields: [String] = []) {
        self.manager = manager
        self.kinds = kinds
        self.fields = fields
    }
}
