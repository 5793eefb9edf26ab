import Chrono
import Dashboard
import Git
import HashTreeCollections
import Kube
import Testing
import Keys

struct ZzSpeed {
    @Test func `speed`() {
        let names = (0..<100).map { "c\($0)" }
        var r = Rehearsal(names)
        let clock = ContinuousClock()
        var snaps: [ClusterSnapshot] = []
        for c in names {
            var res = [Sample.source(c)]
            for i in 0..<999 {
                res.append(Sample.applier(c, "ns\(i % 30)/app-\(i)", state: i % 97 == 0 ? .failed : .ready))
            }
            snaps.append(Sample.snapshot(c, res))
        }
        var t = clock.measure { for s in snaps { r.send(.clusterChanged(s)) } }
        print("SPEED load 100x1000:", t)
        t = clock.measure { r.send(.repositoryChanged(Sample.mirror(head: Sample.new))) }
        print("SPEED repository changed:", t)
        t = clock.measure { for i in 0..<50 { r.send(.clusterChanged(snaps[i])) } }
        print("SPEED snapshot each:", t / 50)
        let selected = snaps.first { $0.id == r.state.fleet.cluster }!
        t = clock.measure { for _ in 0..<50 { r.send(.clusterChanged(selected)) } }
        print("SPEED snapshot of selected each:", t / 50)
        r.type("<Tab>")
        t = clock.measure { for _ in 0..<500 { r.send(.keyPressed(.character("j"))) } }
        print("SPEED key j:", t / 500)
        t = clock.measure {
            r.type("<Tab><Tab><Tab><Tab>"); for _ in 0..<50 { r.type("j") }
        }
        print("SPEED cluster switch:", t / 54)
        while r.state.fleet.focus != .sync { r.type("<Tab>") }
        t = clock.measure { r.type("/app-99") }
        print("SPEED filter key:", t / 7)
        r.type("<Enter>")
        t = clock.measure { for _ in 0..<100 { _ = nextChange(r.state, now: r.now) } }
        print("SPEED nextChange:", t / 100)
        t = clock.measure { r.type("<Enter><Esc>") }
        print("SPEED open resource:", t)
        t = clock.measure { r.type("2") }
        print("SPEED matrix open:", t)
        t = clock.measure { for i in 0..<20 { r.send(.clusterChanged(snaps[i])) } }
        print("SPEED matrix snapshot:", t / 20)
        t = clock.measure { for _ in 0..<100 { r.type("j") } }
        print("SPEED matrix key:", t / 100)
        r.type("1")
        t = clock.measure { r.type("3") }
        print("SPEED commits open:", t)
        t = clock.measure {
            r.send(
                .logLoaded(
                    .success(
                        LogPage(
                            query: LogQuery(repository: Sample.fleet, ref: "refs/heads/main"),
                            tip: Sample.new,
                            offset: 0,
                            commits: Sample.log([Sample.new, Sample.bad, Sample.old]),
                            isLast: true
                        )
                    ),
                    Ticket(1)
                )
            )
        }
        print("SPEED log loaded:", t)
        t = clock.measure { for _ in 0..<40 { _ = r.state.markers(at: Sample.old) } }
        print("SPEED markers:", t / 40)
        t = clock.measure { r.type("X") }
        print("SPEED plan request:", t)
    }
}
