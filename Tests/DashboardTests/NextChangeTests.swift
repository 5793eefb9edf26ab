import Chrono
import Dashboard
import Git
import HashTreeCollections
import Kube
import Testing

struct NextChangeTests {
    private func at(_ seconds: Int64) -> Timestamp {
        Sample.start.advanced(by: .seconds(seconds))
    }

    @Test(
        arguments: [
            (0, 1), (1, 2), (119, 120), (120, 180), (179, 180), (7_199, 7_200), (7_200, 10_800),
            (172_800, 259_200),
            (63_072_000, 94_608_000),
        ] as [(Int64, Int64)]
    )
    func `an age changes when its unit does`(now: Int64, next: Int64) {
        #expect(Sample.start.nextAge(after: at(now)) == at(next))
        let before = at(next).advanced(by: .nanoseconds(-1)).since(Sample.start).age
        #expect(before == at(now).since(Sample.start).age)
        #expect(at(next).since(Sample.start).age != before)
    }

    @Test func `an empty screen never changes by time`() {
        let rehearsal = Rehearsal(["a"])
        #expect(nextChange(rehearsal.state, now: rehearsal.now) == nil)
    }

    @Test func `ages wake the screen by their unit, not every second`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", [Sample.applier("a", "apps/x")])
        #expect(nextChange(rehearsal.state, now: at(10)) == at(11))
        #expect(nextChange(rehearsal.state, now: at(600)) == at(660))
        #expect(nextChange(rehearsal.state, now: at(8_000)) == at(10_800))
    }

    @Test func `rows out of view wake nobody`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.send(.resized(columns: 120, rows: 24))
        let old = (0..<100).map { Sample.applier("a", "apps/a\(1_000 + $0)") }
        var fresh = Sample.applier("a", "apps/z")
        fresh.conditions = [
            Condition(type: "Ready", status: .yes, reason: "", lastTransition: at(10_000))
        ]
        rehearsal.show("a", old + [fresh])
        rehearsal.now = at(10_010)
        // The fresh row is the cluster's last reconcile too, so only the enlarged pane hides it.
        rehearsal.type("<Tab>S+")
        #expect(rehearsal.state.fleet.syncRows.last?.ref == fresh.ref)
        #expect(nextChange(rehearsal.state, now: at(10_010)) == at(10_800))
        rehearsal.type("G")
        #expect(nextChange(rehearsal.state, now: at(10_010)) == at(10_011))
    }

    @Test func `a notice ends at its time`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.send(.noticed("hello", isProblem: false))
        #expect(nextChange(rehearsal.state, now: rehearsal.now) == at(10))
        _ = rehearsal.wait(.seconds(10))
        #expect(rehearsal.state.notices.isEmpty)
        #expect(nextChange(rehearsal.state, now: rehearsal.now) == nil)
    }

    @Test func `a resync that waits for an answer wakes at the end of its patience`() {
        var rehearsal = Rehearsal(["a"])
        var old = Sample.applier("a", "apps/x")
        old.conditions = []
        rehearsal.show("a", [old])
        rehearsal.select(old.ref)
        rehearsal.type("R<Enter>")
        rehearsal.send(.reconcileRequested(old.ref, token: Sample.start.rfc3339Nano, .success(nil)))
        #expect(nextChange(rehearsal.state, now: at(60)) == at(300))
    }

    @Test func `the time until the next reconciliation counts down`() {
        var rehearsal = Rehearsal(["a"])
        var applier = Sample.applier("a", "apps/x")
        applier.conditions = []
        var snapshot = Sample.snapshot("a", [applier])
        snapshot.recent = [
            ReconcileRecord(
                ref: applier.ref,
                finished: Sample.start,
                duration: nil,
                outcome: .ready,
                revision: nil
            )
        ]
        rehearsal.send(.clusterChanged(snapshot))
        rehearsal.type("+")
        // Due 600 s after the start; from 130 s on its age is told in minutes, what is left too.
        #expect(nextChange(rehearsal.state, now: at(130)) == at(180))
        rehearsal.type("<Tab><Tab><Tab>")
        #expect(rehearsal.state.fleet.enlarged == .recent)
        #expect(nextChange(rehearsal.state, now: at(150)) == at(180))
        #expect(nextChange(rehearsal.state, now: at(590)) == at(590).advanced(by: .nanoseconds(1)))
    }

    @Test func `the clock of the wall counts minutes`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.type("m")
        #expect(nextChange(rehearsal.state, now: at(5)) == at(60))
    }

    @Test func `the wall wakes when its page turns, until it is stopped`() {
        var rehearsal = Rehearsal((0..<40).map { "c\($0)" })
        rehearsal.type("m")
        let pages = WallPages(rehearsal.state, width: 120, height: 38)
        #expect(pages?.pages.count ?? 0 > 1)
        let turn = nextChange(rehearsal.state, now: at(1))
        #expect(turn.map { $0 < at(60) } == true)
        if let turn, let pages {
            let before = pages.page(at: turn.advanced(by: .nanoseconds(-1)))
            #expect(pages.page(at: turn) != before)
            #expect(pages.page(at: at(1)) == before)
        }
        rehearsal.now = at(1)
        rehearsal.type(" ")
        #expect(nextChange(rehearsal.state, now: at(1)) == at(60))
        #expect(rehearsal.state.wallMoment(at(1_000)) == at(1))
        rehearsal.type(" ")
        #expect(rehearsal.state.wallMoment(at(1_000)) == at(1_000))
    }

    @Test func `it is always later than now`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", [Sample.applier("a", "apps/x")], link: .unreachable("no route", since: at(5)))
        rehearsal.send(.noticed("hello", isProblem: true))
        for now in [at(-100), at(0), at(4), at(5), at(31), at(100_000)] {
            #expect(nextChange(rehearsal.state, now: now).map { $0 > now } != false)
        }
    }
}
