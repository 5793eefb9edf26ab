import Chrono
import HashTreeCollections
import Kube

extension SyncRow {
    /// The rows of the sync pane: filtered, sorted, and those that wait folded under what they wait for.
    ///
    /// - Shape: with a filter nothing is folded, so that whatever matches is seen.
    static func rows(
        of picture: ClusterPicture,
        sort: SyncSort,
        filter: Filter,
        unfolded: Set<ObjectRef>,
        now: Timestamp?
    ) -> [SyncRow] {
        var rows: [SyncRow] = []
        rows.reserveCapacity(picture.names.count)
        var place = 0
        for ref in picture.names {
            // Both lists are by name: one walk goes through both.
            var behind = Behind.notApplicable
            if place < picture.behind.refs.count, picture.behind.refs[place] == ref {
                behind = picture.behind.values[place]
                place += 1
            }
            guard let resource = picture.snapshot.resources[ref],
                filter.isEmpty || filter.matches(subject(ref, resource, filter, picture.profile, now))
            else {
                continue
            }
            rows.append(
                SyncRow(
                    ref: ref,
                    kind: resource.kind,
                    state: resource.state,
                    behind: behind,
                    last: resource.lastReconciled,
                    depth: 0,
                    folded: 0,
                    waitsFor: resource.state == .waiting
                        ? resource.firstUnready(in: picture.snapshot) : nil
                )
            )
        }
        // Sorting keeps the order by name among equals.
        switch sort {
        case .name: break
        case .worst: rows.sort { $0.state < $1.state }
        case .kind: rows.sort { $0.kind.short < $1.kind.short }
        case .behind: rows.sort { $0.behind.weight > $1.behind.weight }
        case .last: rows.sort { ($0.last?.nanoseconds ?? .min) > ($1.last?.nanoseconds ?? .min) }
        }
        return filter.isEmpty ? folding(rows, unfolded) : rows
    }

    private static func subject(
        _ ref: ObjectRef,
        _ resource: FluxResource,
        _ filter: Filter,
        _ profile: ClusterProfile,
        _ now: Timestamp?
    ) -> FilterSubject {
        let texts =
            filter.readsTexts ? [resource.message, resource.reason, resource.revision?.text ?? ""] : []
        var subject = FilterSubject(
            ref,
            kind: resource.kind,
            state: resource.state,
            cluster: profile.displayName,
            texts: texts
        )
        // The age that the list shows: of the last reconciliation.
        subject.age = resource.lastReconciled.flatMap { last in now?.since(last) }
        return subject
    }

    /// Hangs waiting rows below the one at the root of their waiting, or hides them in its count.
    private static func folding(_ rows: [SyncRow], _ unfolded: Set<ObjectRef>) -> [SyncRow] {
        var waits: [ObjectRef: ObjectRef] = [:]
        for row in rows where row.waitsFor != nil {
            waits[row.ref] = row.waitsFor
        }
        guard !waits.isEmpty else {
            return rows
        }
        let present = Set(rows.map(\.ref))
        var below: [ObjectRef: [SyncRow]] = [:]
        var tops: [SyncRow] = []
        for row in rows {
            if let root = root(of: row.ref, waits), root != row.ref, present.contains(root) {
                var hanging = row
                hanging.depth = 1
                below[root, default: []].append(hanging)
            } else {
                tops.append(row)
            }
        }
        return tops.flatMap { top -> [SyncRow] in
            guard let hanging = below[top.ref] else {
                return [top]
            }
            if unfolded.contains(top.ref) {
                return [top] + hanging
            }
            var folded = top
            folded.folded = hanging.count
            return [folded]
        }
    }

    /// Where a chain of waiting begins; nil for a row that does not wait or waits in a circle.
    private static func root(of ref: ObjectRef, _ waits: [ObjectRef: ObjectRef]) -> ObjectRef? {
        guard var next = waits[ref] else {
            return nil
        }
        var seen: Set<ObjectRef> = [ref]
        while let further = waits[next] {
            guard seen.insert(next).inserted else {
                return nil
            }
            next = further
        }
        return next
    }
}

extension FluxResource {
    /// The first dependency that is not ready, as a resource that exists; nil where all are or none is known.
    func firstUnready(in snapshot: ClusterSnapshot) -> ObjectRef? {
        applier?.dependsOn.first { dependency in
            snapshot.resources[dependency].map { $0.state != .ready } ?? false
        }
    }
}
