import FoundationEssentials
package import Kube

/// An object that can be listed and watched.
package protocol WatchedObject: Decodable, Sendable {
    associatedtype ID: Hashable & Sendable
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

extension ListPage: Decodable {
    private enum Key: String, CodingKey {
        case metadata, items
    }

    private struct Metadata: Decodable {
        let resourceVersion: String?
        let token: String?

        enum CodingKeys: String, CodingKey {
            case resourceVersion
            case token = "continue"
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let metadata = try container.decode(Metadata.self, forKey: .metadata)
        let list = try container.decodeIfPresent(Lenient<Item>.self, forKey: .items)
        items = list?.elements ?? []
        refused = list?.refused ?? 0
        resourceVersion = metadata.resourceVersion ?? ""
        next = metadata.token.flatMap { $0.isEmpty ? nil : $0 }
    }
}
