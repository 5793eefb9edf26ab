import Chrono
import HashTreeCollections
import Kube

/// What is remembered of an applier for as long as it runs one revision and newer ones wait.
struct Lag: Hashable, Sendable {
    /// What it runs, as the revision's text.
    let runs: String
    /// The earliest moment at which something newer is known to have been fetched.
    var fetched: Timestamp?
    /// When the oldest commit that it misses came to the branch, as last measured.
    var missing: Timestamp?
    /// True where weir saw it run what was fetched before.
    let isWatched: Bool
}

// Since when appliers do not run what was fetched: a newer push or fetch begins nothing anew.
extension ClusterPicture {
    /// Dates the rows of appliers, with what was remembered of them and what Git tells.
    mutating func dateLags(_ facts: GitFacts) {
        var kept: [ObjectRef: Lag] = [:]
        var changed: [Int] = []
        for place in ownDrift.indices where ownDrift[place].isLag {
            var row = ownDrift[place]
            guard let resource = snapshot.resources[row.about] else {
                continue
            }
            let lag = lag(row, resource)
            kept[row.about] = lag
            row.since = lag.missing ?? lag.fetched
            row.expect(from: lag.fetched, within: resource.applyPatience)
            if !lag.isWatched, let end = unwatchedEnd(resource, facts) {
                row.expected = row.expected.map { min($0, end) } ?? end
            }
            if row != ownDrift[place] {
                ownDrift[place] = row
                changed.append(place)
            }
        }
        lags = kept
        knewAppliers = snapshot.link == .live && snapshot.isComplete && !snapshot.resources.isEmpty
        guard !isDriftStale, !changed.isEmpty else {
            return
        }
        // To find many one by one would cost more than to put all together.
        guard changed.count <= 8 else {
            isDriftStale = true
            return
        }
        for row in changed.map({ ownDrift[$0] }) {
            if let shown = drift.firstIndex(where: { $0.about == row.about && $0.id == row.id }) {
                drift[shown] = row
            }
        }
        countDrift()
        driftGeneration += 1
    }

    private func lag(_ row: DriftRow, _ resource: FluxResource) -> Lag {
        let runs = resource.applier?.lastApplied ?? resource.source?.observedIndex
        let before = lags[row.about].flatMap { $0.runs == runs?.text ?? "" ? $0 : nil }
        let measured = behind.place(of: row.about).map { behind.values[$0] }
        return Lag(
            runs: runs?.text ?? "",
            fetched: [before?.fetched, row.fetched, resource.firstTried].compactMap(\.self).min(),
            // What a new head makes of it is not known at once.
            missing: measured == .measuring ? before?.missing : measured?.since,
            isWatched: before?.isWatched ?? knewAppliers
        )
    }

    /// By when an applier should run what came first, where weir did not see that fetched.
    ///
    /// - Shape: nil where the newest fetch was the first one, or Git does not tell.
    private func unwatchedEnd(_ resource: FluxResource, _ facts: GitFacts) -> Timestamp? {
        guard let place = behind.place(of: resource.ref), let count = behind.values[place].count, count > 1,
            let commit = tracks[place].commit, let ref = tracks[place].head, !tracks[place].isPacked,
            let patience = resource.applyPatience
        else {
            return nil
        }
        let track = tracks[place]
        let arrival = facts.headArrivals[track.repository]?.first(after: commit, on: ref)
        // What was committed long ago may have been pushed late: it was not there when the last run went well.
        let committed = behind.values[place].since.map { max($0, resource.lastSucceeded ?? $0) }
        let fetching = snapshot.resources[track.source]?.fetchPatience ?? .zero
        return (arrival ?? committed)?.advanced(by: fetching + patience + .seconds(60))
    }
}

extension DriftRow {
    /// True for what an applier or a chart tells of itself: something newer is there than what it uses.
    var isLag: Bool {
        switch kind {
        case .apply, .index: true
        case .source, .rewritten, .missing, .helm, .object, .corrected: false
        }
    }
}
