import Configuration
import Keys

// Leaving, but not with changes that were ordered and have not left yet.
extension AppState {
    /// Quits, or waits with it until what was ordered has been sent; the second time it leaves at once.
    mutating func quit() -> [Effect] {
        guard unsent > 0, !isLeaving else {
            return [.quit]
        }
        isLeaving = true
        return []
    }

    /// Ordered changes whose turn has not come or that nobody has answered yet.
    var unsent: Int {
        changesOnTheWay + resyncs.all.count { $0.phase == .queued || $0.phase == .resuming }
    }

    /// Why weir is still there though it was told to quit, and what can be done; nil where it was not.
    package var leavingWords: String? {
        guard isLeaving else {
            return nil
        }
        let count = unsent
        let key = settings.keymap.keys(for: .backOrQuit).first ?? settings.keymap.keys(for: .quit).first
        let again = key.map { "\($0.notation) again" } ?? ":quit again"
        return "sending \(count) change\(count == 1 ? "" : "s") before weir quits; "
            + "\(again) quits without, another key stays"
    }

    /// Counts the changes that go out and their answers; one that failed is to be read before weir quits.
    mutating func countAnswer(_ event: Event) {
        var isFailure = false
        switch event {
        case .reconcileRequested(_, _, .success), .suspensionChanged(_, _, .success), .pushed(.success, _):
            break
        case .reconcileRequested, .suspensionChanged, .pushed: isFailure = true
        default: return
        }
        changesOnTheWay = max(0, changesOnTheWay - 1)
        if isFailure {
            isLeaving = false
        }
    }

    /// Quits as soon as everything has left that was ordered before.
    mutating func quitWhenSent(_ effects: [Effect]) -> [Effect] {
        changesOnTheWay += effects.count(where: \.isOrderedChange)
        guard isLeaving, unsent == 0 else {
            return []
        }
        isLeaving = false
        return [.quit]
    }
}

extension Effect {
    /// True for what changes a cluster or Git; a dry run changes nothing.
    var isOrderedChange: Bool {
        switch self {
        case .requestReconcile, .setSuspended, .commitAndPush: true
        default: false
        }
    }
}
