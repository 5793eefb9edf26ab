extension InventoryEntry {
    package var isSecret: Bool { group.isEmpty && kind == "Secret" }

    /// True for objects that no watch shows: Secrets are nobody's business, and finished Jobs go by themselves.
    package var isBeyondJudgement: Bool { isSecret || (group == "batch" && kind == "Job") }

    /// Whether the value of a field must be neither shown nor written: it is a secret, or may repeat one.
    ///
    /// - Shape: a path as `FieldDifference` has it, `spec.address`. All of a Secret counts but its labels; of other
    ///   objects a Provider's address, which often is its own password, and what kubectl notes of manifests.
    package func holdsSecret(at path: String) -> Bool {
        if path.contains("last-applied-configuration") {
            return true
        }
        if isSecret {
            return !path.hasPrefix("metadata.labels")
        }
        return group == "notification.toolkit.fluxcd.io" && kind == "Provider"
            && ["spec", "spec.address"].contains(path)
    }
}
