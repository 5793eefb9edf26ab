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
    /// Who owns which of its fields.
    let ownership: FieldOwnership
    private let forms = Mutex(Forms())

    package convenience init(_ json: JSON, type: ResourceType, resourceVersion: UInt64) {
        let ownership = FieldOwnership(managedFields: json["metadata"]?["managedFields"])
        self.init(json, type: type, resourceVersion: resourceVersion, ownership: ownership)
    }

    init(_ json: JSON, type: ResourceType, resourceVersion: UInt64, ownership: FieldOwnership) {
        self.json = json
        self.type = type
        self.resourceVersion = resourceVersion
        self.ownership = ownership
    }

    /// A version of the object that differs in metadata which nobody owns.
    func changed(to json: JSON, at version: UInt64) -> StoredObject {
        StoredObject(json, type: type, resourceVersion: version, ownership: ownership)
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
