import Chrono
import Kube
import Testing

@testable import Dashboard

/// The audit view: read when it is shown, and again when something was changed.
struct AuditViewTests {
    private func entry(_ change: String, who: String = "ann@bastion", result: String? = "done") -> AuditEntry
    {
        AuditEntry(
            change: change,
            at: Sample.start,
            who: who,
            identity: "jane",
            cluster: "a",
            action: "suspend",
            subject: "Kustomization apps/checkout",
            plan: "upgrade",
            confirmation: "in the dashboard",
            result: result
        )
    }

    private func question(_ effects: [Effect]) -> Ticket? {
        for effect in effects {
            if case .loadAudit(_, _, let ticket) = effect {
                return ticket
            }
        }
        return nil
    }

    @Test func `it is asked for when it is shown, and shown newest first`() throws {
        var rehearsal = Rehearsal(["a"])
        let ticket = try #require(question(rehearsal.type(":audit<Enter>")))
        #expect(rehearsal.state.screen == .audit && rehearsal.state.audit.read == nil)
        rehearsal.send(
            .auditLoaded(.success([entry("2"), entry("1", who: "bob@desk", result: nil)]), ticket)
        )
        #expect(rehearsal.state.audit.rows.map(\.change) == ["2", "1"])
        #expect(rehearsal.state.audit.cursor.selected == "2")
        rehearsal.type("j")
        #expect(rehearsal.state.audit.cursor.selected == "1")
        rehearsal.type("/by:bob<Enter>")
        #expect(rehearsal.state.audit.rows.map(\.change) == ["1"])
        rehearsal.type("<Esc><Esc>")
        #expect(rehearsal.state.screen == .fleet)
    }

    @Test func `dry runs are read only where the filter asks for them`() throws {
        var rehearsal = Rehearsal(["a"])
        func asked(_ effects: [Effect]) -> (Bool, Ticket)? {
            effects.lazy.compactMap { effect -> (Bool, Ticket)? in
                if case .loadAudit(_, let withDryRuns, let ticket) = effect {
                    (withDryRuns, ticket)
                } else {
                    nil
                }
            }.first
        }
        let first = try #require(asked(rehearsal.type("9")))
        #expect(!first.0)
        rehearsal.send(.auditLoaded(.success([entry("1")]), first.1))
        #expect(asked(rehearsal.type("/suspend<Enter>")) == nil)
        rehearsal.type("<Esc>")
        let second = try #require(asked(rehearsal.type("/dry")))
        #expect(second.0)
        rehearsal.send(.auditLoaded(.success([entry("1")]), second.1))
        let third = try #require(asked(rehearsal.type("<Esc>")))
        #expect(!third.0)
    }

    @Test func `a change that was answered is read, and so is what others did, but not without end`() throws {
        var rehearsal = Rehearsal(["a"])
        let ticket = try #require(question(rehearsal.type("9")))
        // One question at a time.
        #expect(question(rehearsal.type("j")) == nil)
        rehearsal.send(.auditLoaded(.success([entry("1")]), ticket))
        #expect(question(rehearsal.type("j")) == nil)
        let ref = Sample.ref("a", .kustomization, "apps/checkout")
        let own = rehearsal.send(.suspensionChanged(ref, isSuspended: true, .success(nil)))
        let second = try #require(question(own))
        rehearsal.send(.auditLoaded(.success([entry("2"), entry("1")]), second))
        #expect(rehearsal.state.audit.rows.count == 2)
        #expect(question(rehearsal.send(.timePassed)) == nil)
        #expect(question(rehearsal.wait(.seconds(20))) != nil)
    }

    @Test func `a ledger that cannot be read says so beside what was read before`() throws {
        var rehearsal = Rehearsal(["a"])
        let ticket = try #require(question(rehearsal.type("9")))
        rehearsal.send(.auditLoaded(.success([entry("1")]), ticket))
        let again = try #require(question(rehearsal.type("<Ctrl-r>")))
        rehearsal.send(.auditLoaded(.failure(ActionFailure(.other, "the ledger is locked")), again))
        #expect(rehearsal.state.audit.problem == "the ledger is locked")
        #expect(rehearsal.state.audit.rows.count == 1)
        // An answer that nobody waits for changes nothing.
        rehearsal.send(.auditLoaded(.success([]), ticket))
        #expect(rehearsal.state.audit.rows.count == 1)
    }

    @Test func `a row tells all of it in one line`() {
        #expect(
            entry("1").detail.hasSuffix(
                "ann@bastion as jane, confirmed in the dashboard: upgrade → done"
            )
        )
        #expect(entry("1", result: nil).detail.hasSuffix("→ no answer came"))
    }
}
