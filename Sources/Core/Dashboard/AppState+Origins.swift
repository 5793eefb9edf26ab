import Git
import Kube

// Which file and line say otherwise than the cluster: what to change where a difference should stay.
extension AppState {
    /// Objects that are looked for at once.
    private static let originLimit = 30

    /// Asks the mirror for the lines behind what the open drift tab shows, where that changed.
    mutating func neededOrigins() -> [Effect] {
        guard case .resource(let ref) = screen, let open = resource, open.tab == .drift,
            let question = originQuestion(of: ref), question != open.originsAsked
        else {
            return []
        }
        resource?.originsAsked = question
        return [.locate(question, ask(.origins))]
    }

    /// Takes lines that were looked for, for whichever list or tab asked.
    mutating func takeLocated(
        _ result: Result<[InventoryEntry: ManifestOrigins], ActionFailure>,
        _ ticket: Ticket
    ) {
        guard awaited[.origins] == ticket else {
            return takeDeclaration((try? result.get()) ?? [:])
        }
        stopAwaiting(.origins)
        switch result {
        case .success(let found):
            resource?.origins = found
            resource?.originsProblem = nil
        case .failure(let failure):
            resource?.origins = [:]
            resource?.originsProblem = failure.message
        }
    }

    private func originQuestion(of ref: ObjectRef) -> ManifestQuestion? {
        guard let applier = self.resource(ref), applier.kind == .kustomization,
            let commit = applier.appliedCommit,
            let track = clusters[ref.cluster]?.track(of: ref)
        else {
            return nil
        }
        var fields: [InventoryEntry: [String]] = [:]
        var order: [InventoryEntry] = []
        func add(_ entry: InventoryEntry, _ paths: [String]) {
            if fields[entry] == nil {
                order.append(entry)
            }
            let known = fields[entry] ?? []
            fields[entry] = known + paths.filter { !known.contains($0) }
        }
        for row in drift(of: ref) {
            switch row.kind {
            case .object(let drift): add(drift.entry, drift.hands.flatMap(\.fields))
            case .missing(let entry): add(entry, [])
            case .source, .rewritten, .apply, .helm, .index, .corrected: break
            }
        }
        if case .answered(let exact)? = exactStanding(of: ref) {
            for finding in exact.differing {
                guard case .differs(let differences) = finding.outcome else {
                    add(finding.entry, [])
                    continue
                }
                add(finding.entry, differences.map(\.path))
            }
        }
        guard !order.isEmpty else {
            return nil
        }
        return ManifestQuestion(
            repository: track.repository,
            commit: commit,
            path: track.path,
            targets: order.prefix(AppState.originLimit).map {
                ManifestQuestion.Target(entry: $0, fields: fields[$0] ?? [])
            },
            transforms: applier.applier?.transforms ?? []
        )
    }

    /// The file behind the drift that is shown, where one was found: its commits are what explains it.
    var originFile: String? {
        guard case .resource = screen, let open = resource, open.tab == .drift,
            let asked = open.originsAsked
        else {
            return nil
        }
        let found = asked.targets.compactMap { target -> ManifestPlace? in
            let origins = open.origins[target.entry]
            return target.fields.lazy.compactMap { origins?.fields[$0] }.first ?? origins?.object
        }
        return found.first?.file
    }
}
