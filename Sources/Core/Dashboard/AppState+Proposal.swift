import Chrono
import Configuration
import Git
import Keys
import Kube

// From a resource to the commits that may have broken it.
extension AppState {
    /// Opens the log limited to what a resource is built from, at the commit that was tried last.
    ///
    /// What is not built from Git itself, as a release of a chart, is limited to the file that declares it.
    mutating func openProposal(for ref: ObjectRef, _ now: Timestamp) -> [Effect] {
        guard let track = track(for: ref) else {
            tellNoOrigin(of: ref, now)
            return []
        }
        go(to: .commits)
        stopAwaiting(.declaration)
        commits.declared = nil
        commits.applier = ref
        show(
            LogQuery(
                repository: track.repository,
                ref: track.head ?? defaultHead(of: track.repository),
                path: track.path,
                isApplierPath: true
            )
        )
        let facts = resource(ref)
        commits.proposed = facts?.applier?.lastAttempted?.commit ?? facts?.commit
        notice(proposal(ref, track), .told, now)
        return askForDeclaration(of: ref, track)
    }

    /// What the list is, and what the key does in it: nobody is to revert a commit because a list was opened at it.
    private func proposal(_ ref: ObjectRef, _ track: Track) -> String {
        let key = settings.keymap.keys(for: .rollBack).first?.notation ?? ":rollback"
        let what = track.ref == ref ? "what \(ref.path) is built from" : "what declares \(ref.path)"
        switch resource(ref)?.state {
        case .ready:
            return "\(ref.path) is ready. Commits that changed \(what); \(key) plans the revert of one"
        default:
            let marks = marks.isEmpty ? "" : "; marks of resources do not count"
            return "commits that changed \(what); \(key) plans the revert of the selected one\(marks)"
        }
    }

    /// Asks the mirror for the file in which an object stands that its applier has from Git.
    private mutating func askForDeclaration(of ref: ObjectRef, _ track: Track) -> [Effect] {
        guard track.ref != ref, !track.isSource, let commit = resource(track.ref)?.appliedCommit else {
            return []
        }
        let version = resource(ref)?.apiVersion.split(separator: "/").last.map(String.init) ?? ""
        let entry = InventoryEntry(
            namespace: ref.namespace,
            name: ref.name,
            group: ref.group,
            kind: ref.kind,
            version: version
        )
        commits.declared = commits.query.map { Declaration(entry: entry, query: $0) }
        let question = ManifestQuestion(
            repository: track.repository,
            commit: commit,
            path: track.path,
            targets: [ManifestQuestion.Target(entry: entry, fields: [])],
            transforms: resource(track.ref)?.applier?.transforms ?? []
        )
        return [.locate(question, ask(.declaration))]
    }

    /// Limits the list to the file that was found, where it is still the list that it was looked for.
    mutating func takeDeclaration(_ found: [InventoryEntry: ManifestOrigins]) {
        stopAwaiting(.declaration)
        guard let declared = commits.declared else {
            return
        }
        commits.declared = nil
        if var query = commits.query, query == declared.query, let file = found[declared.entry]?.object?.file
        {
            query.path = file
            query.isApplierPath = false
            show(query)
        }
    }
}

/// An object whose file is looked for, and the list that is to be limited to it.
struct Declaration: Hashable, Sendable {
    let entry: InventoryEntry
    let query: LogQuery
}
