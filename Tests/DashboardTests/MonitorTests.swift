import Configuration
import Dashboard
import Kube
import Testing

/// A wall screen shows one view and takes hardly any keys.
struct MonitorTests {
    private func wall() -> Rehearsal {
        var rehearsal = Rehearsal(["a", "b"])
        rehearsal.state = AppState(
            profiles: [ClusterProfile(id: ClusterID("a")), ClusterProfile(id: ClusterID("b"))],
            isMonitor: true,
            columns: 120,
            rows: 40
        )
        rehearsal.show("a", [Sample.source("a"), Sample.applier("a", "apps/x", state: .failed)])
        return rehearsal
    }

    @Test func `nothing can be selected, opened or changed`() {
        var rehearsal = wall()
        #expect(rehearsal.state.screen == .wall)
        #expect(rehearsal.state.isReadOnly)
        let effects = rehearsal.type("1236787:/RWFsrXzyetdDL<Enter><Esc>mTZ<Tab>jG")
        #expect(effects.isEmpty)
        #expect(rehearsal.state.screen == .wall)
        #expect(rehearsal.state.modal == nil)
        #expect(rehearsal.state.held == nil)
    }

    @Test(arguments: ["q", "Q", "<Ctrl-c>"]) func `it can be left`(key: String) {
        var rehearsal = wall()
        #expect(rehearsal.type(key) == [.quit])
    }

    @Test func `help lists the few keys that it takes`() {
        var rehearsal = wall()
        rehearsal.type("?")
        let commands = Set((rehearsal.help?.all ?? []).map(\.command))
        #expect(commands == [.backOrQuit, .quit, .mark, .help, .redraw, .stopProcess])
        rehearsal.type("<Esc>")
        #expect(rehearsal.state.hints.map(\.command) == [.backOrQuit, .mark, .help])
    }
}
