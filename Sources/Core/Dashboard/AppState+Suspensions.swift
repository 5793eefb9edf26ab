package import Chrono
import Configuration
import Git
import HashTreeCollections
import Keys
package import Kube

// Suspensions, so that none is forgotten.
extension AppState {
    /// Why weir suspends an image automation before it pushes.
    static func botReason(_ short: String) -> String {
        "\(botReasonStart) of \(short) takes back"
    }

    private static let botReasonStart = "would redo what the revert"

    /// Says once, when a cluster is first seen whole, which image automations a rollback of before left suspended.
    mutating func tellForgotten(_ snapshot: ClusterSnapshot, _ now: Timestamp) {
        guard snapshot.link == .live, snapshot.isComplete,
            rollouts.lookedThrough.insert(snapshot.id).inserted
        else {
            return
        }
        let left = snapshot.resources.values.filter { resource in
            resource.isSuspended && resource.automation != nil
                && resource.suspendReason?.hasPrefix(AppState.botReasonStart) == true
        }.sorted { $0.ref < $1.ref }
        guard let first = left.first else {
            return
        }
        let names = left.map(\.ref.path).joined(separator: ", ")
        let since = first.suspendedSince.map { " for \(now.since($0).age)" } ?? ""
        let by = first.suspendedBy.map { " by \($0)" } ?? ""
        let key = settings.keymap.keys(for: .resume).first?.notation ?? ":resume"
        let next = isReadOnly(snapshot.id) ? "" : "; resume with \(key) when it is safe"
        notice(
            "\(names) on \(profile(snapshot.id).displayName) suspended\(since)\(by) for a rollback\(next)",
            .problem,
            now
        )
    }

    /// Everything that is suspended on any cluster, the longest first, those of unknown age last.
    var suspensions: [FluxResource] {
        var found: [FluxResource] = []
        for picture in clusters.values where picture.summary.counts[.suspended] > 0 {
            found += picture.snapshot.resources.values.filter(\.isSuspended)
        }
        return found.sorted { left, right in
            switch (left.suspendedSince, right.suspendedSince) {
            case (let one?, let two?) where one != two: one < two
            case (.some, nil): true
            case (nil, .some): false
            default: left.ref < right.ref
            }
        }
    }
}

extension FluxResource {
    /// Who suspended it and why, `by sre: upgrade`; nil where nobody told.
    package var suspensionWords: String? {
        let words = [suspendedBy.map { "by \($0)" }, suspendReason].compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: ": ")
    }

    /// Who suspended it, why and how long ago, `by sre: upgrade, 3h ago`; nil where nobody told.
    package func suspensionRemark(_ now: Timestamp) -> String? {
        let since = suspendedSince.map { "\(now.since($0).age) ago" }
        let words = [suspensionWords, since].compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }
}
