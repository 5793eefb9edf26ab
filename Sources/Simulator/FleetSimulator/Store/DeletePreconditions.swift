/// What must hold for a delete to happen, and what becomes of the objects that depend on the deleted one.
package struct DeletePreconditions: Sendable, Equatable {
    /// The uid that the object must have.
    package var uid: String?
    /// The version that the object must have.
    package var resourceVersion: String?
    /// What happens to objects that the object owns: `Background`, `Foreground` or `Orphan`.
    package var propagation: String?

    package init(uid: String? = nil, resourceVersion: String? = nil, propagation: String? = nil) {
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.propagation = propagation
    }

    /// Reads the body of a DELETE, a DeleteOptions object.
    package init(body: JSON) {
        self.init(
            uid: body["preconditions"]?["uid"]?.string,
            resourceVersion: body["preconditions"]?["resourceVersion"]?.string,
            propagation: body["propagationPolicy"]?.string
        )
    }
}
