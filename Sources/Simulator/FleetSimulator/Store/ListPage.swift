package import Foundation

/// One answer to a list request: a page of objects, all of one version of the cluster.
package struct ListPage: Sendable {
    /// The kind listed.
    package let type: ResourceType
    /// The objects, by namespace and name.
    package let stored: [StoredObject]
    /// The version of the cluster that the page shows; the version to watch from.
    package let resourceVersion: UInt64
    /// The token for the next page; nil on the last one.
    package let continueToken: String?
    /// How many objects follow on later pages; nil on the last one, and when a selector makes it unknown.
    package let remaining: Int?

    /// The objects as JSON.
    package var items: [JSON] {
        stored.map(\.json)
    }

    /// The `metadata` of the list; of custom resources it always has the key `continue`.
    package var metadata: JSON {
        var metadata = sharedMetadata
        if continueToken == nil, !type.builtIn { metadata["continue"] = "" }
        return metadata
    }

    /// The `metadata` of the list as Tables and PartialObjectMetadataLists carry it.
    var sharedMetadata: JSON {
        var metadata: JSON = ["resourceVersion": .string(String(resourceVersion))]
        if let continueToken { metadata["continue"] = .string(continueToken) }
        if let remaining { metadata["remainingItemCount"] = .int(Int64(remaining)) }
        return metadata
    }

    /// The list as one value; the items of built-in kinds carry no `kind` and `apiVersion`.
    package var json: JSON {
        let items = type.builtIn ? items.map(ListPage.withoutKind) : items
        return [
            "kind": .string(type.kind + "List"), "apiVersion": .string(type.apiVersion), "metadata": metadata,
            "items": .array(items),
        ]
    }

    /// The list as the server sends it, with its line break, put together from the objects' cached bytes.
    package func body() -> Data {
        type.builtIn ? builtInBody() : customBody()
    }

    /// The list as PartialObjectMetadataList, as the server sends it, with its line break.
    package func metadataBody() -> Data {
        let head = "{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":"
        return joined(head + ordered(sharedMetadata) + ",\"items\":[", stored.map(\.encodedMetadata), "]}\n")
    }

    private func customBody() -> Data {
        let head = "{\"apiVersion\":\"\(type.apiVersion)\",\"items\":["
        let tail = "],\"kind\":\"\(type.kind)List\",\"metadata\":\(metadata.text)}\n"
        return joined(head, stored.map(\.encoded), tail)
    }

    private func builtInBody() -> Data {
        let head = "{\"kind\":\"\(type.kind)List\",\"apiVersion\":\"\(type.apiVersion)\",\"metadata\":"
        // Kind and apiVersion come first on the wire, so an item without them is what follows this prefix.
        let prefix = Data("{\"kind\":\"\(type.kind)\",\"apiVersion\":\"\(type.apiVersion)\",".utf8)
        let items = stored.map { stored in
            guard stored.encoded.starts(with: prefix) else {
                return Data(ListPage.withoutKind(stored.json).bytes(schema: Schemas.schema(of: type)))
            }
            return Data("{".utf8) + stored.encoded.dropFirst(prefix.count)
        }
        return joined(head + ordered(metadata) + ",\"items\":[", items, "]}\n")
    }

    private func ordered(_ metadata: JSON) -> String {
        String(decoding: metadata.bytes(schema: Schemas.listMetadata), as: UTF8.self)
    }

    private func joined(_ head: String, _ items: [Data], _ tail: String) -> Data {
        var body = Data(capacity: items.reduce(256) { $0 + $1.count + 1 })
        body.append(contentsOf: head.utf8)
        for (index, item) in items.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body.append(item)
        }
        body.append(contentsOf: tail.utf8)
        return body
    }

    private static func withoutKind(_ object: JSON) -> JSON {
        var item = object
        item["kind"] = nil
        item["apiVersion"] = nil
        return item
    }
}
