package import Kube

/// An object that can be listed and watched.
package protocol WatchedObject: Sendable {
    associatedtype ID: Hashable & Sendable

    /// Reads an object; nil where it is none of this kind.
    init?(_ root: JSONFields, in context: FluxDecoding)

    var id: ID { get }
    var uid: String { get }
    var resourceVersion: String { get }
}

extension FluxResource: WatchedObject {
    package var id: ObjectRef { ref }
}

extension DecodedEvent: WatchedObject {
    package var id: String { uid }
}

extension ObjectMetadata: WatchedObject {
    package var id: ObjectName { ObjectName(namespace: namespace, name: name) }
}

/// The name of an object within its kind.
package struct ObjectName: Hashable, Sendable {
    /// Empty for cluster-scoped objects.
    package let namespace: String
    package let name: String

    package init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }
}

/// One page of a list.
package struct ListPage<Item: WatchedObject>: Sendable {
    package let items: [Item]
    /// The version of the whole list: the same on all its pages, and where to watch from.
    package let resourceVersion: String
    /// Nil on the last page.
    package let next: String?
    /// Items that could not be read.
    package let refused: Int
}

extension ListPage {
    /// Reads a page; nil where it has no metadata.
    init?(_ root: JSONFields, in context: FluxDecoding) {
        let metadata = root["metadata"]
        guard metadata.isPresent else {
            return nil
        }
        items = root.list("items").compactMap { Item($0, in: context) }
        refused = (root.count("items") ?? 0) - items.count
        resourceVersion = metadata.raw("resourceVersion") ?? ""
        next = metadata.raw("continue")
    }
}
