package import Foundation
import Synchronization

/// The objects of one simulated cluster, with the semantics of an API server's storage.
///
/// Any thread may call it; every call is synchronous and takes one lock.
package final class ObjectStore: Sendable {
    /// All that changes.
    struct State {
        /// The version of the last change.
        var revision: UInt64 = 1
        var shelves: [Shelf]
        /// Which shelf holds a kind.
        let shelfNumbers: [ResourceType: Int]
        var numbers: SeededNumbers
        var watcherCount = 0
        /// Watches that have something to deliver once the lock is free.
        var touched: [Watcher] = []
        /// Kinds whose definition is gone.
        var retired: Set<ResourceType> = []
        /// Namespaces that are being deleted.
        var terminating: Set<String> = []
        /// The events that can still count up, by what they say.
        var eventPlaces: [String: String] = [:]
        var eventCount = 0

        init(seed: UInt64, types: [ResourceType]) {
            numbers = SeededNumbers(seed: seed)
            shelves = types.map(Shelf.init)
            shelfNumbers = Dictionary(types.enumerated().map { ($1, $0) }) { first, _ in first }
        }
    }

    private let state: Mutex<State>
    let now: @Sendable () -> Date
    let fieldSets = FieldSetPool()
    private let historyLimit: Int
    /// The kinds that the cluster can serve.
    private let known: [ResourceType]

    /// Makes a cluster that holds only the namespaces every cluster has.
    ///
    /// `seed` makes uids repeatable; `watchCacheLimit` is how many changes of a kind can be replayed at
    /// least.
    package init(
        seed: UInt64,
        types: [ResourceType] = ResourceTypes.all,
        watchCacheLimit: Int = 20_000,
        now: @escaping @Sendable () -> Date = { SimulatedTime.now }
    ) {
        known = types
        self.now = now
        historyLimit = watchCacheLimit
        state = Mutex(State(seed: seed, types: types))
        guard let namespaces = core("namespaces") else { return }
        for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
            let object: JSON = ["metadata": ["name": .string(name)]]
            // These four names are valid and new in an empty cluster, so the answer is of no interest.
            _ = try? create(object, type: namespaces, options: WriteOptions(fieldManager: "kube-apiserver"))
        }
    }

    /// The version of the last change.
    package var resourceVersion: UInt64 {
        state.withLock { $0.revision }
    }

    /// The kinds that the cluster serves now.
    package var types: [ResourceType] {
        let retired = state.withLock { $0.retired }
        return retired.isEmpty ? known : known.filter { !retired.contains($0) }
    }

    /// The kind that a path names, if the cluster serves it.
    package func type(group: String, version: String, plural: String) -> ResourceType? {
        types.first { $0.plural == plural && $0.group == group && $0.version == version }
    }

    /// The kind whose definition has this name, such as `buckets.source.toolkit.fluxcd.io`.
    func definedType(_ name: String) -> ResourceType? {
        known.first { !$0.builtIn && $0.qualifiedPlural == name }
    }

    /// The built-in kind of the core group with this plural.
    func core(_ plural: String) -> ResourceType? {
        known.first { $0.plural == plural && $0.group.isEmpty }
    }

    /// Whether the cluster serves the kind: it is known and its definition was not deleted.
    package func serves(_ type: ResourceType) -> Bool {
        state.withLock { $0.shelfNumbers[type] != nil && !$0.retired.contains(type) }
    }

    /// Takes a kind away as the deletion of its definition does: its objects go, its watches end.
    package func retire(_ type: ResourceType) {
        transact { state in retire(type, &state) }
    }

    /// Serves a retired kind again, without objects.
    package func restore(_ type: ResourceType) {
        transact { state in _ = state.retired.remove(type) }
    }

    func retire(_ type: ResourceType, _ state: inout State) {
        guard let shelf = state.shelfNumbers[type], state.retired.insert(type).inserted else { return }
        for place in state.shelves[shelf].places {
            guard let stored = state.shelves[shelf].objects[place] else { continue }
            remove(stored, at: place, from: shelf, &state)
        }
        for watcher in state.shelves[shelf].watchers.values {
            watcher.end()
            state.touched.append(watcher)
        }
        state.shelves[shelf].watchers = [:]
    }

    /// Forgets all history: lists and watches of older versions answer 410.
    package func compact() {
        transact { state in
            for shelf in state.shelves.indices { state.shelves[shelf].forget(upTo: state.revision) }
        }
    }

    /// The object; a version of the future is a 504.
    package func get(
        _ key: ObjectKey,
        resourceVersion: String? = nil,
        subresource: String? = nil
    ) throws(APIStatus) -> JSON {
        let stored = try stored(key, resourceVersion: resourceVersion)
        switch subresource {
        case nil, "": return stored.json
        case "status" where key.type.hasStatus: return stored.json
        case "scale" where key.type.hasScale: return Scale.scale(of: stored.json)
        default: throw .notFound(key.type, key.name)
        }
    }

    /// The object with its cached bytes; a version of the future is a 504.
    package func stored(_ key: ObjectKey, resourceVersion: String? = nil) throws(APIStatus) -> StoredObject {
        let version = try ObjectStore.version(resourceVersion, watch: false)
        return try transact { state throws(APIStatus) in
            if let version, version > state.revision {
                throw .versionTooLarge(version, current: state.revision)
            }
            return try stored(key, state).stored
        }
    }

    /// The object, the number of its shelf and its place there.
    func stored(
        _ key: ObjectKey,
        _ state: State
    ) throws(APIStatus) -> (stored: StoredObject, shelf: Int, place: String) {
        let shelf = try shelf(key.type, state)
        let place = key.place
        guard let stored = state.shelves[shelf].objects[place] else { throw .notFound(key.type, key.name) }
        return (stored, shelf, place)
    }

    /// The number of the shelf of a kind that is served.
    func shelf(_ type: ResourceType, _ state: State) throws(APIStatus) -> Int {
        guard let shelf = state.shelfNumbers[type], !state.retired.contains(type) else {
            throw APIStatus(
                code: 404,
                reason: "NotFound",
                message: "the server could not find the requested resource",
                details: [:]
            )
        }
        return shelf
    }

    /// Works on the state under the lock, then delivers to the watches what came of it.
    func transact<Answer: Sendable>(
        _ body: (inout State) throws(APIStatus) -> Answer
    ) throws(APIStatus) -> Answer {
        let (result, touched) = state.withLock { state in
            let result = Result { () throws(APIStatus) in try body(&state) }
            defer { state.touched = [] }
            return (result, state.touched)
        }
        for watcher in touched { watcher.drain() }
        return try result.get()
    }

    /// As `transact`, for work that cannot fail.
    func transact<Answer: Sendable>(_ body: (inout State) -> Answer) -> Answer {
        let (answer, touched) = state.withLock { state in
            let answer = body(&state)
            defer { state.touched = [] }
            return (answer, state.touched)
        }
        for watcher in touched { watcher.drain() }
        return answer
    }

    /// Makes a change that gives the cluster its next version; the object's metadata already names it.
    func record(_ change: Shelf.Change, on shelf: Int, _ state: inout State) {
        state.shelves[shelf].record(change, limit: historyLimit)
        for watcher in state.shelves[shelf].watchers.values where watcher.offer(change) {
            state.touched.append(watcher)
        }
    }

    /// Reads a resourceVersion parameter; nil for none and for "0".
    static func version(_ text: String?, watch: Bool) throws(APIStatus) -> UInt64? {
        guard let text, !text.isEmpty else { return nil }
        guard let version = UInt64(text) else {
            let problem =
                "resourceVersion: Invalid value: \"\(text)\": strconv.ParseUint: parsing \"\(text)\": "
                + "invalid syntax"
            throw watch ? .internalError(problem) : .badRequest("invalid resource version: \(problem)")
        }
        return version == 0 ? nil : version
    }
}
