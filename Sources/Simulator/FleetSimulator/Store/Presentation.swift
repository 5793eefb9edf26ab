package import Foundation

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
        [
            "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
            "metadata": object["metadata"] ?? [:],
        ]
    }

    /// The page as PartialObjectMetadataList.
    package static func partialMetadataList(_ page: ListPage) -> JSON {
        [
            "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1",
            "metadata": page.sharedMetadata, "items": .array(page.stored.map { partialMetadata($0.json) }),
        ]
    }

    /// The page as a Table at a moment, from which ages are counted.
    package static func table(
        _ page: ListPage,
        include: RowObject = .metadata,
        now: Date = Date()
    ) -> JSON {
        table(page.items, type: page.type, metadata: page.sharedMetadata, include: include, now: now)
    }

    /// A Table, a PartialObjectMetadata or a list of these as the server sends it, without a line break.
    package static func encode(_ form: JSON, include: RowObject = .metadata, pretty: Bool = false) -> Data {
        let schema =
            switch form["kind"]?.string {
            case "Table": include == .metadata ? Schemas.tableOfMetadata : Schemas.table
            case "PartialObjectMetadata": Schemas.partialMetadata
            case "PartialObjectMetadataList": Schemas.partialMetadataList
            case "Status": Schemas.status
            case "Scale": Schemas.scale
            default: Schema.any
            }
        return Data(form.bytes(pretty: pretty, schema: schema))
    }

    /// Objects as a Table; without `columns` the definitions are null, as in all but the first event of a
    /// watch.
    package static func table(
        _ objects: [JSON],
        type: ResourceType,
        metadata: JSON,
        include: RowObject = .metadata,
        columns: Bool = true,
        now: Date = Date()
    ) -> JSON {
        let printer = TableColumns.columns(of: type)
        let definitions: [JSON] = printer.map { column in
            [
                "name": .string(column.name), "type": .string(column.type), "format": .string(column.format),
                "description": .string(column.description), "priority": .int(Int64(column.priority)),
            ]
        }
        let rows: [JSON] = objects.map { object in
            let carried: JSON =
                switch include {
                case .none: .null
                case .metadata: partialMetadata(object)
                case .object: object
                }
            return [
                "cells": .array(printer.map { TableColumns.cell($0, object, type: type, now: now) }),
                "object": carried,
            ]
        }
        return [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "columnDefinitions": columns ? .array(definitions) : .null, "rows": .array(rows),
        ]
    }
}
