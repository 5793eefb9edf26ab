import Chrono
import Kube
import KubeWire
import Testing

/// Objects that an inventory names and that carry their applier's name no more.
struct StrayTests {
    private let entry = InventoryEntry(
        namespace: "apps-002",
        name: "catalog-0057",
        group: "apps",
        kind: "Deployment",
        version: "v1"
    )
    private let label = "metadata.labels[kustomize.toolkit.fluxcd.io/name]"

    private func isStray(
        _ tracker: inout DriftTracker,
        _ object: ObjectMetadata,
        of ref: ObjectRef = DriftSample.applier().ref,
        since onset: Onset = .unknown
    ) -> Bool {
        tracker.looked(at: entry, object, of: ref, since: onset, now: DriftSample.start)
    }

    private func looked(_ name: String) throws -> ObjectMetadata {
        let reader = AnswerReader<ObjectMetadata>(cluster: prod, readsOwnership: true, family: .kustomization)
        return try #require(reader.object(try Recording(name: "\(name)-metadata").body))
    }

    @Test func `a lost owner label is drift until it is back`() throws {
        var tracker = try DriftSample.tracker(["601-deployment-clean"])
        tracker.vanished(DriftSample.sight, ObjectName(namespace: entry.namespace, name: entry.name))
        let object = try looked("609-deployment-kubectl-label-remove")
        #expect(
            isStray(&tracker, object, of: DriftSample.applier().ref, since: .at(DriftSample.start)) == true
        )
        tracker.judge(now: DriftSample.start)
        let drift = try #require(tracker.drifted.first)
        #expect(drift.fields == [label] && drift.hands.map(\.nature) == [.removed] && !drift.isQuiet)
        #expect(drift.onset == .at(DriftSample.start) && drift.applier == DriftSample.applier().ref)
        let later = DriftSample.start.advanced(by: .seconds(60))
        tracker.changed(
            DriftSample.sight,
            try DriftSample.recorded("601-deployment-clean"),
            in: prod,
            now: later
        )
        tracker.judge(now: later)
        #expect(tracker.drifted.isEmpty && tracker.takeEnded().map(\.fields) == [[label]])
    }

    @Test func `edits of an object without its label show with their hands`() throws {
        var tracker = try DriftSample.tracker(["601-deployment-clean"])
        let object = try looked("603-deployment-kubectl-edit")
        // As it is, its label names its applier.
        #expect(isStray(&tracker, object, of: DriftSample.applier().ref, since: .unknown) == false)
        var other = DriftSample.applier()
        other = FluxResource(
            ref: ObjectRef(
                cluster: prod,
                group: FluxKind.kustomizeGroup,
                kind: "Kustomization",
                namespace: "apps-002",
                name: "other"
            ),
            kind: .kustomization,
            state: .ready
        )
        other.applier = DriftSample.applier().applier
        tracker.applierChanged(other)
        // Both name it, and so it is the one's whose name it carries.
        #expect(isStray(&tracker, object, of: other.ref, since: .unknown) == false)
        var mine = DriftSample.applier()
        mine.applier?.inventory = Inventory()
        tracker.applierChanged(mine)
        #expect(isStray(&tracker, object, of: other.ref, since: .unknown) == true)
        tracker.judge(now: DriftSample.start)
        #expect(
            DriftSample.words(tracker).first?.hasPrefix("edited kubectl edit: \(DriftSample.image)") == true
        )
        #expect(DriftSample.words(tracker).last == "removed : \(label)")
        // The other applier may be about to name it.
        mine.conditions = [Condition(type: "Ready", status: .unknown, reason: "x")]
        tracker.applierChanged(mine)
        #expect(isStray(&tracker, object, of: other.ref, since: .unknown) == false)
        tracker.judge(now: DriftSample.start)
        #expect(tracker.drifted.isEmpty)
    }

    @Test func `what is gone, let alone or not watched any more is no stray`() throws {
        let object = try looked("609-deployment-kubectl-label-remove")
        for end in 0..<3 {
            var tracker = try DriftSample.tracker(["601-deployment-clean"])
            #expect(isStray(&tracker, object, of: DriftSample.applier().ref, since: .unknown) == true)
            tracker.judge(now: DriftSample.start)
            #expect(tracker.drifted.count == 1)
            switch end {
            case 0: tracker.lookedInVain(for: entry, of: DriftSample.applier().ref)
            case 1: tracker.lostSight(of: DriftSample.sight)
            default: tracker.applierRemoved(DriftSample.applier().ref)
            }
            tracker.judge(now: DriftSample.start)
            #expect(tracker.drifted.isEmpty)
        }
    }
}
