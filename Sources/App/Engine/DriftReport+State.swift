import Chrono
import Dashboard
import Kube

extension DriftReport {
    /// The drift that the state knows of, clusters in the order of the kubeconfig.
    ///
    /// - Shape: `exactly` are the appliers that were compared by dry runs, or should have been.
    init(_ state: AppState, exactly: [ObjectRef] = [], now: Timestamp) {
        self.init(
            generated: now.rfc3339,
            clusters: state.profiles.compactMap { state.clusters[$0.id] }.map { picture in
                var cluster = Cluster(picture, state)
                cluster.add(state, exactly.filter { $0.cluster == picture.profile.id })
                return cluster
            }
        )
    }
}

extension DriftReport.Cluster {
    fileprivate init(_ picture: ClusterPicture, _ state: AppState) {
        let snapshot = picture.snapshot
        let isReachable = snapshot.link == .live || snapshot.link == .withoutFlux
        let blindSpots = state.blindSpots(of: snapshot.id)
        self.init(
            name: picture.profile.displayName,
            group: picture.profile.group.isEmpty ? nil : picture.profile.group,
            reachable: isReachable,
            error: snapshot.link == .connecting ? "no answer yet" : snapshot.link.problem,
            complete: blindSpots.isEmpty,
            // A cluster that cannot be reached says why once.
            blindSpots: isReachable ? blindSpots : [],
            notLookedAt: isReachable ? state.exemptions(of: snapshot.id) : [],
            watchedSince: snapshot.watchedSince?.rfc3339,
            drift: picture.drift.map { DriftReport.Row($0, asOf: snapshot.confirmed) }
        )
    }
}

extension DriftReport.Object {
    init(_ ref: ObjectRef) {
        self.init(group: ref.group, kind: ref.kind, namespace: ref.namespace, name: ref.name)
    }
}

extension DriftReport.Hand {
    fileprivate init(_ hand: DriftHand) {
        self.init(
            nature: hand.nature.rawValue,
            name: hand.name,
            manager: hand.manager,
            fields: hand.fields,
            fieldCount: hand.fieldCount,
            time: hand.time?.rfc3339,
            putBack: hand.returns
        )
    }
}

extension DriftReport.Row {
    fileprivate init(_ row: DriftRow, asOf now: Timestamp?) {
        var (comesBack, within, stays): (String?, String?, String?) = (nil, nil, nil)
        switch row.comeback {
        case .within(let span): within = span.took
        case .due(let moment): comesBack = moment.rfc3339
        case .stays(let why): stays = why
        case .unknown: break
        }
        var hands: [DriftHand] = []
        if case .object(let drift) = row.kind {
            hands = drift.hands
        }
        let (type, message) = DriftReport.Row.words(row)
        self.init(
            type: type,
            counts: row.counts(at: now),
            applier: DriftReport.Object(row.about),
            object: row.entry.map { DriftReport.Object($0.ref(in: row.about.cluster)) },
            message: message,
            who: row.who,
            hands: hands.map(DriftReport.Hand.init),
            since: row.since?.rfc3339,
            notBefore: row.notBefore?.rfc3339,
            comesBack: comesBack,
            comesBackWithin: within,
            stays: stays,
            putBackLastHour: row.timesPutBack,
            putBackBy: row.corrector,
            flapping: row.isFlapping
        )
    }

    private static func words(_ row: DriftRow) -> (type: String, message: String) {
        let why = row.why.isEmpty ? "" : ", \(row.why)"
        switch row.kind {
        case .source(let commits, let here):
            return ("source", "\(row.branch) is \(commits) ahead, \(here) of them here\(why)")
        case .rewritten: return ("rewritten", "\(row.branch) was rewritten\(why)")
        case .apply(let fetched, let applied):
            return ("apply", "\(fetched) is fetched, \(applied) runs\(why)")
        case .index(let chart, let range):
            return (
                "source", "the index is newer than the one that \(chart) (\(range)) was chosen from\(why)"
            )
        case .missing:
            let went: String =
                switch (row.since, row.notBefore) {
                case (.some, _): "gone from the cluster"
                case (nil, .some): "gone from the cluster since Flux last ran"
                case (nil, nil): "gone from the cluster before weir looked"
                }
            return ("missing", went)
        case .helm(let message): return ("helm", message)
        case .object(let drift):
            let nature = drift.hands.first?.nature ?? .edited
            return (
                nature.rawValue,
                drift.fields.isEmpty ? "fields that Git sets" : drift.fields.joined(separator: ", ")
            )
        case .corrected(let corrected): return ("corrected", words(corrected, row))
        }
    }

    /// Who changed it and who put it back are two.
    private static func words(_ corrected: CorrectedDrift, _ row: DriftRow) -> String {
        let what = corrected.wasMissing ? "gone" : corrected.fields.joined(separator: ", ")
        let who =
            row.who.isEmpty ? "by somebody unknown" : "by \(row.who.joined(separator: ", "))"
        let changed = what.isEmpty ? "changed \(who)" : corrected.wasMissing ? what : "\(what) \(who)"
        return corrected.corrector.map { "\(changed), put back by \($0)" } ?? "\(changed), gone without Flux"
    }
}
