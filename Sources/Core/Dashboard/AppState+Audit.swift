import Chrono
import Kube

// The audit view.
extension AppState {
    mutating func takeAudit(_ result: Result<[AuditEntry], ActionFailure>, _ now: Timestamp) {
        stopAwaiting(.audit)
        switch result {
        case .success(let entries):
            audit.entries = entries
            audit.read = now
            audit.generation += 1
            audit.problem = nil
        case .failure(let failure):
            // What was read before stays; the reason is shown beside it.
            audit.problem = failure.message
        }
    }

    /// Notes that the ledger has something that the view may not have.
    mutating func noteAudit(_ event: Event, _ now: Timestamp) {
        switch event {
        case .reconcileRequested, .suspensionChanged, .pushed: audit.isStale = true
        case .timePassed:
            if let read = audit.read, now.since(read) > AuditState.patience {
                audit.isStale = true
            }
        default: break
        }
    }

    /// Asks for the ledger while the view is shown and may be out of date.
    mutating func auditEffects() -> [Effect] {
        let wanted = audit.filter.asksForDryRuns
        guard screen == .audit, audit.isStale || audit.hasDryRuns != wanted, awaited[.audit] == nil else {
            return []
        }
        audit.isStale = false
        audit.hasDryRuns = wanted
        return [.loadAudit(limit: AuditState.limit, withDryRuns: wanted, ask(.audit))]
    }

    mutating func settleAudit() {
        let basis = AuditState.Basis(generation: audit.generation, filter: audit.filter)
        guard basis != audit.basis else {
            return
        }
        audit.basis = basis
        audit.rows = audit.entries.filter { entry in
            basis.filter.isEmpty || basis.filter.matches(subject(of: entry))
        }
        audit.cursor.settle(in: audit.rows.map(\.change), height: listHeight)
    }

    private func subject(of entry: AuditEntry) -> FilterSubject {
        FilterSubject(
            name: entry.subject,
            state: entry.result ?? "open",
            cluster: clusterName(entry),
            texts: [entry.who, entry.identity, entry.action, entry.plan, entry.message],
            managers: [entry.who, entry.identity],
            age: moment.map { $0.since(entry.at) }
        )
    }

    /// The name by which the screen calls the cluster of a change; empty for a change of Git.
    package func clusterName(_ entry: AuditEntry) -> String {
        profiles.first { $0.id.name == entry.cluster }?.displayName ?? entry.cluster
    }
}

extension Filter {
    /// True where the dry runs of exact drift are looked for, which are left out otherwise.
    fileprivate var asksForDryRuns: Bool {
        terms.contains { term in
            [.any, .name].contains(term.field) && !term.isNegated
                && term.values.contains { $0.count > 2 && "dry run".hasPrefix($0) }
        }
    }
}
