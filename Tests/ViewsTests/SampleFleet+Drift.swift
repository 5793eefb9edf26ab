import Chrono
import Kube

extension SampleFleet {
    private func entry(_ kind: String, _ group: String, _ name: String) -> InventoryEntry {
        InventoryEntry(
            namespace: taint("checkout"),
            name: taint(name),
            group: group,
            kind: kind,
            version: "v1"
        )
    }

    private func hand(
        _ nature: DriftHand.Nature,
        _ manager: String,
        _ name: String,
        _ fields: [String],
        since: Int64?,
        returns: Bool?
    ) -> DriftHand {
        DriftHand(
            nature: nature,
            manager: taint(manager),
            name: taint(name),
            fields: fields.map(taint),
            fieldCount: max(1, fields.count),
            time: since.map(SampleFleet.ago),
            returns: returns
        )
    }

    /// Hand edits of an applier's objects, and what was put back before.
    func objectDrift(of applier: ObjectRef) -> (drifted: [ObjectDrift], corrected: [CorrectedDrift]) {
        let scaled = hand(.edited, "kubectl", "kubectl scale", ["spec.replicas"], since: nil, returns: nil)
        let edited = hand(
            .edited,
            "kubectl-edit",
            "kubectl edit",
            [
                "spec.template.spec.containers[api].image",
                "spec.template.spec.containers[api].env[LOG_LEVEL].value",
            ],
            since: 240,
            returns: true
        )
        let added = hand(
            .extra,
            "acme-operator",
            "acme-operator",
            ["spec.template.spec.dnsPolicy"],
            since: 9_000,
            returns: false
        )
        let drifted = [
            ObjectDrift(
                entry: entry("Deployment", "apps", "api"),
                applier: applier,
                hands: [edited, scaled],
                seen: SampleFleet.ago(200)
            ),
            ObjectDrift(
                entry: entry("Deployment", "apps", "worker"),
                applier: applier,
                hands: [added],
                seen: SampleFleet.ago(200)
            ),
        ]
        let corrected = [540, 1_200, 2_400].map { seconds in
            CorrectedDrift(
                entry: entry("Service", "", "api"),
                applier: applier,
                by: [taint("kubectl edit")],
                fields: [taint("spec.ports")],
                wasMissing: false,
                began: nil,
                ended: SampleFleet.ago(seconds),
                ending: .putBack
            )
        }
        return (drifted, corrected)
    }
}
