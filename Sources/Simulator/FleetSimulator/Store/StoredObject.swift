package import Foundation
import Synchronization

/// One version of an object in the store, with its wire forms made at most once.
package final class StoredObject: Sendable {
    private struct Forms {
        var full: Data?
        var metadata: Data?
    }

    /// The object.
    package let json: JSON
    /// Its resourceVersion.
    package let resourceVersion: UInt64
    /// Its kind.
    package let type: ResourceType
    private let forms = Mutex(Forms())

    package init(_ json: JSON, type: ResourceType, resourceVersion: UInt64) {
        self.json = json
        self.type = type
        self.resourceVersion = resourceVersion
    }

    /// The object as the server sends it, without a line break; built-in kinds have an order of their own.
    package var encoded: Data {
        form(\.full) { Data(json.bytes(schema: type.builtIn ? Schemas.schema(of: type) : nil)) }
    }

    /// The object as PartialObjectMetadata, as the server sends it, without a line break.
    package var encodedMetadata: Data {
        form(\.metadata) {
            Data(Presentation.partialMetadata(json).bytes(schema: Schemas.partialMetadata))
        }
    }

    private func form(_ form: sending WritableKeyPath<Forms, Data?>, _ make: () -> Data) -> Data {
        forms.withLock { forms in
            if let present = forms[keyPath: form] { return present }
            let fresh = make()
            forms[keyPath: form] = fresh
            return fresh
        }
    }
}
