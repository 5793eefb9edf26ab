/// What an object does not say of itself: the cluster it came from, and the kind that was asked for.
///
/// - Source: items of built-in lists carry neither kind nor apiVersion.
/// - Thread: belongs to whoever reads with it, as its texts do.
package struct FluxDecoding {
    package let cluster: ClusterID
    package let kind: FluxKind?
    /// The version in which it was asked for, `v1`.
    package let version: String?
    package let texts: TextTable
    /// True where owners of fields are read too; elsewhere they are stepped over.
    let readsOwnership: Bool
    /// The family whose ownership is read, be its labels there or not; nil for the one that labels name.
    let family: OwnerFamily?
    let shapes: FieldShapes

    package init(
        cluster: ClusterID,
        kind: FluxKind? = nil,
        version: String? = nil,
        readsOwnership: Bool = false,
        family: OwnerFamily? = nil
    ) {
        self.readsOwnership = readsOwnership
        self.family = family
        shapes = FieldShapes()
        self.cluster = cluster
        self.kind = kind
        self.version = version
        texts = TextTable()
    }

    /// The root of a JSON text; nil where it is no object.
    package func root(_ bytes: [UInt8]) -> JSONFields? {
        guard let tape = try? JSONTape(bytes, skipping: readsOwnership ? "" : "managedFields") else {
            return nil
        }
        let fields = JSONFields(tape, texts: texts)
        return fields.isPresent ? fields : nil
    }
}

extension FluxResource {
    /// Reads one object; nil where the bytes are no object of Flux with a name.
    ///
    /// - Shape: a field of an unexpected type costs that field, not the object.
    package static func decode(_ bytes: [UInt8], in context: FluxDecoding) -> FluxResource? {
        context.root(bytes).flatMap { FluxResource($0, in: context) }
    }
}
