package import Foundation

/// The type of a watch event, as the wire spells it.
package enum WatchEventType: String, Sendable {
    case added = "ADDED"
    case modified = "MODIFIED"
    case deleted = "DELETED"
    case bookmark = "BOOKMARK"
    case error = "ERROR"
}

/// One change of one object, as a watch delivers it.
package struct WatchEvent: Sendable {
    /// What happened, from the view of this watch's selectors.
    package let type: WatchEventType
    /// The object after the change; of a deleted one its last state with the version of its deletion.
    package let stored: StoredObject
    /// The object before the change; nil for new ones.
    package let previous: StoredObject?

    /// The object after the change.
    package var object: JSON { stored.json }

    /// The version of the cluster that this change made.
    package var resourceVersion: UInt64 { stored.resourceVersion }

    /// A bookmark of a kind; the one that ends the initial events of a watch says so in an annotation.
    package static func bookmark(
        _ type: ResourceType,
        resourceVersion: UInt64,
        initialEventsEnd: Bool = false
    ) -> WatchEvent {
        let metadata: JSON = ["resourceVersion": .string(String(resourceVersion))]
        let object: JSON = ["kind": .string(type.kind), "apiVersion": .string(type.apiVersion), "metadata": metadata]
        let stored = StoredObject(object, resourceVersion: resourceVersion, builtIn: type.builtIn)
        return WatchEvent(type: .bookmark, stored: stored, previous: nil)
    }

    /// The event as one line of a watch stream, with its line break; the object's bytes are shared by all watches.
    package var line: Data {
        var line = Data("{\"type\":\"\(type.rawValue)\",\"object\":".utf8)
        line.append(stored.encoded)
        line.append(contentsOf: [UInt8(ascii: "}"), UInt8(ascii: "\n")])
        return line
    }
}
