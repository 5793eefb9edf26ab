/// Other forms of objects and lists that a client may ask for with its Accept header.
package enum Presentation {
    /// What a Table row carries beside its cells: the `includeObject` parameter.
    package enum RowObject: String, Sendable {
        case none = "None"
        case metadata = "Metadata"
        case object = "Object"
    }

    /// The object as PartialObjectMetadata.
    package static func partialMetadata(_ object: JSON) -> JSON {
        ["kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"] ?? [:]]
    }

    /// The page as PartialObjectMetadataList.
    package static func partialMetadataList(_ page: ListPage) -> JSON {
        [
            "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": page.metadata,
            "items": .array(page.stored.map { partialMetadata($0.json) }),
        ]
    }

    /// Objects as a Table; without `columns` the definitions are null, as in all but the first event of a watch.
    package static func table(
        _ objects: [JSON],
        type: ResourceType,
        metadata: JSON,
        include: RowObject = .metadata,
        columns: Bool = true
    ) -> JSON {
        .null
    }
}
