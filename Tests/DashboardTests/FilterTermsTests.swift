import Chrono
import Configuration
import Dashboard
import Kube
import Testing

/// A filter that means nothing says so.
struct FilterTermsTests {
    private func fleet() -> Rehearsal {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show(
            "a",
            [Sample.source("a"), Sample.applier("a", "apps/x"), Sample.applier("a", "apps/y")]
        )
        rehearsal.select(Sample.ref("a", .kustomization, "apps/x"))
        return rehearsal
    }

    @Test(arguments: [
        ("foo:bar", "no term is called foo:"), ("age:xyz", "age:xyz is no age"),
        ("age:<5", "age:<5 is no age"),
        ("by:kubectl", "by: means nothing in this list"), ("kind:widget", "Flux has no kind called widget"),
        ("state:broken", "no state is called broken"), ("!foo:bar apps", "no term is called foo:"),
        ("state:ready,broken", "no state is called broken"),
    ])
    func `a term that means nothing is told with those that do`(text: String, words: String) {
        var rehearsal = fleet()
        rehearsal.type("/\(text)")
        #expect(rehearsal.state.filterTerms.problem(of: Filter(text))?.hasPrefix(words) == true)
        rehearsal.type("<Enter>")
        #expect(rehearsal.notices.last?.hasPrefix(words) == true)
    }

    @Test(arguments: [
        "", "apps", "kind:ks,hr", "state:fail", "age:<1h", "age:>2d", "age:10m", "ns:apps !name:x",
        "https://git",
        "\"foo:bar\"", "9f2c:1", "kind:", "age:",
    ])
    func `what means something is let be`(text: String) {
        #expect(fleet().state.filterTerms.problem(of: Filter(text)) == nil)
    }

    @Test(arguments: [
        (":drift<Enter>", "by:kubectl age:<1h"), ("9", "by:ada state:open"), (":events<Enter>", "age:<5m"),
    ])
    func `each list has its own terms`(keys: String, text: String) {
        var rehearsal = fleet()
        rehearsal.type(keys)
        #expect(rehearsal.state.filterTerms.problem(of: Filter(text)) == nil)
    }

    @Test func `the sync pane filters by the age that it shows`() {
        var rehearsal = fleet()
        var old = Sample.applier("a", "apps/old")
        old.conditions = [
            Condition(
                type: "Ready",
                status: .yes,
                reason: "",
                message: "",
                lastTransition: Sample.start.advanced(by: .seconds(-7_200))
            )
        ]
        rehearsal.show("a", [Sample.applier("a", "apps/new"), old])
        let shown = rehearsal.state.fleet.syncRows.filter { $0.last != nil }.map(\.ref.name)
        rehearsal.type("/age:>1h<Enter>")
        let found = rehearsal.state.fleet.syncRows.map(\.ref.name)
        #expect(found.allSatisfy { $0 == "old" } && (shown.contains("old") == !found.isEmpty))
        #expect(rehearsal.notices.isEmpty)
    }

    @Test func `help lists the terms of the list`() {
        var rehearsal = fleet()
        rehearsal.type("?")
        let line = rehearsal.help?.all.first { $0.command == .filter }
        #expect(line?.text == "filter: name: kind: ns: state: age:")
    }
}
