import Synchronization

/// One watch: it turns the changes of a kind into events of its selectors and hands them on in order.
final class Watcher: Sendable {
    private struct Queue {
        var pending: [WatchEvent] = []
        var draining = false
        var ending = false
        var ended = false
    }

    private let namespace: String?
    private let options: ListOptions
    /// Changes up to this version are not delivered.
    private let after: UInt64
    private let deliver: @Sendable ([WatchEvent]) -> Void
    private let ended: @Sendable () -> Void
    private let queue = Mutex(Queue())

    init(
        namespace: String?,
        options: ListOptions,
        after: UInt64,
        ended: @escaping @Sendable () -> Void,
        deliver: @escaping @Sendable ([WatchEvent]) -> Void
    ) {
        self.namespace = namespace
        self.options = options
        self.after = after
        self.ended = ended
        self.deliver = deliver
    }

    /// Takes an event up as it is.
    func offer(_ event: WatchEvent) {
        queue.withLock { $0.pending.append(event) }
    }

    /// Takes a change up as the event that the selectors make of it; false when it does not concern them.
    func offer(_ change: Shelf.Change) -> Bool {
        guard change.stored.resourceVersion > after, let event = event(change) else { return false }
        offer(event)
        return true
    }

    private func event(_ change: Shelf.Change) -> WatchEvent? {
        if let namespace {
            guard change.place.utf8.count > namespace.utf8.count, change.place.hasPrefix(namespace),
                change.place.utf8.dropFirst(namespace.utf8.count).first == UInt8(ascii: "/")
            else { return nil }
        }
        let before = change.previous.map { options.admits($0.json) } ?? false
        let now = change.type != .deleted && options.admits(change.stored.json)
        switch (before, now) {
        case (false, false): return nil
        case (false, true): return WatchEvent(type: .added, stored: change.stored, previous: change.previous)
        case (true, true):
            return WatchEvent(type: .modified, stored: change.stored, previous: change.previous)
        case (true, false):
            if change.type == .deleted {
                return WatchEvent(type: .deleted, stored: change.stored, previous: change.previous)
            }
            return leaving(change)
        }
    }

    /// An object that no longer fits: its last fitting state, at the version of the change.
    private func leaving(_ change: Shelf.Change) -> WatchEvent? {
        guard let previous = change.previous else { return nil }
        var last = previous.json
        last.set(.string(String(change.stored.resourceVersion)), at: ["metadata", "resourceVersion"])
        let stored = previous.changed(to: last, at: change.stored.resourceVersion)
        return WatchEvent(type: .deleted, stored: stored, previous: previous)
    }

    /// Ends the watch once what was taken up is delivered.
    func end() {
        queue.withLock { $0.ending = true }
    }

    /// Ends the watch without another word.
    func cancel() {
        queue.withLock { queue in
            queue.pending = []
            queue.ending = true
            queue.ended = true
        }
    }

    /// Delivers what was taken up, unless another thread or a caller further out is about it.
    func drain() {
        while true {
            let batch: [WatchEvent]? = queue.withLock { queue in
                guard !queue.draining, !queue.pending.isEmpty else { return nil }
                queue.draining = true
                return queue.pending.taken()
            }
            guard let batch else { break }
            deliver(batch)
            queue.withLock { $0.draining = false }
        }
        let finished = queue.withLock { queue in
            guard queue.ending, !queue.ended, !queue.draining, queue.pending.isEmpty else { return false }
            queue.ended = true
            return true
        }
        if finished { ended() }
    }
}

extension Array {
    /// The elements, leaving none.
    fileprivate mutating func taken() -> [Element] {
        let elements = self
        self = []
        return elements
    }
}
