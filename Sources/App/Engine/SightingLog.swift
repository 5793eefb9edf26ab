import Chrono
import Dashboard
import Kube
import Ledger

/// Remembers in the ledger what clusters tell of drift, before Flux erases its traces.
///
/// - Thread: the one that owns the state.
struct SightingLog {
    /// How far back corrections count when weir starts.
    private static let memory = Duration.seconds(3600)

    private let desk: LedgerDesk?

    init(_ desk: LedgerDesk?) {
        self.desk = desk
    }

    /// Tells the state what was put back before this weir began to look.
    func remember(_ mailbox: Mailbox) {
        let since = SystemClock.now.advanced(by: .zero - SightingLog.memory)
        desk?.perform { ledger throws(LedgerFailure) in
            let past = DriftMemory(
                corrected: try ledger.corrections(since: since),
                open: try ledger.openDrift()
            )
            if past != DriftMemory() {
                mailbox.post(.remembered(past))
            }
        }
    }

    /// Notes what is new in a snapshot; names that only the ledger has come back to the state.
    func note(_ new: ClusterSnapshot, after old: ClusterSnapshot?, _ mailbox: Mailbox) {
        guard let desk,
            new.drifted != old?.drifted ?? [] || new.missing != old?.missing ?? []
                || new.corrected != old?.corrected ?? []
        else {
            return
        }
        let known = Set(old?.drifted ?? [])
        let drifted = new.drifted.filter { !$0.isQuiet && !known.contains($0) }
        let ended = Set(old?.corrected ?? [])
        let corrected = new.corrected.filter { !ended.contains($0) }
        let absent = Set(old?.missing ?? [])
        let missing = new.missing.filter { !absent.contains($0) }
        let now = SystemClock.now
        guard !drifted.isEmpty || !corrected.isEmpty || !missing.isEmpty else {
            return
        }
        desk.perform { ledger throws(LedgerFailure) in
            defer {
                if corrected.contains(where: \.by.isEmpty) {
                    remember(mailbox)
                }
            }
            for drift in drifted {
                try ledger.saw(drift, at: now)
            }
            for object in missing {
                try ledger.saw(object, at: now)
            }
            for drift in corrected.reversed() {
                try ledger.saw(drift)
            }
        }
    }
}
