import Chrono
import Configuration
import Git
import Keys
package import Kube

// What was done last, and the way back.
extension AppState {
    mutating func undo(_ now: Timestamp) -> [Effect] {
        guard !isReadOnly else {
            notice(AppState.readOnlySentence, .problem, now)
            return []
        }
        switch undoables.last {
        case nil: notice("there is nothing to undo: nothing was changed from here", .told, now)
        case .suspended(let refs): confirmSuspension(false, of: refs, isUndo: true, now)
        case .resumed(let refs, let reasons):
            confirmSuspension(true, of: refs, isUndo: true, reason: reasons.values.min() ?? "", now)
        case .pushed(let receipt): return startRevert(of: receipt, now)
        }
        return []
    }

    /// What undo would take back, in a clause; nil where there is nothing.
    package var undoWords: String? {
        func named(_ refs: [ObjectRef]) -> String {
            guard let only = refs.first, refs.count == 1 else {
                return "\(refs.count) resources"
            }
            return "\(only.path) on \(profile(only.cluster).displayName)"
        }
        return switch undoables.last {
        case nil: nil
        case .suspended(let refs): "resume \(named(refs))"
        case .resumed(let refs, _): "suspend \(named(refs)) again"
        case .pushed(let receipt): "revert \(Revision.cut(receipt.commit)) on \(receipt.branch)"
        }
    }

    /// A suspension that failed is nothing to undo.
    mutating func forgetUndo(of ref: ObjectRef) {
        undoables = undoables.compactMap { undoable in
            switch undoable {
            case .suspended(let refs):
                let rest = refs.filter { $0 != ref }
                return rest.isEmpty ? nil : .suspended(rest)
            case .resumed(let refs, let reasons):
                let rest = refs.filter { $0 != ref }
                return rest.isEmpty ? nil : .resumed(rest, reasons: reasons)
            case .pushed: return undoable
            }
        }
    }

    /// Image automations that were suspended for an earlier push and are so still: undoing the push does not
    /// resume them.
    func heldBots(of receipt: PushReceipt) -> [ObjectRef] {
        let pushes = rollouts.convergences.filter { $0.receipt == receipt }
        return pushes.flatMap { rollouts.bots[$0.id] ?? [] }.filter { resource($0)?.isSuspended == true }
    }

    /// Says which image automations stay suspended whatever becomes of the commit; nil where none does.
    package func heldSentence(_ bots: [ObjectRef]) -> String? {
        guard !bots.isEmpty else {
            return nil
        }
        let names = bots.map { "\($0.path) on \(profile($0.cluster).displayName)" }.joined(separator: ", ")
        let key = settings.keymap.keys(for: .resume).first?.notation ?? ":resume"
        let isOne = bots.count == 1
        return
            "\(names) \(isOne ? "stays" : "stay") suspended, as the rollback left \(isOne ? "it" : "them"): "
            + "\(key) resumes \(isOne ? "it" : "them")"
    }
}
