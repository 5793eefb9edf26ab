/// One line of a watch.
package enum WatchEvent<Item: WatchedObject>: Sendable {
    /// ADDED or MODIFIED.
    case changed(Item)
    case removed(Item)
    /// Nothing happened up to this version.
    case bookmark(String)
    case error(KubeStatus)
}

extension WatchEvent: Decodable {
    private enum Key: String, CodingKey {
        case type, object
    }

    /// A BOOKMARK carries zero values beside its version, so nothing else of it is read.
    private struct Bookmark: Decodable {
        struct Metadata: Decodable {
            let resourceVersion: String
        }

        let metadata: Metadata
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(String.self, forKey: .type) {
        case "ADDED", "MODIFIED":
            self = .changed(try container.decode(Item.self, forKey: .object))
        case "DELETED":
            self = .removed(try container.decode(Item.self, forKey: .object))
        case "BOOKMARK":
            self = .bookmark(
                try container.decode(Bookmark.self, forKey: .object).metadata.resourceVersion
            )
        case "ERROR":
            let status = try container.decode(WireStatus.self, forKey: .object)
            self = .error(status.status(code: 500, retryAfter: nil))
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .type,
                in: container,
                debugDescription: "unknown type of event"
            )
        }
    }
}
