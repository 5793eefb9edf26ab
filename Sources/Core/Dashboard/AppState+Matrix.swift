import HashTreeCollections
package import Kube

// The matrix: names that are kept up to date, rows that are made when they are looked at.
extension AppState {
    /// One row with the cells of these columns; what is usual is judged over all clusters.
    package func matrixRow(_ id: MatrixRow.ID, columns: some Sequence<ClusterID>) -> MatrixRow {
        let usual = matrix.usual[id] ?? usualRevision(id)
        var cells: [ClusterID: MatrixRow.Cell] = [:]
        for cluster in columns {
            guard let place = clusters.place(of: cluster),
                let resource = clusters.values[place].applier(named: id)
            else {
                continue
            }
            let revision = resource.matrixRevision
            cells[cluster] = MatrixRow.Cell(
                ref: resource.ref,
                state: resource.state,
                revision: revision,
                behind: clusters.values[place].behind[resource.ref] ?? .notApplicable,
                isOdd: revision != usual
            )
        }
        let short = FluxKind.of(group: id.group, kind: id.kind)?.short ?? ""
        return MatrixRow(id: id, short: short, cells: cells)
    }

    /// The revision that most clusters have.
    private func usualRevision(_ id: MatrixRow.ID) -> String? {
        var counts: [String: Int] = [:]
        for place in 0..<clusters.count {
            if let resource = clusters.values[place].applier(named: id) {
                counts[resource.matrixRevision, default: 0] += 1
            }
        }
        return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
    }

    /// One row with all its cells.
    package func matrixRow(_ id: MatrixRow.ID) -> MatrixRow {
        matrixRow(id, columns: matrix.columns)
    }

    mutating func settleMatrix() {
        if matrix.columns.count != clusters.count {
            matrix.columns = clusters.values.map(\.profile)
                .sorted { ($0.group, $0.displayName, $0.id) < ($1.group, $1.displayName, $1.id) }.map(\.id)
            matrix.column = min(max(0, matrix.column), max(0, matrix.columns.count - 1))
        }
        let basis = MatrixBasis(names: matrix.namesGeneration, filter: matrix.filter)
        if basis != matrix.basis {
            matrix.sortNames()
            let kept = matrix.sorted.filter { fits($0) }
            matrix.basis = basis
            matrix.show(kept)
        } else if !matrix.dirty.isEmpty {
            let fitting = Set(matrix.rows)
            let changed = matrix.dirty.filter { fits($0) != fitting.contains($0) }
            if !changed.isEmpty {
                let next = fitting.symmetricDifference(changed)
                matrix.show(matrix.sorted.filter { next.contains($0) })
            }
        }
        matrix.dirty = []
        matrix.cursor.settle(in: matrix.rows, height: listHeight)
        let shown = matrix.cursor.window(count: matrix.rows.count, height: rows)
        for id in matrix.rows[shown] where matrix.usual[id] == nil {
            matrix.usual[id] = usualRevision(id)
        }
    }

    private func fits(_ id: MatrixRow.ID) -> Bool {
        guard !matrix.filter.isEmpty else {
            return true
        }
        var subject = FilterSubject(
            name: id.name,
            namespace: id.namespace,
            kinds: [id.kind, FluxKind.of(group: id.group, kind: id.kind)?.short ?? ""]
        )
        let fitsByName = matrix.filter.matches(subject)
        guard matrix.filter.looksAtCells, !fitsByName || matrix.filter.hasNegation else {
            return fitsByName
        }
        var worst: SyncState?
        var revisions: Set<String> = []
        for index in clusters.values.indices {
            if let resource = clusters.values[index].applier(named: id) {
                worst = min(worst ?? resource.state, resource.state)
                revisions.insert(resource.matrixRevision)
            }
        }
        subject.state = worst?.word ?? ""
        subject.texts = Array(revisions)
        return matrix.filter.matches(subject)
    }
}

extension ClusterPicture {
    fileprivate func applier(named id: MatrixRow.ID) -> FluxResource? {
        snapshot.resources[
            ObjectRef(
                cluster: profile.id,
                group: id.group,
                kind: id.kind,
                namespace: id.namespace,
                name: id.name
            )
        ]
    }
}

extension FluxResource {
    /// Short, as a cell has room for.
    fileprivate var matrixRevision: String {
        commit.map { Revision.cut($0) } ?? revision?.short ?? ""
    }
}

extension Filter {
    /// True where names alone cannot decide: a state is asked for, or a word that may be one or a revision.
    var looksAtCells: Bool {
        terms.contains { term in
            switch term.field {
            case .state: true
            case .any: term.values.contains { Filter.mayBeRevision($0) || Filter.mayBeState($0) }
            case .name, .kind, .namespace, .cluster, .manager, .age: false
            }
        }
    }

    /// True where more to look at may also take a row away.
    var hasNegation: Bool {
        terms.contains(where: \.isNegated)
    }

    private static func mayBeState(_ word: String) -> Bool {
        SyncState.allCases.contains { $0.word.contains(lowered: word) }
    }

    private static func mayBeRevision(_ word: String) -> Bool {
        word.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || "v.@:+-".utf8.contains(byte)
        }
    }
}

extension MatrixState {
    /// Counts the names that came and went with a newer snapshot.
    mutating func takeNames(from older: ClusterSnapshot, to newer: ClusterSnapshot) {
        for (ref, resource) in newer.resources
        where resource.kind.category == .applier && older.resources[ref] == nil {
            count(MatrixRow.ID(ref), 1)
        }
        for (ref, resource) in older.resources
        where resource.kind.category == .applier && newer.resources[ref] == nil {
            count(MatrixRow.ID(ref), -1)
        }
        usual = [:]
        if filter.looksAtCells {
            dirty = Set(sorted)
        }
    }

    /// Notes the rows whose cells changed, where the filter looks at those.
    mutating func note(_ changed: [ObjectRef]) {
        for ref in changed where !usual.isEmpty {
            usual[MatrixRow.ID(ref)] = nil
        }
        if filter.looksAtCells {
            dirty.formUnion(changed.map { MatrixRow.ID($0) }.filter { names[$0] != nil })
        }
    }

    private mutating func count(_ id: MatrixRow.ID, _ step: Int) {
        let number = names[id, default: 0] + step
        names[id] = number == 0 ? nil : number
        if number == 0 || number == step {
            namesGeneration += 1
        }
    }

    mutating func sortNames() {
        guard basis?.names != namesGeneration else {
            return
        }
        sorted = names.keys.sorted {
            ($0.namespace, $0.name, $0.kind, $0.group) < ($1.namespace, $1.name, $1.kind, $1.group)
        }
    }

    mutating func show(_ ids: [MatrixRow.ID]) {
        rows = ids
        longest = ids.reduce(0) { max($0, $1.name.utf8.count + $1.namespace.utf8.count + 1) }
    }
}

extension MatrixRow.ID {
    init(_ ref: ObjectRef) {
        self.init(group: ref.group, kind: ref.kind, namespace: ref.namespace, name: ref.name)
    }
}
