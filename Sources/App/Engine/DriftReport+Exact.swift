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
        for ref in refs.sorted() {
            switch state.exactStanding(of: ref) {
            case nil, .asking: failures["no answer in time", default: []].append(ref.description)
            case .failed(let why): failures[why, default: []].append(ref.description)
            case .answered(let drift):
                for finding in drift.findings {
                    compared += finding.outcome.isCompared ? 1 : 0
                    add(finding, of: drift, ref)
                    if case .unknown(let why) = finding.outcome {
                        failures[why, default: []].append(finding.entry.ref(in: ref.cluster).description)
                    }
                }
                remarks = (remarks ?? []) + drift.remarks.map { "\(ref.description): \($0)" }
            }
        }
        exactlyCompared = compared
        for (why, names) in failures.sorted(by: { $0.key < $1.key }) {
            let rest = names.count > 3 ? " and \(names.count - 3) more" : ""
            blindSpots.append(
                "by dry run: \(names.prefix(3).joined(separator: ", "))\(rest): \(why)"
            )
        }
        complete = blindSpots.isEmpty && complete
    }

    /// Notes what a dry run told of an object in the row that it has, or in one of its own: one object, one row.
    mutating func add(_ finding: ExactDrift.Finding, of drift: ExactDrift, _ ref: ObjectRef) {
        let object = DriftReport.Object(finding.entry.ref(in: ref.cluster))
        let applier = DriftReport.Object(ref)
        let places = self.drift.indices.filter { place in
            self.drift[place].object == object && self.drift[place].applier == applier
        }
        let place = places.first { self.drift[$0].type != "corrected" } ?? places.first
        guard let place else {
            if finding.outcome.isDifferent {
                self.drift.append(DriftReport.Row(finding, of: drift, object, ref))
            }
            return
        }
        var row = self.drift[place]
        if row.type == "corrected" {
            guard finding.outcome.isDifferent else {
                return
            }
            // It differs again, or still: what is over is not what is to be told of it.
            let own = DriftReport.Row(finding, of: drift, object, ref)
            (row.type, row.counts, row.message) = (own.type, own.counts, own.message)
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
        for other in places.reversed() where other != place && finding.outcome.isCompared {
            self.drift.remove(at: other)
        }
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
