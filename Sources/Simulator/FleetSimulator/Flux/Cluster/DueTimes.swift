/// When each object is next looked at: a binary heap in which outdated entries are skipped.
struct DueTimes {
    private struct Entry {
        let moment: ContinuousClock.Instant
        let key: ObjectKey
    }

    private var heap: [Entry] = []
    private var moments: [ObjectKey: ContinuousClock.Instant] = [:]

    /// The earliest moment at which something is due; nil when nothing is.
    var next: ContinuousClock.Instant? {
        mutating get {
            dropOutdated()
            return heap.first?.moment
        }
    }

    /// Sets when an object is due, in place of what was set before.
    mutating func set(_ key: ObjectKey, at moment: ContinuousClock.Instant) {
        moments[key] = moment
        heap.append(Entry(moment: moment, key: key))
        var child = heap.count - 1
        while child > 0, heap[child].moment < heap[(child - 1) / 2].moment {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func remove(_ key: ObjectKey) {
        moments[key] = nil
    }

    /// Takes out one object that is due; nil when none is.
    mutating func take(before moment: ContinuousClock.Instant) -> ObjectKey? {
        dropOutdated()
        guard let first = heap.first, first.moment <= moment else { return nil }
        removeFirst()
        moments[first.key] = nil
        return first.key
    }

    private mutating func dropOutdated() {
        while let first = heap.first, moments[first.key] != first.moment { removeFirst() }
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < heap.count }
            guard
                let least = children.min(by: { heap[$0].moment < heap[$1].moment }),
                heap[least].moment < heap[parent].moment
            else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
