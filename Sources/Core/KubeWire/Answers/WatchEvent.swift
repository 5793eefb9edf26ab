import Kube

/// One line of a watch.
package enum WatchEvent<Item: WatchedObject>: Sendable {
    /// ADDED or MODIFIED.
    case changed(Item)
    case removed(Item)
    /// Nothing happened up to this version.
    case bookmark(String)
    case error(KubeStatus)
}

extension WatchEvent {
    /// Reads a line; nil where it is no event, or one of an object that cannot be read.
    init?(_ root: JSONFields, in context: FluxDecoding) {
        let object = root["object"]
        switch root.raw("type") {
        case "ADDED", "MODIFIED":
            guard let item = Item(object, in: context) else {
                return nil
            }
            self = .changed(item)
        case "DELETED":
            guard let item = Item(object, in: context) else {
                return nil
            }
            self = .removed(item)
        case "BOOKMARK":
            // A bookmark carries zero values beside its version, so nothing else of it is read.
            guard let version = object["metadata"].raw("resourceVersion") else {
                return nil
            }
            self = .bookmark(version)
        case "ERROR":
            guard object.isPresent else {
                return nil
            }
            self = .error(WireStatus(object).status(code: 500, retryAfter: nil))
        default:
            return nil
        }
    }
}
