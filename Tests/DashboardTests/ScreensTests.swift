import Chrono
import Dashboard
import Git
import HashTreeCollections
import Kube
import Testing

struct ScreensTests {
    private func event(_ cluster: String, _ name: String, _ seconds: Int64, isWarning: Bool = false)
        -> FluxEvent
    {
        FluxEvent(
            uid: "\(cluster)-\(name)",
            about: Sample.ref(cluster, .kustomization, "apps/\(name)"),
            at: Timestamp(seconds: seconds),
            isWarning: isWarning,
            reason: "ReconciliationFailed",
            message: "message of \(name)",
            count: 1,
            revision: nil
        )
    }

    // MARK: Matrix

    @Test func `the matrix has appliers as rows and marks the cell that differs`() {
        var rehearsal = Rehearsal(["a", "b", "c"])
        for cluster in ["a", "b", "c"] {
            rehearsal.show(
                cluster,
                [
                    Sample.source(cluster),
                    Sample.applier(cluster, "apps/x", at: cluster == "b" ? Sample.bad : Sample.old),
                ]
            )
        }
        rehearsal.type("2")
        #expect(rehearsal.state.matrix.columns.map(\.name) == ["a", "b", "c"])
        #expect(rehearsal.state.matrix.rows.map(\.name) == ["x"])
        let cells = rehearsal.state.matrixRow(rehearsal.state.matrix.rows[0]).cells
        #expect(cells[ClusterID("b")]?.isOdd == true)
        #expect(cells[ClusterID("a")]?.isOdd == false)
        #expect(cells[ClusterID("a")]?.revision == String(Sample.old.prefix(7)))
        rehearsal.type("l<Enter>")
        #expect(rehearsal.state.screen == .resource(Sample.ref("b", .kustomization, "apps/x")))
    }

    @Test func `the matrix follows changes, and rows without cells go`() {
        var rehearsal = Rehearsal(["a", "b"])
        rehearsal.show("a", [Sample.applier("a", "apps/x"), Sample.applier("a", "apps/y")])
        rehearsal.type("2j")
        #expect(rehearsal.state.matrix.cursor.selected?.name == "y")
        rehearsal.show("b", [Sample.applier("b", "apps/x", state: .failed)])
        #expect(
            rehearsal.state.matrix.rows.first.map {
                rehearsal.state.matrixRow($0).cells[ClusterID("b")]?.state
            } == .failed
        )
        rehearsal.show("a", [])
        #expect(rehearsal.state.matrix.rows.map(\.name) == ["x"])
        #expect(rehearsal.state.matrix.cursor.selected?.name == "x")
        rehearsal.type("/state:ready<Enter>")
        #expect(rehearsal.state.matrix.rows.isEmpty)
        rehearsal.type("<Enter>R*")
        #expect(rehearsal.state.screen == .matrix)
    }

    // MARK: Events

    @Test func `events of all clusters stand in one order, newest first`() {
        var rehearsal = Rehearsal(["a", "b"])
        var first = Sample.snapshot("a", [])
        first.events = [event("a", "p", 50), event("a", "q", 20), event("a", "r", 10)]
        var second = Sample.snapshot("b", [])
        second.events = [event("b", "s", 40, isWarning: true), event("b", "t", 30)]
        rehearsal.send(.clusterChanged(first))
        rehearsal.send(.clusterChanged(second))
        rehearsal.type("7")
        #expect(rehearsal.state.events.list.rows.map(\.about.name) == ["p", "s", "t", "q", "r"])
        rehearsal.type("n")
        #expect(rehearsal.state.selectedEvent?.about.name == "s")
        rehearsal.type("/state:warning<Enter>")
        #expect(rehearsal.state.events.list.rows.map(\.about.name) == ["s"])
        #expect(rehearsal.state.selectedRef == Sample.ref("b", .kustomization, "apps/s"))
        rehearsal.type("<Esc>/q<Enter>")
        #expect(rehearsal.state.events.list.rows.map(\.about.name) == ["q"])
    }

    @Test func `a selected event stays selected when newer ones come`() {
        var rehearsal = Rehearsal(["a"])
        var snapshot = Sample.snapshot("a", [])
        snapshot.events = [event("a", "p", 50), event("a", "q", 20)]
        rehearsal.send(.clusterChanged(snapshot))
        rehearsal.type("7j")
        snapshot.events.insert(event("a", "new", 60), at: 0)
        rehearsal.send(.clusterChanged(snapshot))
        #expect(rehearsal.state.selectedEvent?.about.name == "q")
        #expect(rehearsal.state.events.list.cursor.index == 2)
    }

    // MARK: Resource

    @Test func `a resource opens, goes through its tabs and leads back`() {
        var rehearsal = Rehearsal(["a"])
        let applier = Sample.applier("a", "apps/x")
        rehearsal.show("a", [applier])
        rehearsal.select(applier.ref)
        #expect(rehearsal.type("<Enter>").isEmpty)
        #expect(rehearsal.state.screen == .resource(applier.ref))
        #expect(rehearsal.state.resource?.tab == .summary)
        rehearsal.type("l")
        #expect(rehearsal.state.resource?.tab == .tree)
        rehearsal.type("hh")
        #expect(rehearsal.state.resource?.tab == .logs)
        rehearsal.type("h")
        #expect(rehearsal.state.resource?.tab == .yaml)
        rehearsal.type("<Esc>")
        #expect(rehearsal.state.screen == .fleet)
        #expect(rehearsal.state.resource == nil)
    }

    @Test func `YAML is read when it is asked for, and an answer for another object is dropped`() {
        var rehearsal = Rehearsal(["a"])
        let applier = Sample.applier("a", "apps/x")
        rehearsal.show("a", [applier])
        rehearsal.select(applier.ref)
        #expect(rehearsal.type("y") == [.loadObject(applier.ref, Ticket(1))])
        rehearsal.type("<Esc>y")
        rehearsal.send(.objectLoaded(applier.ref, .success(["old"]), Ticket(1)))
        #expect(rehearsal.state.resource?.yaml == nil)
        rehearsal.send(.objectLoaded(applier.ref, .success(["kind: Kustomization", "b"]), Ticket(2)))
        #expect(rehearsal.state.resource?.yaml == ["kind: Kustomization", "b"])
        rehearsal.type("jjjj")
        #expect(rehearsal.state.resource?.scroll == 1)
        #expect(
            rehearsal.type("<Ctrl-r>") == [.refresh(ClusterID("a")), .loadObject(applier.ref, Ticket(3))]
        )
        rehearsal.send(
            .objectLoaded(applier.ref, .failure(ActionFailure(.forbidden, "may not get")), Ticket(3))
        )
        #expect(rehearsal.state.resource?.problem == "may not get")
    }

    @Test func `the tree shows what is applied, what is missing and what is of Flux`() {
        var rehearsal = Rehearsal(["a"])
        var applier = Sample.applier("a", "apps/x")
        applier.applier?.inventory = Inventory([
            (id: "apps_flags__ConfigMap", version: "v1"),
            (id: "apps_y_kustomize.toolkit.fluxcd.io_Kustomization", version: "v1"),
        ])
        var snapshot = Sample.snapshot("a", [applier, Sample.applier("a", "apps/y", state: .failed)])
        let entry = InventoryEntry(
            namespace: "apps",
            name: "flags",
            group: "",
            kind: "ConfigMap",
            version: "v1"
        )
        snapshot.missing = [
            MissingObject(
                entry: entry,
                applier: applier.ref,
                seen: Sample.start,
                onset: .at(Sample.start)
            )
        ]
        rehearsal.send(.clusterChanged(snapshot))
        let lines = rehearsal.state.tree(of: applier.ref, lines: 0..<10)
        #expect(lines.map(\.isMissing) == [true, false])
        #expect(lines.map(\.state) == [nil, .failed])
        #expect(rehearsal.state.tree(of: applier.ref, lines: 1..<2).map(\.entry.name) == ["y"])
    }

    @Test func `a resource that vanished while it is open is only empty`() {
        var rehearsal = Rehearsal(["a"])
        let applier = Sample.applier("a", "apps/x")
        rehearsal.show("a", [applier])
        rehearsal.select(applier.ref)
        rehearsal.type("<Enter>")
        rehearsal.show("a", [])
        rehearsal.type("jlG")
        #expect(rehearsal.type("R").isEmpty)
        #expect(rehearsal.notices.last == "nothing was changed: apps/x is gone")
        rehearsal.type("<Esc>")
        #expect(rehearsal.state.screen == .fleet)
    }

    @Test func `ancestors are found, and a circle of them ends`() {
        var rehearsal = Rehearsal(["a"])
        var (one, two) = (Sample.applier("a", "apps/one"), Sample.applier("a", "apps/two"))
        one.parent = two.ref
        two.parent = one.ref
        rehearsal.show("a", [one, two])
        #expect(rehearsal.state.ancestors(of: one.ref) == [two.ref])
    }

    // MARK: Statistics

    @Test func `statistics tell rate, durations and what is due`() {
        var rehearsal = Rehearsal(["a"])
        var snapshot = Sample.snapshot("a", [Sample.applier("a", "apps/x")])
        snapshot.recent = (0..<20).map { index in
            ReconcileRecord(
                ref: Sample.ref("a", .kustomization, "apps/x"),
                finished: Timestamp(seconds: Sample.start.seconds - Int64(index) * 30),
                duration: .milliseconds(100 * (index + 1)),
                outcome: .ready,
                revision: nil
            )
        }
        rehearsal.send(.clusterChanged(snapshot))
        let statistics = rehearsal.state.statistics(of: ClusterID("a"), now: Sample.start)
        #expect(statistics.perMinute == [2, 2, 2, 2, 2, 2, 2, 2])
        #expect(statistics.median == .milliseconds(1_000))
        #expect(statistics.slow == .milliseconds(1_900))
        #expect(statistics.nextDue == Timestamp(seconds: Sample.start.seconds + 30))
        let none = rehearsal.state.statistics(of: ClusterID("gone"), now: Sample.start)
        #expect(none.median == nil && none.perMinute.allSatisfy { $0 == 0 })
    }
}
