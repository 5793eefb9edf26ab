import Chrono
import Kube

extension DriftRow {
    /// What a filter finds in the row.
    func filterSubject(cluster: String, now: Timestamp?) -> FilterSubject {
        var subject = FilterSubject(
            about,
            kind: FluxKind.of(group: about.group, kind: about.kind),
            state: .unknown,
            cluster: cluster
        )
        subject.managers = who
        subject.age = (since ?? notBefore).flatMap { since in now.map { $0.since(since) } }
        if let entry {
            subject.kinds.append(entry.kind)
            subject.texts = ["\(entry.namespace)/\(entry.name)"]
        }
        subject.texts += who
        switch kind {
        case .source, .rewritten, .index: subject.state = "source"
        case .apply: subject.state = "apply"
        case .missing: subject.state = "missing"
        case .helm(let message):
            subject.state = "helm"
            subject.texts = [message]
        case .object(let drift):
            subject.state = drift.hands.first?.nature.rawValue ?? ""
            subject.managers += drift.hands.map(\.manager)
            subject.texts += drift.hands.flatMap(\.fields)
        case .corrected(let corrected):
            subject.state = "corrected"
            subject.texts += corrected.fields
        }
        return subject
    }
}
