import Chrono
import Configuration
import Dashboard
import Git
import Kube
import Testing

/// Nothing that was ordered is lost by leaving.
struct LeavingTests {
    private let checkout = Sample.ref("prod-eu", .kustomization, "apps/checkout")

    private func fleet() -> Rehearsal {
        var rehearsal = Rehearsal()
        rehearsal.show("prod-eu", [Sample.source("prod-eu"), Sample.applier("prod-eu", "apps/checkout")])
        rehearsal.select(checkout)
        return rehearsal
    }

    private func token(_ effects: [Effect]) -> String {
        for case .requestReconcile(_, let token, _) in effects {
            return token
        }
        return ""
    }

    @Test(arguments: ["q", "Q", "<Ctrl-c>", ":quit<Enter>"])
    func `quitting waits until what was ordered is sent`(key: String) {
        var rehearsal = fleet()
        let token = token(rehearsal.type("R<Enter>"))
        #expect(rehearsal.type(key).isEmpty)
        #expect(
            rehearsal.state.leavingWords
                == "sending 1 change before weir quits; q again quits without, another key stays"
        )
        #expect(rehearsal.send(.reconcileRequested(checkout, token: token, .success(nil))).contains(.quit))
    }

    @Test func `the second time it quits without`() {
        var rehearsal = fleet()
        rehearsal.type("s<Enter>q")
        #expect(rehearsal.type("q") == [.quit])
    }

    @Test func `another key stays`() {
        var rehearsal = fleet()
        rehearsal.type("s<Enter>qj")
        #expect(rehearsal.state.leavingWords == nil)
        let effects = rehearsal.send(.suspensionChanged(checkout, isSuspended: true, .success(nil)))
        #expect(!effects.contains(.quit))
    }

    @Test func `what failed is read before weir is left`() {
        var rehearsal = fleet()
        rehearsal.type("s<Enter>q")
        let failure = ActionFailure(.forbidden, "may not patch")
        let effects = rehearsal.send(.suspensionChanged(checkout, isSuspended: true, .failure(failure)))
        #expect(!effects.contains(.quit))
        #expect(rehearsal.state.leavingWords == nil)
        #expect(rehearsal.notices.last?.contains("may not patch") == true)
        #expect(rehearsal.type("q") == [.quit])
    }

    @Test func `what waits for its turn is waited for too`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", (1...3).map { Sample.applier("a", "apps/n\($0)") })
        rehearsal.select(Sample.ref("a", .kustomization, "apps/n1"))
        #expect(rehearsal.type("*R<Enter>").count == 2)
        #expect(rehearsal.type("q").isEmpty)
        #expect(rehearsal.state.leavingWords?.hasPrefix("sending 3 changes") == true)
        #expect(rehearsal.type("<Esc>:cancel<Enter>q").isEmpty)
        #expect(rehearsal.state.leavingWords?.hasPrefix("sending 2 changes") == true)
    }

    @Test func `with nothing on its way weir is left at once`() {
        var rehearsal = fleet()
        let token = token(rehearsal.type("R<Enter>"))
        rehearsal.send(.reconcileRequested(checkout, token: token, .success(nil)))
        #expect(rehearsal.type("q") == [.quit])
    }
}
