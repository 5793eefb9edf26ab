extension ObjectStore {
    /// Follows the changes of a kind: what is there or what changed since the version asked for, then live.
    ///
    /// `deliver` gets events in order, one call at a time, on the writer's thread outside the store's lock;
    /// the first call may come before this one returns. It may call the store. `ended` is called once when
    /// the kind is no longer served, not after `cancel()`. A version that is too old throws a 410, and one of
    /// the future a 504 where initial events are asked for, else it is silence: what a real server says
    /// inside the stream.
    package func watch(
        _ type: ResourceType,
        namespace: String? = nil,
        options: ListOptions = ListOptions(),
        ended: @escaping @Sendable () -> Void = {},
        deliver: @escaping @Sendable ([WatchEvent]) -> Void
    ) throws(APIStatus) -> WatchTicket {
        let version = try ObjectStore.version(options.resourceVersion, watch: true)
        let initial = options.sendInitialEvents ?? (version == nil)
        let (watcher, number) = try transact { state throws(APIStatus) in
            let number = try shelf(type, state)
            let shelf = state.shelves[number]
            if let failure = failure(shelf, version, initial: initial, state) { throw failure }
            let start = initial || version == nil ? state.revision : version ?? 0
            let watcher = Watcher(
                namespace: type.namespaced ? namespace : nil,
                options: options,
                after: start,
                ended: ended,
                deliver: deliver
            )
            state.touched.append(watcher)
            if initial {
                offerAll(shelf, namespace: namespace, options, to: watcher, at: state.revision)
            } else {
                for change in shelf.changes(after: start) { _ = watcher.offer(change) }
            }
            state.watcherCount += 1
            state.shelves[number].watchers[state.watcherCount] = watcher
            return (watcher, state.watcherCount)
        }
        return WatchTicket { [weak self] in
            watcher.cancel()
            self?.transact { state in
                guard let shelf = state.shelfNumbers[type] else { return }
                state.shelves[shelf].watchers[number] = nil
            }
        }
    }

    /// Why the watch cannot begin at its version.
    private func failure(_ shelf: Shelf, _ version: UInt64?, initial: Bool, _ state: State) -> APIStatus? {
        guard let version else { return nil }
        if initial {
            return version > state.revision ? .versionTooLarge(version, current: state.revision) : nil
        }
        guard version < shelf.horizon else { return nil }
        let uncached = shelf.type.plural == "events" && shelf.type.group.isEmpty
        return .expired(
            uncached
                ? "The resourceVersion for the provided watch is too old."
                : "too old resource version: \(version) (\(shelf.horizon))"
        )
    }

    private func offerAll(
        _ shelf: Shelf,
        namespace: String?,
        _ options: ListOptions,
        to watcher: Watcher,
        at version: UInt64
    ) {
        let prefix = namespace.flatMap { shelf.type.namespaced ? $0 + "/" : nil } ?? ""
        let first = Shelf.lowerBound(of: prefix, in: shelf.places)
        for place in shelf.places[first...].prefix(while: { $0.hasPrefix(prefix) }) {
            guard let stored = shelf.objects[place], options.admits(stored.json) else { continue }
            watcher.offer(WatchEvent(type: .added, stored: stored))
        }
        if options.allowBookmarks {
            watcher.offer(.bookmark(shelf.type, resourceVersion: version, initialEventsEnd: true))
        }
    }
}
