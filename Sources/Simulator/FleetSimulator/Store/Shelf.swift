/// The objects of one kind in one cluster, their recent changes and who watches them.
///
/// The store touches it in place, under its lock; a copy held meanwhile would make every change slow.
struct Shelf: Sendable {
    /// One change of one object.
    struct Change: Sendable {
        let type: WatchEventType
        /// Where the object lies: `namespace/name` or `name`.
        let place: String
        /// The object after the change, or its last state with the version of its deletion.
        let stored: StoredObject
        let previous: StoredObject?
    }

    let type: ResourceType
    private(set) var objects: [String: StoredObject] = [:]
    /// The places of all objects, in the order of lists.
    private(set) var places: [String] = []
    /// The changes that can be replayed, oldest first.
    private(set) var history: [Change] = []
    /// The version from which on all changes are in the history.
    private(set) var horizon: UInt64 = 0
    var watchers: [Int: Watcher] = [:]

    init(type: ResourceType) {
        self.type = type
    }

    /// Makes a change, and keeps at least the last `limit` changes.
    mutating func record(_ change: Change, limit: Int) {
        switch change.type {
        case .deleted:
            objects[change.place] = nil
            let index = Shelf.lowerBound(of: change.place, in: places)
            if places.indices.contains(index), places[index] == change.place { places.remove(at: index) }
        default:
            if objects.updateValue(change.stored, forKey: change.place) == nil {
                places.insert(change.place, at: Shelf.lowerBound(of: change.place, in: places))
            }
        }
        history.append(change)
        guard history.count > limit + limit / 4 + 16 else { return }
        let surplus = history.count - limit
        horizon = history[surplus - 1].stored.resourceVersion
        history.removeFirst(surplus)
    }

    /// Forgets all changes up to a version.
    mutating func forget(upTo version: UInt64) {
        history.removeAll { $0.stored.resourceVersion <= version }
        horizon = max(horizon, version)
    }

    /// The objects as they were at a version of the cluster that is not before the horizon.
    func snapshot(at version: UInt64) -> (objects: [String: StoredObject], places: [String]) {
        guard let last = history.last, last.stored.resourceVersion > version else { return (objects, places) }
        var past = objects
        for change in history.reversed() {
            guard change.stored.resourceVersion > version else { break }
            past[change.place] = change.previous
        }
        return (past, past.keys.sorted())
    }

    /// The changes after a version.
    func changes(after version: UInt64) -> ArraySlice<Change> {
        var (low, high) = (0, history.count)
        while low < high {
            let middle = (low + high) / 2
            if history[middle].stored.resourceVersion <= version { low = middle + 1 } else { high = middle }
        }
        return history[low...]
    }

    /// The first index whose place is not before the given one.
    static func lowerBound(of place: String, in places: [String]) -> Int {
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < place { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
