import Chrono
import Dashboard
import HashTreeCollections
import Keys
import Kube
import Screen
import Testing
import Views

/// What the drift view, the drift tab and the questions before a change say of drift.
struct DriftWordsTests {
    private static let cluster = ClusterID("dev")
    private static let now = SampleFleet.now
    private static let entry = InventoryEntry(
        namespace: "shop",
        name: "api",
        group: "apps",
        kind: "Deployment",
        version: "v1"
    )

    private static func ref(_ kind: FluxKind) -> ObjectRef {
        ObjectRef(cluster: cluster, group: kind.group, kind: kind.kind, namespace: "shop", name: "web")
    }

    private static func applier(
        _ kind: FluxKind,
        _ change: (inout FluxResource) -> Void = { _ in }
    ) -> FluxResource {
        var resource = FluxResource(ref: ref(kind), kind: kind, state: .ready)
        resource.interval = .seconds(600)
        resource.conditions = [
            Condition(type: "Ready", status: .yes, reason: "", message: "", lastTransition: now)
        ]
        resource.applier = ApplierFacts(lastApplied: Revision("main@sha1:\(SampleFleet.commit("9f2c1ab"))"))
        change(&resource)
        return resource
    }

    private static func hand(
        _ nature: DriftHand.Nature = .edited,
        _ manager: String = "kubectl",
        fields: [String] = ["spec.replicas"],
        count: Int = 1
    ) -> DriftHand {
        DriftHand(
            nature: nature,
            manager: manager,
            name: manager,
            fields: fields,
            fieldCount: count,
            time: nil,
            returns: true
        )
    }

    private static func snapshot(_ applier: FluxResource, _ hands: [DriftHand]) -> ClusterSnapshot {
        var snapshot = ClusterSnapshot(id: cluster, link: .live)
        snapshot.confirmed = now
        snapshot.kinds = [.kustomization: .watching, .helmRelease: .watching]
        snapshot.knowsObjects = true
        snapshot.resources[applier.ref] = applier
        if !hands.isEmpty {
            snapshot.drifted = [
                ObjectDrift(entry: entry, applier: applier.ref, hands: hands, seen: now)
            ]
        }
        return snapshot
    }

    private static func state(
        _ snapshot: ClusterSnapshot,
        isReadOnly: Bool = false,
        size: Size = Size(columns: 80, rows: 24)
    ) -> AppState {
        var state = AppState(
            profiles: [ClusterProfile(id: cluster)],
            isReadOnly: isReadOnly,
            columns: size.columns,
            rows: size.rows
        )
        _ = reduce(&state, .clusterChanged(snapshot), now: now)
        type("6", &state)
        return state
    }

    private static func type(_ keys: String, _ state: inout AppState) {
        for key in keys {
            _ = reduce(&state, .keyPressed(key == "\n" ? .enter : .character(key)), now: now)
        }
    }

    private static func text(_ state: AppState, _ size: Size = Size(columns: 80, rows: 24)) -> String {
        render(state, size: size, glyphs: .unicode, now: now).frame.plainText()
    }

    @Test(arguments: [
        ("R", "puts nothing back until its next release: Deployment shop/api"),
        ("s", "stays until it is resumed, and then until its next release:"),
        ("F", "puts back with a new release: Deployment shop/api"),
    ])
    func `the question about a release says that its drift is not corrected`(key: String, words: String) {
        var state = Self.state(Self.snapshot(Self.applier(.helmRelease), [Self.hand()]))
        Self.type(key, &state)
        let dialog = Self.text(state)
        #expect(dialog.contains(words), "\(dialog)")
        #expect(dialog.contains("Deployment shop/api"), "\(dialog)")
    }

    @Test(arguments: [
        ("", "puts back: Deployment shop/api"),
        ("DependencyNotReady", "puts nothing back until its dependency is ready: Deployment shop/api"),
        ("BuildFailed", "puts nothing back until it builds again: Deployment shop/api"),
    ])
    func `the question before a resync promises what the run can do`(reason: String, words: String) {
        let applier = Self.applier(.kustomization) { resource in
            guard !reason.isEmpty else {
                return
            }
            resource.state = reason == "DependencyNotReady" ? .waiting : .failed
            resource.conditions = [
                Condition(type: "Ready", status: .no, reason: reason, message: "", lastTransition: Self.now)
            ]
        }
        var state = Self.state(Self.snapshot(applier, [Self.hand()]))
        let view = Self.text(state, Size(columns: 120, rows: 40))
        #expect(view.contains("stays: until") == !reason.isEmpty, "\(view)")
        Self.type("R", &state)
        let dialog = Self.text(state)
        #expect(dialog.contains(words), "\(dialog)")
    }

    @Test func `an edit made after a comparison is not held against it`() throws {
        let applier = Self.applier(.helmRelease)
        var state = Self.state(Self.snapshot(applier, [Self.hand(.edited, "kubectl-edit")]))
        let effects = reduce(&state, .keyPressed(.character("D")), now: Self.now)
        for case .compareExactly(let question, let ticket) in effects {
            let answer = ExactDrift(
                applier: question.applier,
                basis: .release("web.v1"),
                renderer: "Helm",
                asked: Self.now,
                findings: [ExactDrift.Finding(entry: Self.entry, outcome: .same)],
                remarks: []
            )
            _ = reduce(&state, .exactlyCompared(question.applier, .success(answer), ticket), now: Self.now)
        }
        let fresh = Self.text(state)
        #expect(fresh.contains("Flux would change nothing of it"), "\(fresh)")
        #expect(!fresh.contains("From field ownership alone"), "\(fresh)")
        let edited = Self.snapshot(applier, [Self.hand(.edited, "kubectl-edit"), Self.hand()])
        _ = reduce(&state, .clusterChanged(edited), now: Self.now)
        let stale = Self.text(state)
        #expect(!stale.contains("Flux would change nothing of it"), "\(stale)")
        #expect(stale.contains("it changed since it was compared"), "\(stale)")
        #expect(stale.contains("1 changed since"), "\(stale)")
        // What was put back is not what was compared either.
        _ = reduce(&state, .clusterChanged(Self.snapshot(applier, [])), now: Self.now)
        #expect(Self.text(state).contains("1 changed since"))
    }

    @Test func `what kubectl apply leaves on an object is kubectl's`() throws {
        let apply = Self.hand(.edited, "kubectl-client-side-apply", fields: ["data.a"])
        var state = Self.state(Self.snapshot(Self.applier(.helmRelease), [apply]))
        let effects = reduce(&state, .keyPressed(.character("D")), now: Self.now)
        let note = "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]"
        for case .compareExactly(let question, let ticket) in effects {
            let fields = ["data.a", note].map { FieldDifference(path: $0, desired: nil, live: "b") }
            let answer = ExactDrift(
                applier: question.applier,
                basis: .release("web.v1"),
                renderer: "Helm",
                asked: Self.now,
                findings: [ExactDrift.Finding(entry: Self.entry, outcome: .differs(fields))],
                remarks: []
            )
            _ = reduce(&state, .exactlyCompared(question.applier, .success(answer), ticket), now: Self.now)
        }
        let tab = Self.text(state, Size(columns: 120, rows: 40))
        #expect(tab.contains("metadata.annotations[kubectl"), "\(tab)")
        #expect(!tab.contains("is not on record"), "\(tab)")
    }

    @Test func `a removal counts its fields, and calls none of them more`() {
        let removed = Self.hand(.removed, "", fields: [], count: 2)
        var state = Self.state(Self.snapshot(Self.applier(.kustomization), [removed]))
        Self.type("\n", &state)
        let tab = Self.text(state)
        #expect(tab.contains("2 fields") && !tab.contains("2 more fields"), "\(tab)")
    }

    @Test(arguments: [false, true])
    func `D is offered where it compares`(isReadOnly: Bool) {
        var state = Self.state(
            Self.snapshot(Self.applier(.kustomization), [Self.hand()]),
            isReadOnly: isReadOnly
        )
        #expect(Self.text(state).contains("D diff") == !isReadOnly)
        Self.type("\n", &state)
        #expect(Self.text(state).contains("D diff") == !isReadOnly)
    }

    @Test func `the view names what was not compared whole, and why`() {
        var snapshot = Self.snapshot(Self.applier(.kustomization), [Self.hand()])
        snapshot.blindSpots = ["Widget: may not be listed"]
        let size = Size(columns: 120, rows: 40)
        let view = Self.text(Self.state(snapshot, size: size), size)
        #expect(view.contains("dev not compared whole: Widget: may not be listed"), "\(view)")
    }

    @Test func `a wide screen shows names and paths whole`() {
        let size = Size(columns: 200, rows: 60)
        let hand = DriftHand(
            nature: .extra,
            manager: "",
            name: "a program without a name",
            fields: ["spec.template.spec.containers[api].resources.limits.memory"],
            fieldCount: 1,
            time: nil,
            returns: true
        )
        let view = Self.text(
            Self.state(Self.snapshot(Self.applier(.kustomization), [hand]), size: size),
            size
        )
        #expect(view.contains(" a program without a name"), "\(view)")
        #expect(view.contains(" spec.template.spec.containers[api].resources.limits.memory"), "\(view)")
    }

    @Test func `a place in Git keeps its line, however long the path is`() {
        let size = Size(columns: 80, rows: 24)
        var sample = SampleFleet()
        sample.manifests = "clusters/production/europe/applications/checkout/overlays/blue/kustomization.yaml"
        var scene = Scene(size, sample: sample)
        scene.type(":drift<Enter>/kind:deployment<Enter>g<Enter>")
        let tab = Self.text(scene.state)
        #expect(tab.contains("/kustomization.yaml:14"), "\(tab)")
    }
}
