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

    package init(type: WatchEventType, stored: StoredObject, previous: StoredObject? = nil) {
        self.type = type
        self.stored = stored
        self.previous = previous
    }

    /// The object after the change.
    package var object: JSON { stored.json }

    /// The version of the cluster that this change made.
    package var resourceVersion: UInt64 { stored.resourceVersion }

    /// A bookmark of a kind; the one that ends the initial events of a watch says so in an annotation.
    ///
    /// That of a built-in kind carries the zero values of its fields, as a real server's does.
    package static func bookmark(
        _ type: ResourceType,
        resourceVersion: UInt64,
        initialEventsEnd: Bool = false
    ) -> WatchEvent {
        var object = type.builtIn ? Schemas.schema(of: type).bookmark : .object([:])
        object["kind"] = .string(type.kind)
        object["apiVersion"] = .string(type.apiVersion)
        object["metadata"] = ["resourceVersion": .string(String(resourceVersion))]
        if initialEventsEnd {
            object.set(["k8s.io/initial-events-end": "true"], at: ["metadata", "annotations"])
        }
        let stored = StoredObject(object, type: type, resourceVersion: resourceVersion)
        return WatchEvent(type: .bookmark, stored: stored)
    }

    /// The event that reports a failure inside a stream.
    package static func error(_ status: APIStatus, type: ResourceType) -> WatchEvent {
        WatchEvent(type: .error, stored: StoredObject(status.body(), type: type, resourceVersion: 0))
    }

    /// The event as one line of a watch stream, with its line break; the object's bytes are shared by all
    /// watches.
    package var line: Data {
        line(carrying: type == .error ? Data(object.bytes(schema: Schemas.status)) : stored.encoded)
    }

    /// The event of a watch that asked for PartialObjectMetadata, as one line.
    package var metadataLine: Data {
        type == .error ? line : line(carrying: stored.encodedMetadata)
    }

    /// The event with another object in it, as one line.
    package func line(carrying object: Data) -> Data {
        var line = Data(capacity: object.count + 40)
        line.append(contentsOf: "{\"type\":\"\(type.rawValue)\",\"object\":".utf8)
        line.append(object)
        line.append(contentsOf: "}\n".utf8)
        return line
    }
}

extension Schema {
    /// What a bookmark of a built-in kind carries beside its version.
    fileprivate var bookmark: JSON {
        guard case .record = shape, field("spec")?.schema.field("replicas") != nil else { return zero }
        var object = zero
        object.set(0, at: ["spec", "replicas"])
        return object
    }
}
