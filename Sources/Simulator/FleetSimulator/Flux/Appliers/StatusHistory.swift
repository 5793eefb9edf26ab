/// `status.history` of appliers: one entry for each built content and outcome, newest first.
///
/// - Source: FLUX.md 1.5 (`apis/meta/history.go`): deduplicated on digest and status, at most five.
enum StatusHistory {
    static let limit = 5

    /// The history after one more run.
    static func adding(
        _ digest: String,
        outcome: String,
        duration: Double,
        metadata: [String: String],
        to history: [JSON]
    ) -> [JSON] {
        let now = JSON.string(SimulatedTime.text())
        var rest = history
        var entry: JSON = [
            "digest": .string(digest), "firstReconciled": now, "lastReconciledStatus": .string(outcome),
            "totalReconciliations": 0,
        ]
        if let index = rest.firstIndex(where: {
            $0["digest"]?.string == digest && $0["lastReconciledStatus"]?.string == outcome
        }) {
            entry = rest.remove(at: index)
        }
        entry["lastReconciled"] = now
        entry["lastReconciledDuration"] = .string(GoDuration.text(duration))
        entry["totalReconciliations"] = .int((entry["totalReconciliations"]?.int ?? 0) + 1)
        entry["metadata"] = .map(metadata)
        return Array(([entry] + rest).prefix(limit))
    }
}
