extension InventoryEntry {
    /// Whether the value of a field must be neither shown nor written: it is a secret, or may repeat one.
    ///
    /// - Shape: a path as `FieldDifference` has it, `spec.address`. All of a Secret counts but its labels; of other
    ///   objects a Provider's address, which often is its own password, and what kubectl notes of manifests.
    package func holdsSecret(at path: String) -> Bool {
        if path.contains("last-applied-configuration") {
            return true
        }
        if group.isEmpty && kind == "Secret" {
            return !path.hasPrefix("metadata.labels")
        }
        return group == "notification.toolkit.fluxcd.io" && kind == "Provider"
            && ["spec", "spec.address"].contains(path)
    }
}
