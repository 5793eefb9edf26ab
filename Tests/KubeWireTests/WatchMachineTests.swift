import Kube
import KubeWire
import Testing

private let expired = KubeStatus(code: 410, reason: "Expired", message: "too old")

extension [WatchMachine.Action] {
    /// Without what differs from seed to seed.
    var plain: [String] {
        map { action in
            switch action {
            case .list(let page): "list \(page ?? "first")"
            case .probe: "probe"
            case .watch(let version, _): "watch \(version)"
            case .cancel: "cancel"
            case .beginList: "begin"
            case .swapList: "swap"
            case .wait: "wait"
            case .show(.listing): "show listing"
            case .show(.watching): "show watching"
            case .show(.stale): "show stale"
            case .show(.forbidden): "show forbidden"
            case .reportGone: "gone"
            case .renewCredentials: "renew"
            case .reportLost: "lost"
            }
        }
    }
}

struct WatchMachineTests {
    private func watching(bookmarks: Bool = true) -> WatchMachine {
        var machine = WatchMachine(sendsBookmarks: bookmarks, seed: 1)
        _ = machine.started()
        _ = machine.pageArrived(version: "100", next: nil)
        _ = machine.watchOpened()
        return machine
    }

    @Test func `a list in pages is followed by a watch from its version`() {
        var machine = WatchMachine(seed: 1)
        #expect(machine.started().plain == ["show listing", "begin", "list first"])
        #expect(machine.pageArrived(version: "100", next: "t").plain == ["list t"])
        #expect(
            machine.pageArrived(version: "100", next: nil).plain == ["swap", "show watching", "watch 100"]
        )
        #expect(machine.watchOpened() == [])
    }

    @Test(arguments: 0..<20)
    func `watches last five to ten minutes, spread by the seed`(seed: UInt64) {
        var machine = WatchMachine(seed: seed)
        _ = machine.started()
        let actions = machine.pageArrived(version: "1", next: nil)
        guard case .watch(_, let seconds) = actions.last else {
            Issue.record("expected a watch")
            return
        }
        #expect((290...590).contains(seconds))
    }

    @Test func `a watch that ends in good order is resumed from the last version`() {
        var machine = watching()
        machine.versionReached("107")
        #expect(machine.streamEnded(after: .seconds(300)).plain == ["watch 107"])
    }

    @Test func `a server that ends every watch at once is not asked in a circle`() {
        var machine = watching()
        #expect(machine.streamEnded(after: .milliseconds(20)).plain == ["wait"])
        #expect(machine.waited().plain == ["watch 100"])
    }

    @Test func `a 410 keeps old rows until the new list is complete`() {
        var machine = watching()
        #expect(
            machine.refused(expired, inStream: true).plain == ["cancel", "show stale", "begin", "list first"]
        )
        #expect(
            machine.pageArrived(version: "200", next: nil).plain == ["swap", "show watching", "watch 200"]
        )
    }

    @Test func `a 410 instead of a stream lists again too`() {
        var machine = watching()
        _ = machine.streamEnded(after: .seconds(300))
        #expect(machine.refused(expired).plain == ["show stale", "begin", "list first"])
    }

    @Test func `a 410 in the middle of a list begins it anew`() {
        var machine = WatchMachine(seed: 1)
        _ = machine.started()
        _ = machine.pageArrived(version: "100", next: "t")
        #expect(machine.refused(expired).plain == ["show stale", "begin", "list first"])
    }

    @Test func `a storm of 410 is met with waiting`() {
        var machine = watching()
        _ = machine.refused(expired, inStream: true)
        for _ in 0..<5 {
            #expect(machine.refused(expired).plain.last == "wait")
            #expect(machine.waited().plain == ["begin", "list first"])
        }
        _ = machine.pageArrived(version: "200", next: nil)
        machine.versionReached("201")
        #expect(machine.refused(expired, inStream: true).plain.last == "list first")
    }

    @Test func `a version of the future is answered with a new list`() {
        var machine = watching()
        let status = KubeStatus(code: 504, message: "Timeout", causes: ["ResourceVersionTooLarge"])
        #expect(machine.refused(status, inStream: true).plain.contains("list first"))
    }

    @Test func `after an unclean end the server's version is looked at first`() {
        var machine = watching()
        machine.versionReached("107")
        #expect(machine.streamBroke("connection reset").plain == ["show stale", "wait"])
        #expect(machine.waited().plain == ["probe"])
        #expect(machine.probeAnswered(version: "110", recognised: true).plain == ["watch 107"])
        #expect(machine.watchOpened().plain == ["show watching"])
    }

    @Test func `a server behind our version is another life of the cluster`() {
        var machine = watching()
        _ = machine.streamBroke("connection reset")
        _ = machine.waited()
        #expect(
            machine.probeAnswered(version: "99", recognised: true).plain == [
                "show stale", "begin", "list first",
            ]
        )
    }

    @Test func `an object under another uid is another life of the cluster`() {
        var machine = watching()
        _ = machine.streamBroke("connection reset")
        _ = machine.waited()
        #expect(machine.probeAnswered(version: "900", recognised: false).plain.contains("list first"))
    }

    @Test func `versions that are no numbers are never called older`() {
        var machine = WatchMachine(seed: 1)
        _ = machine.started()
        _ = machine.pageArrived(version: "abc", next: nil)
        _ = machine.streamBroke("reset")
        _ = machine.waited()
        #expect(machine.probeAnswered(version: "1", recognised: true).plain == ["watch abc"])
    }

    @Test func `silence is met with a look at the server`() {
        var machine = watching()
        #expect(machine.silenceLimit == .seconds(90))
        #expect(machine.silenceLasted().plain == ["cancel", "show stale", "probe"])
        #expect(machine.silenceLimit == nil)
        #expect(machine.probeAnswered(version: "100", recognised: true).plain == ["watch 100"])
    }

    @Test func `kinds without bookmarks may be silent as long as the watch lasts`() throws {
        let machine = watching(bookmarks: false)
        let limit = try #require(machine.silenceLimit)
        #expect(limit >= .seconds(305) && limit <= .seconds(605))
    }

    @Test func `a head that does not come is no answer`() {
        var machine = WatchMachine(patience: .seconds(7), seed: 1)
        _ = machine.started()
        _ = machine.pageArrived(version: "1", next: nil)
        #expect(machine.silenceLimit == .seconds(7))
        #expect(machine.silenceLasted() == [.cancel, .reportLost("no answer within 7 s")])
    }

    @Test func `a lost link stops everything and its return goes on`() {
        var machine = watching()
        #expect(machine.linkLost("connection refused").plain == ["cancel", "show stale"])
        #expect(machine.waited() == [])
        #expect(machine.linkRestored().plain == ["probe"])
        var fresh = WatchMachine(seed: 1)
        _ = fresh.started()
        #expect(fresh.requestFailed("connection refused") == [.reportLost("connection refused")])
        #expect(fresh.linkLost("connection refused").plain == ["show stale"])
        #expect(fresh.linkRestored().plain == ["begin", "list first"])
    }

    @Test func `a kind that is gone is reported and not asked again`() {
        var machine = watching()
        _ = machine.streamEnded(after: .seconds(60))
        let status = KubeStatus(code: 404, message: "404 page not found", isStatus: false)
        #expect(machine.refused(status) == [.reportGone])
        #expect(machine.linkLost("x") == [] && machine.linkRestored() == [])
    }

    @Test func `refused credentials are renewed, then the work goes on`() {
        var machine = watching()
        _ = machine.streamEnded(after: .seconds(60))
        let status = KubeStatus(code: 401, reason: "Unauthorized", message: "Unauthorized")
        #expect(machine.refused(status) == [.renewCredentials(status)])
        #expect(machine.linkRestored().plain == ["probe"])
    }

    @Test func `anonymous is a lost token, not a missing right`() throws {
        var machine = WatchMachine(seed: 1)
        _ = machine.started()
        #expect(machine.refused(try Recording(name: "503-no-credentials").status).plain == ["renew"])
    }

    @Test func `a forbidden kind is asked once and again when rights are reconsidered`() throws {
        var machine = WatchMachine(seed: 1)
        _ = machine.started()
        #expect(machine.refused(try Recording(name: "506-list-forbidden").status).plain == ["show forbidden"])
        #expect(machine.waited() == [])
        #expect(machine.reconsidered().plain == ["begin", "list first"])
    }

    @Test(arguments: [429, 500, 503, 504])
    func `an overloaded server is given time, and the same page is asked again`(code: Int) {
        var machine = WatchMachine(seed: 1)
        _ = machine.started()
        _ = machine.pageArrived(version: "1", next: "t")
        let status = KubeStatus(code: code, message: "busy", retryAfter: .seconds(5))
        let actions = machine.refused(status)
        #expect(actions.plain == ["show stale", "wait"])
        guard case .wait(let duration) = actions.last else {
            return
        }
        #expect(duration >= .seconds(5))
        #expect(machine.waited().plain == ["list t"])
    }

    @Test(arguments: [400, 422])
    func `a token that is not taken begins the list anew`(code: Int) {
        var machine = WatchMachine(seed: 1)
        _ = machine.started()
        _ = machine.pageArrived(version: "1", next: "t")
        _ = machine.refused(KubeStatus(code: code, message: "continue key is not valid"))
        #expect(machine.waited().plain == ["begin", "list first"])
    }

    @Test func `a watch refused time and again lists anew`() {
        var machine = watching()
        _ = machine.streamEnded(after: .seconds(300))
        let status = KubeStatus(code: 500, message: "internal")
        for _ in 0..<3 {
            _ = machine.refused(status)
            #expect(machine.waited().plain == ["watch 100"])
        }
        _ = machine.refused(status)
        #expect(machine.waited().plain == ["begin", "list first"])
    }

    @Test func `a line that cannot be read is no event to skip`() {
        var machine = watching()
        #expect(machine.garbled("garbage").plain == ["cancel", "show stale", "wait"])
        #expect(machine.waited().plain == ["begin", "list first"])
    }

    @Test func `a stopped machine does nothing more`() {
        var machine = watching()
        #expect(machine.stopped() == [.cancel])
        #expect(machine.streamBroke("x") == [] && machine.waited() == [] && machine.linkRestored() == [])
        #expect(machine.requestFailed("x") == [])
    }
}
