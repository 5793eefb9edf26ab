package import Foundation
import Synchronization

/// One version of an object in the store, with its wire form made at most once.
package final class StoredObject: Sendable {
    /// The object.
    package let json: JSON
    /// Its resourceVersion.
    package let resourceVersion: UInt64
    /// Whether it belongs to a built-in kind, whose keys have an order of their own on the wire.
    let builtIn: Bool
    private let cache = Mutex<Data?>(nil)

    init(_ json: JSON, resourceVersion: UInt64, builtIn: Bool) {
        self.json = json
        self.resourceVersion = resourceVersion
        self.builtIn = builtIn
    }

    /// The object as the server sends it: compact JSON.
    package var encoded: Data {
        cache.withLock { cached in
            if let cached { return cached }
            let fresh = json.encoded()
            cached = fresh
            return fresh
        }
    }
}
