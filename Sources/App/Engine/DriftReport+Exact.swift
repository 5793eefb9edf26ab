import Dashboard
import Kube

extension DriftReport.Cluster {
    /// Adds what dry runs told to the rows, and what they could not tell to the blind spots.
    mutating func add(_ state: AppState, _ refs: [ObjectRef]) {
        guard !refs.isEmpty else {
            return
        }
        var compared = 0
        var failures: [String: [String]] = [:]
        var drifts: [ExactDrift] = []
        for ref in refs.sorted() {
            switch state.exactStanding(of: ref) {
            case nil, .asking: failures["no answer in time", default: []].append(ref.description)
            case .failed(let why): failures[why, default: []].append(ref.description)
            case .answered(let drift):
                for finding in drift.findings {
                    compared += finding.outcome.isCompared ? 1 : 0
                    if case .unknown(let why) = finding.outcome {
                        failures[why, default: []].append(finding.entry.ref(in: ref.cluster).description)
                    }
                }
                drifts.append(drift)
                remarks = (remarks ?? []) + drift.remarks.map { "\(ref.description): \($0)" }
            }
        }
        add(drifts)
        exactlyCompared = compared
        for (why, names) in failures.sorted(by: { $0.key < $1.key }) {
            let rest = names.count > 3 ? " and \(names.count - 3) more" : ""
            blindSpots.append(
                "by dry run: \(names.prefix(3).joined(separator: ", "))\(rest): \(why)"
            )
        }
        complete = blindSpots.isEmpty && complete
    }

    /// Notes what dry runs told of objects in the rows that they have, or in rows of their own: one object, one row.
    mutating func add(_ drifts: [ExactDrift]) {
        var places: [Subject: [Int]] = [:]
        for (place, row) in drift.enumerated() {
            if let object = row.object {
                places[Subject(applier: row.applier, object: object), default: []].append(place)
            }
        }
        var isDouble: Set<Int> = []
        for drift in drifts {
            for finding in drift.findings {
                let subject = Subject(
                    applier: DriftReport.Object(drift.applier),
                    object: DriftReport.Object(finding.entry.ref(in: drift.applier.cluster))
                )
                isDouble.formUnion(add(finding, of: drift, subject, &places[subject, default: []]))
            }
        }
        drift = drift.indices.filter { !isDouble.contains($0) }.map { drift[$0] }
    }

    /// What a row is about.
    private struct Subject: Hashable {
        let applier: DriftReport.Object
        let object: DriftReport.Object
    }

    /// Gives the rows that say the same as the one where it is noted now.
    private mutating func add(
        _ finding: ExactDrift.Finding,
        of drift: ExactDrift,
        _ subject: Subject,
        _ places: inout [Int]
    ) -> [Int] {
        let place = places.first { self.drift[$0].type != "corrected" } ?? places.first
        guard let place else {
            if finding.outcome.isDifferent {
                places.append(self.drift.count)
                self.drift.append(DriftReport.Row(finding, of: drift, subject.object, drift.applier))
            }
            return []
        }
        var row = self.drift[place]
        if row.type == "corrected" {
            guard finding.outcome.isDifferent else {
                return []
            }
            // It differs again, or still: who did what is over, and when, is not told of what is there now.
            var own = DriftReport.Row(finding, of: drift, subject.object, drift.applier)
            (own.putBackLastHour, own.putBackBy) = (row.putBackLastHour, row.putBackBy)
            own.flapping = row.flapping
            row = own
        }
        row.exact = finding.outcome.word
        row.fields = finding.outcome.fields
        if finding.outcome.isDifferent {
            row.counts = true
        } else if case .same = finding.outcome {
            // The applier itself would change nothing.
            row.counts = false
        }
        self.drift[place] = row
        guard finding.outcome.isCompared else {
            return []
        }
        defer { places = [place] }
        return places.filter { $0 != place }
    }
}

extension DriftReport.Row {
    fileprivate init(
        _ finding: ExactDrift.Finding,
        of drift: ExactDrift,
        _ object: DriftReport.Object,
        _ ref: ObjectRef
    ) {
        let fields = finding.outcome.fields ?? []
        self.init(
            type: "exact",
            counts: true,
            applier: DriftReport.Object(ref),
            object: object,
            message: fields.isEmpty ? finding.outcome.word : fields.map(\.path).joined(separator: ", "),
            who: [],
            hands: [],
            since: nil,
            comesBack: nil,
            stays: nil,
            putBackLastHour: 0,
            flapping: false,
            exact: finding.outcome.word,
            fields: fields
        )
    }
}

extension ExactDrift.Finding.Outcome {
    fileprivate var word: String {
        switch self {
        case .same: "same"
        case .differs: "differs"
        case .missing: "missing"
        case .letAlone: "let alone"
        case .unknown: "unknown"
        }
    }

    fileprivate var isDifferent: Bool {
        switch self {
        case .differs, .missing: true
        case .same, .letAlone, .unknown: false
        }
    }

    fileprivate var isCompared: Bool {
        switch self {
        case .differs, .missing, .same: true
        case .letAlone, .unknown: false
        }
    }

    fileprivate var fields: [DriftReport.Field]? {
        guard case .differs(let fields) = self else {
            return nil
        }
        return fields.map { field in
            DriftReport.Field(
                path: field.path,
                desired: field.isHidden ? nil : field.desired,
                live: field.isHidden ? nil : field.live,
                change: field.desired == nil ? "removed" : field.live == nil ? "missing" : "changed"
            )
        }
    }
}
