import Chrono
import Git
import HashTreeCollections
import Kube

// The lists of the screens that speak of all clusters; made while they are shown.
extension AppState {
    mutating func settleMatrix() {
        var touched: Set<MatrixRow.ID> = []
        for (id, picture) in clusters where matrix.generations[id] != picture.generation {
            matrix.generations[id] = picture.generation
            touched.formUnion(matrix.takeColumn(of: picture))
        }
        matrix.columns = clusters.values.map(\.profile)
            .sorted { ($0.group, $0.displayName, $0.id) < ($1.group, $1.displayName, $1.id) }.map(\.id)
        guard !touched.isEmpty || matrix.basisFilter != matrix.filter else {
            return
        }
        matrix.basisFilter = matrix.filter
        matrix.makeRows(touched)
        matrix.cursor.settle(in: matrix.rows.map(\.id), height: listHeight)
        matrix.column = min(max(0, matrix.column), max(0, matrix.columns.count - 1))
    }

    mutating func settleDrift() {
        let basis = ListBasis(world: worldGeneration, filter: drift.filter)
        guard basis != drift.basis || drift.sort != drift.basisSort else {
            return
        }
        drift.basis = basis
        drift.basisSort = drift.sort
        let rows = clusters.values.flatMap { picture in
            picture.drift.filter {
                basis.filter.isEmpty
                    || basis.filter.matches(
                        $0.filterSubject(cluster: picture.profile.displayName, now: moment)
                    )
            }
        }
        drift.rows = rows.sorted(by: drift.sort.isBefore)
        drift.ids = drift.rows.map(\.id)
        drift.cursor.settle(in: drift.ids, height: listHeight)
    }

    mutating func settleEvents() {
        let basis = ListBasis(world: worldGeneration, filter: events.filter)
        guard basis != events.basis else {
            return
        }
        events.basis = basis
        var merge = EventMerge(clusters.values.map(\.snapshot.events))
        var rows: [FluxEvent] = []
        var read = 0
        while rows.count < EventsState.limit, read < 10 * EventsState.limit, let event = merge.next() {
            read += 1
            if basis.filter.isEmpty || basis.filter.matches(subject(of: event)) {
                rows.append(event)
            }
        }
        events.rows = rows
        events.ids = rows.map { EventID(cluster: $0.about.cluster, uid: $0.uid) }
        events.cursor.settle(in: events.ids, height: listHeight)
    }

    private func subject(of event: FluxEvent) -> FilterSubject {
        var subject = FilterSubject(
            event.about,
            kind: FluxKind.of(group: event.about.group, kind: event.about.kind),
            state: .unknown,
            cluster: profile(event.about.cluster).displayName,
            texts: [event.reason, event.message]
        )
        subject.state = event.isWarning ? "warning" : "normal"
        return subject
    }

    mutating func settleRollouts() {
        let pushes = rollouts.convergences.map { convergence in
            RolloutRow(
                id: .push(convergence.id),
                started: convergence.pushed,
                title: "\(convergence.subject) → \(convergence.receipt.branch)",
                done: convergence.done,
                total: convergence.rows.count,
                failed: convergence.stuck,
                isFinished: convergence.finished != nil
            )
        }
        let rows = (pushes + resyncs.batches).sorted { ($0.started, $0.title) > ($1.started, $1.title) }
        guard rows != rollouts.rows else {
            return
        }
        rollouts.rows = rows
        rollouts.cursor.settle(in: rows.map(\.id), height: listHeight)
    }

    mutating func settleCommits() {
        commits.cursor.settle(in: commits.ids, height: listHeight)
    }
}

extension ResyncQueue {
    /// The batches as rows of the rollouts view.
    var batches: [RolloutRow] {
        var byBatch: [Int: [Resync]] = [:]
        for resync in all where !resync.isSource {
            byBatch[resync.batch, default: []].append(resync)
        }
        return byBatch.compactMap { batch, members in
            guard let first = members.first else {
                return nil
            }
            let others = members.count > 1 ? " and \(members.count - 1) more" : ""
            return RolloutRow(
                id: .resync(batch: batch),
                started: first.queued,
                title: "resync \(first.ref.path) on \(first.ref.cluster)\(others)",
                done: members.count(where: \.isEnded),
                total: members.count,
                failed: members.count { $0.isEnded && $0.phase != .ended(.ready) },
                isFinished: members.allSatisfy(\.isEnded)
            )
        }
    }
}

extension MatrixState {
    /// Replaces the cells of one cluster; returns the rows that changed.
    mutating func takeColumn(of picture: ClusterPicture) -> Set<MatrixRow.ID> {
        let cluster = picture.profile.id
        var touched: Set<MatrixRow.ID> = []
        var gone = Set(names[cluster] ?? [])
        var present: [MatrixRow.ID] = []
        for (ref, resource) in picture.snapshot.resources where resource.kind.category == .applier {
            let id = MatrixRow.ID(group: ref.group, kind: ref.kind, namespace: ref.namespace, name: ref.name)
            let cell = MatrixRow.Cell(
                ref: ref,
                state: resource.state,
                revision: resource.commit.map { String($0.prefix(7)) } ?? resource.revision?.short ?? "",
                behind: picture.behind[ref] ?? .notApplicable,
                isOdd: false
            )
            present.append(id)
            gone.remove(id)
            if table[id]?[cluster] != cell {
                table[id, default: [:]][cluster] = cell
                touched.insert(id)
            }
        }
        for id in gone {
            table[id]?[cluster] = nil
        }
        names[cluster] = present
        return touched.union(gone)
    }

    mutating func makeRows(_ touched: Set<MatrixRow.ID>) {
        for id in touched {
            guard let cells = table[id], !cells.isEmpty else {
                table[id] = nil
                made[id] = nil
                continue
            }
            made[id] = MatrixRow(id: id, cells: cells)
        }
        rows = made.values
            .filter { row in
                filter.isEmpty || filter.matches(row.filterSubject)
            }
            .sorted {
                ($0.id.namespace, $0.id.name, $0.id.kind, $0.id.group)
                    < ($1.id.namespace, $1.id.name, $1.id.kind, $1.id.group)
            }
    }
}

extension MatrixRow {
    fileprivate init(id: ID, cells: [ClusterID: Cell]) {
        var counts: [String: Int] = [:]
        for cell in cells.values {
            counts[cell.revision, default: 0] += 1
        }
        let usual = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
        self.id = id
        short = FluxKind.of(group: id.group, kind: id.kind)?.short ?? ""
        self.cells = cells.mapValues { cell in
            var marked = cell
            marked.isOdd = cell.revision != usual
            return marked
        }
    }

    fileprivate var filterSubject: FilterSubject {
        FilterSubject(
            name: id.name,
            namespace: id.namespace,
            kinds: [id.kind, short],
            state: cells.values.map(\.state).min()?.word ?? "",
            texts: cells.values.map(\.revision)
        )
    }
}

/// Merges lists that are newest first into one that is newest first, without sorting all of it.
private struct EventMerge {
    /// A heap of the lists that have events left: the newest head is at the top.
    private var heads: [ArraySlice<FluxEvent>]

    init(_ lists: [[FluxEvent]]) {
        heads = lists.filter { !$0.isEmpty }.map { $0[...] }
        for index in heads.indices.reversed() {
            sink(index)
        }
    }

    mutating func next() -> FluxEvent? {
        guard let event = heads.first?.first else {
            return nil
        }
        heads[0].removeFirst()
        if heads[0].isEmpty {
            heads.swapAt(0, heads.count - 1)
            heads.removeLast()
        }
        sink(0)
        return event
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var newest = index
            for child in [2 * index + 1, 2 * index + 2] where child < heads.count && isNewer(child, newest) {
                newest = child
            }
            guard newest != index else {
                return
            }
            heads.swapAt(index, newest)
            index = newest
        }
    }

    private func isNewer(_ left: Int, _ right: Int) -> Bool {
        guard let one = heads[left].first, let two = heads[right].first else {
            return false
        }
        return (one.at, two.uid) > (two.at, one.uid)
    }
}
