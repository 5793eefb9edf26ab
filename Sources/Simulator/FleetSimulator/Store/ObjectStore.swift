package import Foundation
import Synchronization

/// The objects of one simulated cluster, with the semantics of an API server's storage; any thread may call it.
package final class ObjectStore: Sendable {
    struct State {
        var revision: UInt64 = 1
    }

    let state = Mutex(State())
    let now: @Sendable () -> Date
    /// The kinds the cluster serves at its start.
    package let types: [ResourceType]

    /// Makes an empty cluster with the namespaces every cluster has.
    ///
    /// `seed` makes the uids repeatable; `watchCacheLimit` is how many changes of a kind can be replayed.
    package init(
        seed: UInt64,
        types: [ResourceType] = ResourceTypes.all,
        watchCacheLimit: Int = 20_000,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.types = types
        self.now = now
    }

    /// The version of the last change.
    package var resourceVersion: UInt64 { state.withLock { $0.revision } }

    /// The object.
    package func get(_ key: ObjectKey, resourceVersion: String? = nil) throws(APIStatus) -> JSON {
        throw .notFound(key.type, key.name)
    }

    /// The stored object with its cached bytes.
    package func stored(_ key: ObjectKey, resourceVersion: String? = nil) throws(APIStatus) -> StoredObject {
        throw .notFound(key.type, key.name)
    }

    /// The objects of a kind, of all namespaces or one.
    package func list(
        _ type: ResourceType,
        namespace: String? = nil,
        options: ListOptions = ListOptions()
    ) throws(APIStatus) -> ListPage {
        throw .internalError("")
    }

    /// Stores a new object.
    package func create(
        _ object: JSON,
        type: ResourceType,
        namespace: String?,
        options: WriteOptions
    ) throws(APIStatus) -> JSON {
        throw .internalError("")
    }

    /// Replaces an object (PUT); creates it for kinds that allow that.
    package func replace(_ key: ObjectKey, _ object: JSON, options: WriteOptions) throws(APIStatus) -> JSON {
        throw .internalError("")
    }

    /// Changes an object by a JSON merge patch.
    package func mergePatch(_ key: ObjectKey, _ patch: JSON, options: WriteOptions) throws(APIStatus) -> JSON {
        throw .internalError("")
    }

    /// Changes an object by a list of JSON patch operations.
    package func jsonPatch(_ key: ObjectKey, _ patch: JSON, options: WriteOptions) throws(APIStatus) -> JSON {
        throw .internalError("")
    }

    /// Changes a built-in object by a strategic merge patch; 415 for custom resources.
    package func strategicMergePatch(
        _ key: ObjectKey,
        _ patch: JSON,
        options: WriteOptions
    ) throws(APIStatus) -> JSON {
        throw .internalError("")
    }

    /// Server-side apply.
    package func apply(
        _ key: ObjectKey,
        _ object: JSON,
        options: WriteOptions
    ) throws(APIStatus) -> (object: JSON, created: Bool) {
        throw .internalError("")
    }

    /// Deletes an object; the answer is the Status or, while finalizers hold it, the object.
    package func delete(
        _ key: ObjectKey,
        options: WriteOptions = WriteOptions(fieldManager: ""),
        preconditions: DeletePreconditions = DeletePreconditions()
    ) throws(APIStatus) -> JSON {
        throw .internalError("")
    }

    /// Deletes all objects that fit; the answer is the list of them.
    package func deleteCollection(
        _ type: ResourceType,
        namespace: String?,
        options: WriteOptions,
        selecting: ListOptions = ListOptions()
    ) throws(APIStatus) -> ListPage {
        throw .internalError("")
    }

    /// Follows the changes of a kind: replays those since the version asked for, then delivers live.
    ///
    /// `deliver` is called in order, one call at a time, on the writer's thread, outside the store's lock (the
    /// first batch before this call returns). `ended` is called once when the kind is no longer served.
    package func watch(
        _ type: ResourceType,
        namespace: String? = nil,
        options: ListOptions = ListOptions(),
        ended: @escaping @Sendable () -> Void = {},
        deliver: @escaping @Sendable ([WatchEvent]) -> Void
    ) throws(APIStatus) -> WatchTicket {
        throw .internalError("")
    }

    /// Reads, changes and writes an object in one step, as a controller does.
    package func update(
        _ key: ObjectKey,
        manager: String,
        subresource: String? = nil,
        _ change: (inout JSON) -> Void
    ) throws(APIStatus) -> JSON {
        throw .internalError("")
    }

    /// Forgets all history: lists and watches of older versions answer 410.
    package func compact() {
    }

    /// Records a core/v1 Event about an object; an identical event only counts up.
    package func recordEvent(
        involved: JSON,
        type: String,
        reason: String,
        message: String,
        component: String,
        annotations: [String: String] = [:]
    ) {
    }
}

/// What must hold for a delete to happen.
package struct DeletePreconditions: Sendable {
    /// The uid that the object must have.
    package var uid: String?
    /// The version that the object must have.
    package var resourceVersion: String?
    /// What happens to objects that the object owns: `Background`, `Foreground` or `Orphan`.
    package var propagation: String?

    package init(uid: String? = nil, resourceVersion: String? = nil, propagation: String? = nil) {
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.propagation = propagation
    }
}
