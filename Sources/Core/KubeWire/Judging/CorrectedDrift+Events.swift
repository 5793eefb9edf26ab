import Chrono
package import Kube

extension CorrectedDrift {
    /// What Flux put back by the word of its own Events; nobody's name is in them.
    ///
    /// - Source: kustomize-controller tells of objects that a run changed. Where the revision of the Event had
    ///   been applied before, the run changed them because they differed. helm-controller says so itself.
    package static func told(by event: FluxEvent, of resource: FluxResource) -> [CorrectedDrift] {
        guard let applier = resource.applier else {
            return []
        }
        switch (resource.kind, event.reason) {
        case (.kustomization, _) where !event.isWarning:
            guard
                let run = applier.history.first(where: { $0.revision == event.revision }),
                let first = run.firstReconciled, event.revision != nil, event.at > first
            else {
                return []
            }
        case (.helmRelease, "DriftCorrected"): break
        default: return []
        }
        let entries = Dictionary(
            applier.inventory.map { (words($0), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let parts = event.message.split { $0 == "\n" || $0 == " " }
        return zip(parts, parts.dropFirst()).compactMap { object, action in
            guard action == "configured" || action == "created", let entry = entries[String(object)] else {
                return nil
            }
            return CorrectedDrift(
                entry: entry,
                applier: resource.ref,
                by: [],
                fields: [],
                wasMissing: action == "created",
                began: nil,
                ended: event.at,
                ending: .putBack
            )
        }
    }

    private static func words(_ entry: InventoryEntry) -> String {
        entry.namespace.isEmpty
            ? "\(entry.kind)/\(entry.name)" : "\(entry.kind)/\(entry.namespace)/\(entry.name)"
    }
}
