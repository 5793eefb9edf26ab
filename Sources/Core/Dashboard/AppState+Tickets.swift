import Chrono

extension AppState {
    /// True for events that answer nothing, and for answers that are still awaited.
    func isAwaited(_ event: Event) -> Bool {
        switch event {
        case .logLoaded(_, let ticket): awaited[.log] == ticket
        case .diffLoaded(_, _, let ticket): awaited[.diff] == ticket
        case .revertPlanned(_, let ticket): awaited[.plan] == ticket
        case .pushed(_, let ticket): awaited[.push] == ticket
        case .objectLoaded(_, _, let ticket): awaited[.object] == ticket
        case .auditLoaded(_, let ticket): awaited[.audit] == ticket
        case .logTold(_, let ticket): awaited[.controllerLog] == ticket
        case .located(_, let ticket): [awaited[.origins], awaited[.declaration]].contains(ticket)
        case .exactlyCompared(let ref, _, let ticket): exact.awaited[ref] == ticket
        case .exactProgressed(let ref, _, let ticket): exact.awaited[ref] == ticket
        default: true
        }
    }

    /// Draws a ticket; the answer to an earlier question of the kind is not awaited any more.
    mutating func ask(_ question: Question) -> Ticket {
        lastTicket += 1
        awaited[question] = Ticket(lastTicket)
        return Ticket(lastTicket)
    }

    mutating func stopAwaiting(_ question: Question) {
        awaited[question] = nil
    }

    /// A token that no other request had, in the form that `flux` writes.
    mutating func token(_ now: Timestamp) -> String {
        lastToken = max(now.nanoseconds, lastToken + 1)
        return Timestamp(nanoseconds: lastToken).rfc3339Nano
    }
}
