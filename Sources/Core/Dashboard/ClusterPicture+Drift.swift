import Chrono
import HashTreeCollections
import Kube

// Drift of objects: what is missing, what others changed, what was put back.
extension ClusterPicture {
    /// How long a correction is shown, and what "in 1h" means.
    static let correctedSpan = Duration.seconds(3600)

    static func objectDrift(
        _ snapshot: ClusterSnapshot,
        _ remembered: [CorrectedDrift],
        _ known: [DriftSubject: OpenDrift]
    ) -> [DriftRow] {
        let past = recent(snapshot, remembered)
        var rows: [DriftRow] = []
        for missing in snapshot.missing {
            rows.append(
                row(
                    .missing(missing.entry),
                    missing.applier,
                    onset: known[DriftSubject(missing.applier, missing.entry)].beginning(
                        of: missing,
                        snapshot
                    ),
                    returns: true,
                    past[DriftSubject(missing.applier, missing.entry)] ?? [],
                    snapshot
                )
            )
        }
        for drift in snapshot.drifted {
            var row = row(
                .object(drift),
                drift.applier,
                onset: known[DriftSubject(drift.applier, drift.entry)].beginning(of: drift, snapshot),
                returns: drift.returns,
                past[DriftSubject(drift.applier, drift.entry)] ?? [],
                snapshot
            )
            row.who = drift.hands.map { $0.name.isEmpty ? "?" : $0.name }.uniqued
            rows.append(row)
        }
        let open = Set(rows.compactMap { row in row.entry.map { DriftSubject(row.about, $0) } })
        for (subject, past) in past where !open.contains(subject) {
            guard let last = past.first else {
                continue
            }
            var row = row(
                .corrected(last),
                last.applier,
                onset: .at(last.ended),
                returns: nil,
                past,
                snapshot
            )
            row.who = past.flatMap(\.by).uniqued
            rows.append(row)
        }
        return rows
    }

    private static func row(
        _ kind: DriftRow.Kind,
        _ applier: ObjectRef,
        onset: Onset,
        returns: Bool?,
        _ past: [CorrectedDrift],
        _ snapshot: ClusterSnapshot
    ) -> DriftRow {
        DriftRow(
            kind: kind,
            about: applier,
            short: FluxKind.of(group: applier.group, kind: applier.kind)?.short ?? "",
            since: onset.exact,
            why: "",
            branch: "",
            notBefore: onset.bound,
            comeback: Comeback(snapshot.resources[applier], returns: returns),
            timesPutBack: past.count { $0.ending == .putBack }
        )
    }

    /// True for what was put back within an hour of the snapshot's own time: pictures are made of snapshots alone.
    static func isRecent(_ corrected: CorrectedDrift, in snapshot: ClusterSnapshot) -> Bool {
        let now = snapshot.confirmed ?? snapshot.corrected.first?.ended
        return now.map { $0.since(corrected.ended) < correctedSpan } ?? false
    }

    /// Corrections of the last hour by object, the newest first.
    private static func recent(
        _ snapshot: ClusterSnapshot,
        _ remembered: [CorrectedDrift]
    ) -> [DriftSubject: [CorrectedDrift]] {
        var result: [DriftSubject: [CorrectedDrift]] = [:]
        // Events tell no names, the ledger may; and one correction may be reported once for each hand.
        for corrected in snapshot.corrected + remembered where isRecent(corrected, in: snapshot) {
            result[DriftSubject(corrected.applier, corrected.entry), default: []].append(corrected)
        }
        return result.mapValues { CorrectedDrift.each($0) }
    }
}

/// An object of an applier's inventory.
struct DriftSubject: Hashable {
    let applier: ObjectRef
    let entry: InventoryEntry

    init(_ applier: ObjectRef, _ entry: InventoryEntry) {
        self.applier = applier
        self.entry = entry
    }
}

extension OpenDrift? {
    /// What the cluster tells of the beginning, or else the ledger.
    fileprivate func beginning(of drift: ObjectDrift, _ snapshot: ClusterSnapshot) -> Onset {
        guard drift.onset.exact == nil, let self,
            self.isSame(as: drift, by: snapshot.resources[drift.applier])
        else {
            return drift.onset
        }
        return .at(self.began)
    }

    fileprivate func beginning(of missing: MissingObject, _ snapshot: ClusterSnapshot) -> Onset {
        guard missing.onset.exact == nil, let self,
            self.isSame(as: missing, by: snapshot.resources[missing.applier])
        else {
            return missing.onset
        }
        return .at(self.began)
    }
}

extension ObjectDrift {
    /// Whether the applier puts it back when it runs: what any hand's change makes it do.
    var returns: Bool? {
        if hands.contains(where: { $0.returns == true }) {
            return true
        }
        return hands.contains { $0.returns == nil } ? nil : false
    }
}

extension Array where Element: Hashable {
    /// Each element once, in its first place.
    fileprivate var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
