import Chrono
import Dashboard
import Git
import Kube
import Testing

struct FleetTests {
    private func names(_ rehearsal: Rehearsal) -> [String] {
        rehearsal.state.fleet.syncRows.map(\.ref.name)
    }

    @Test func `an empty fleet takes every key and stays empty`() {
        var rehearsal = Rehearsal([])
        rehearsal.type("jkgG<Ctrl-d><Tab><Enter>n* SoR")
        #expect(rehearsal.state.screen == .fleet)
        #expect(rehearsal.state.fleet.cluster == nil)
        #expect(rehearsal.state.totals.clusters == 0)
    }

    @Test func `the worst cluster is on top, and selected until a key was pressed`() {
        var rehearsal = Rehearsal(["a", "b", "c"])
        #expect(rehearsal.state.fleet.cluster == ClusterID("a"))
        rehearsal.show("a", [Sample.source("a")])
        rehearsal.show("b", [Sample.applier("b", "apps/x", state: .failed)])
        rehearsal.show("c", [], link: .unreachable("connection refused", since: Sample.start))
        #expect(rehearsal.state.fleet.clusterRows.map(\.name) == ["b", "c", "a"])
        #expect(rehearsal.state.fleet.cluster == ClusterID("b"))
    }

    @Test func `a cluster that runs an older Flux than others says so`() {
        var rehearsal = Rehearsal(["a", "b", "c"])
        for (name, version) in [("a", "v2.9.4"), ("b", "v2.10.0"), ("c", nil)] {
            var snapshot = Sample.snapshot(name, [])
            snapshot.fluxVersion = version
            rehearsal.send(.clusterChanged(snapshot))
        }
        let expected = "Flux v2.9.4 runs here, v2.10.0 elsewhere in the fleet"
        #expect(rehearsal.state.remarks(of: ClusterID("a")) == [expected])
        #expect(rehearsal.state.remarks(of: ClusterID("b")).isEmpty)
        #expect(rehearsal.state.remarks(of: ClusterID("c")).isEmpty)
    }

    @Test func `a selected cluster stays selected when others get worse`() {
        var rehearsal = Rehearsal(["a", "b"])
        rehearsal.show("a", [Sample.source("a")])
        rehearsal.type(":cluster a<Enter>")
        rehearsal.show("b", [Sample.applier("b", "apps/x", state: .failed)])
        #expect(rehearsal.state.fleet.clusterRows.map(\.name) == ["b", "a"])
        #expect(rehearsal.state.fleet.cluster == ClusterID("a"))
    }

    @Test func `the selected resource stays selected when rows move and when it is gone`() {
        var rehearsal = Rehearsal(["a"])
        let resources = ["one", "three", "two"].map { Sample.applier("a", "apps/\($0)") }
        rehearsal.show("a", resources)
        rehearsal.type("<Tab>jj")
        #expect(rehearsal.state.fleet.syncCursor.selected?.name == "two")
        rehearsal.show("a", [resources[0], resources[1], Sample.applier("a", "apps/two", state: .failed)])
        #expect(names(rehearsal) == ["two", "one", "three"])
        #expect(rehearsal.state.fleet.syncCursor.selected?.name == "two")
        rehearsal.show("a", [resources[0], resources[1]])
        #expect(rehearsal.state.fleet.syncCursor.selected?.name == "one")
        rehearsal.show("a", [])
        #expect(rehearsal.state.selectedRef == nil)
    }

    @Test func `while a cluster is still being listed, a row that nobody chose gives way to a worse one`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.type("<Esc>")
        let fine = Sample.applier("a", "apps/fine")
        let failed = Sample.applier("a", "apps/failed", state: .failed)
        rehearsal.show("a", [fine], link: .connecting)
        rehearsal.show("a", [fine, failed], link: .connecting)
        #expect(rehearsal.state.fleet.syncCursor.selected?.name == "failed")
        rehearsal.show("a", [fine, failed])
        rehearsal.show("a", [fine, failed, Sample.applier("a", "apps/also", state: .failed)])
        #expect(names(rehearsal) == ["also", "failed", "fine"])
        #expect(rehearsal.state.fleet.syncCursor.selected?.name == "failed")
    }

    @Test func `what makes a list whole is on top of it, and a key means that row`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.type("<Esc><Tab>/checkout<Enter>")
        rehearsal.show("a", [Sample.source("a", "shop/checkout")], link: .connecting)
        #expect(rehearsal.state.selectedRef?.namespace == "shop")
        rehearsal.show(
            "a",
            [Sample.source("a", "shop/checkout"), Sample.applier("a", "apps/checkout", state: .failed)]
        )
        #expect(rehearsal.state.selectedRef?.namespace == "apps")
    }

    @Test func `a row chosen while a cluster is still being listed stays chosen`() {
        var rehearsal = Rehearsal(["a"])
        let rows = ["one", "two"].map { Sample.applier("a", "apps/\($0)") }
        rehearsal.show("a", rows, link: .connecting)
        rehearsal.type("<Tab>j")
        rehearsal.show("a", rows + [Sample.applier("a", "apps/failed", state: .failed)], link: .connecting)
        #expect(names(rehearsal) == ["failed", "one", "two"])
        #expect(rehearsal.state.fleet.syncCursor.selected?.name == "two")
    }

    @Test func `what waits is folded under what it waits for, through a chain`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show(
            "a",
            [
                Sample.applier("a", "apps/db", state: .failed),
                Sample.applier("a", "apps/api", state: .waiting, dependsOn: ["apps/db"]),
                Sample.applier("a", "apps/web", state: .waiting, dependsOn: ["apps/api"]),
                Sample.applier("a", "apps/zoo", state: .waiting, dependsOn: ["apps/gone"]),
            ]
        )
        #expect(names(rehearsal) == ["db", "zoo"])
        #expect(rehearsal.state.fleet.syncRows[0].folded == 2)
        rehearsal.type("<Tab>o")
        #expect(names(rehearsal) == ["db", "api", "web", "zoo"])
        #expect(rehearsal.state.fleet.syncRows.map(\.depth) == [0, 1, 1, 0])
        rehearsal.type("jo")
        #expect(names(rehearsal) == ["db", "zoo"])
        #expect(rehearsal.state.fleet.syncCursor.selected?.name == "db")
    }

    @Test func `a circle of waiting hides nothing`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show(
            "a",
            [
                Sample.applier("a", "apps/x", state: .waiting, dependsOn: ["apps/y"]),
                Sample.applier("a", "apps/y", state: .waiting, dependsOn: ["apps/x"]),
            ]
        )
        #expect(names(rehearsal) == ["x", "y"])
    }

    @Test func `the texts of a row say what an operator needs`() {
        var rehearsal = Rehearsal(["a"])
        var suspended = Sample.applier("a", "apps/held", state: .suspended)
        suspended.suspendedBy = "sre"
        suspended.suspendReason = "upgrade"
        rehearsal.show(
            "a",
            [
                Sample.applier("a", "apps/db", state: .failed, message: "health check timed out"),
                Sample.applier("a", "apps/api", state: .waiting, dependsOn: ["apps/db"]),
                suspended, Sample.applier("a", "apps/fine"),
            ]
        )
        rehearsal.type("<Tab>o")
        let lines = rehearsal.state.fleet.syncRows.map { rehearsal.state.line($0) }
        #expect(
            lines.map(\.message) == ["health check timed out", "waits for apps/db", "by sre: upgrade", ""]
        )
        #expect(lines[0].revision == "main@\(Sample.old.prefix(7))")
        #expect(lines[0].path == "apps/db")
    }

    @Test func `a filter is followed as it is typed, and Esc brings the old one back`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", ["api", "web"].map { Sample.applier("a", "apps/\($0)") })
        rehearsal.type("<Tab>/ap")
        #expect(names(rehearsal).count == 2)
        rehearsal.type("i")
        #expect(names(rehearsal) == ["api"])
        rehearsal.type("<Esc>")
        #expect(names(rehearsal).count == 2)
        rehearsal.type("/name:web<Enter>")
        #expect(rehearsal.state.modal == nil)
        #expect(names(rehearsal) == ["web"])
        rehearsal.type("<Esc>")
        #expect(names(rehearsal).count == 2)
    }

    @Test func `a filter that matches nothing shows nothing and breaks nothing`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", [Sample.applier("a", "apps/api")])
        rehearsal.type("<Tab>/zzz<Enter>jkGn RX")
        #expect(rehearsal.state.fleet.syncRows.isEmpty)
        #expect(rehearsal.state.selectedRef == nil)
    }

    @Test func `sorting goes through the columns`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show(
            "a",
            [Sample.applier("a", "apps/b", state: .failed), Sample.source("a", "apps/a")]
        )
        rehearsal.type("<Tab>")
        #expect(names(rehearsal) == ["b", "a"])
        rehearsal.type("S")
        #expect(rehearsal.state.fleet.syncSort == .name)
        #expect(names(rehearsal) == ["a", "b"])
        rehearsal.type(":sort worst<Enter>")
        #expect(names(rehearsal) == ["b", "a"])
    }

    @Test func `n goes to the next trouble, around the end`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show(
            "a",
            [
                Sample.applier("a", "apps/a"), Sample.applier("a", "apps/b", state: .failed),
                Sample.applier("a", "apps/c"), Sample.applier("a", "apps/d", state: .stalled),
            ]
        )
        rehearsal.type("<Tab>Sg")
        #expect(names(rehearsal) == ["a", "b", "c", "d"])
        rehearsal.type("n")
        #expect(rehearsal.state.fleet.syncCursor.selected?.name == "b")
        rehearsal.type("nn")
        #expect(rehearsal.state.fleet.syncCursor.selected?.name == "b")
        rehearsal.type("N")
        #expect(rehearsal.state.fleet.syncCursor.selected?.name == "d")
    }

    @Test func `panes are reached by Tab and by direction`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.type("l")
        #expect(rehearsal.state.fleet.focus == .sync)
        rehearsal.type("<Tab>")
        #expect(rehearsal.state.fleet.focus == .drift)
        rehearsal.type("h")
        #expect(rehearsal.state.fleet.focus == .recent)
        #expect(rehearsal.state.fleet.lowerPane == .recent)
        rehearsal.type("<Tab>")
        #expect(rehearsal.state.fleet.focus == .clusters)
        #expect(rehearsal.state.fleet.lowerPane == .recent)
        rehearsal.type("+<Tab>")
        #expect(rehearsal.state.fleet.enlarged == .sync)
        rehearsal.type("-")
        #expect(rehearsal.state.fleet.enlarged == nil)
    }

    @Test func `totals count the fleet`() {
        var rehearsal = Rehearsal(["a", "b"])
        rehearsal.show("a", [Sample.applier("a", "apps/x", state: .failed), Sample.source("a")])
        rehearsal.show("b", [Sample.source("b")])
        #expect(rehearsal.state.totals.counts.total == 3)
        #expect(rehearsal.state.totals.counts[.ready] == 2)
        #expect(rehearsal.state.totals.counts.troubled == 1)
        rehearsal.show("b", [], link: .unreachable("no route", since: Sample.start))
        #expect(rehearsal.state.totals.unreachable == 1)
        #expect(rehearsal.state.clusters[ClusterID("b")]?.summary.problem == "no route")
    }

    @Test func `a held screen stays as it is and catches up when it is let go`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", [Sample.applier("a", "apps/x")])
        rehearsal.type("Z")
        rehearsal.show("a", [Sample.applier("a", "apps/x", state: .failed)])
        #expect(rehearsal.state.fleet.syncRows.map(\.state) == [.ready])
        #expect(rehearsal.state.held?.clusters.count == 1)
        rehearsal.type("Z")
        #expect(rehearsal.state.fleet.syncRows.map(\.state) == [.failed])
        #expect(rehearsal.state.held == nil)
    }

    @Test func `marks are set, set for all and taken back`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", ["x", "y", "z"].map { Sample.applier("a", "apps/\($0)") })
        rehearsal.type("<Tab> ")
        #expect(rehearsal.state.marks.map(\.name) == ["x"])
        #expect(rehearsal.state.fleet.syncCursor.selected?.name == "y")
        rehearsal.type("*")
        #expect(rehearsal.state.marks.count == 3)
        rehearsal.type("<Esc>")
        #expect(rehearsal.state.marks.isEmpty)
    }

    @Test func `q leads back and quits from the fleet, Q and Ctrl-c quit anywhere`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.type("7")
        #expect(rehearsal.type("q").isEmpty)
        #expect(rehearsal.state.screen == .fleet)
        #expect(rehearsal.type("q") == [.quit])
        rehearsal.type("/")
        #expect(rehearsal.type("Q").isEmpty)
        #expect(rehearsal.type("<Ctrl-c>") == [.quit])
    }
}
