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
    /// How far back a sighting counts that no end followed.
    private static let openMemory = Duration.seconds(30 * 24 * 3600)

    private let desk: LedgerDesk?

    init(_ desk: LedgerDesk?) {
        self.desk = desk
    }

    /// Tells the state what was put back lately, and when drift began that may be open still.
    func remember(_ mailbox: Mailbox) {
        guard let desk else {
            mailbox.post(.remembered(DriftMemory()))
            return
        }
        let now = SystemClock.now
        desk.ask { ledger throws(LedgerFailure) in
            DriftMemory(
                corrected: try ledger.corrections(since: now.advanced(by: .zero - SightingLog.memory)),
                open: try ledger.openDrift(since: now.advanced(by: .zero - SightingLog.openMemory))
            )
        } then: { result in
            mailbox.post(.remembered((try? result.get()) ?? DriftMemory()))
        }
    }

    /// Notes what is new in a snapshot; names that only the ledger has, and what is open no more, come back to the state.
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
                if !corrected.isEmpty {
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
