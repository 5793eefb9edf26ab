import Chrono
import Configuration
import Dashboard
import Foundation
import Git
import Kube
import Testing

// Undo, merges, the words of the commit, and freezes.
extension RollbackTests {
    // MARK: Undo and merges

    @Test func `z after a push plans the revert of the revert`() {
        var rehearsal = previewed()
        rehearsal.send(.pushed(.success(receipt), ticket(toPush(&rehearsal))))
        let effects = rehearsal.type("z")
        var back = request
        back.commit = receipt.commit
        guard case .planRevert(back, _)? = effects.first else {
            Issue.record("no plan was asked for")
            return
        }
        #expect(rehearsal.rollback?.isUndo == true)
    }

    @Test func `a merge goes back to its first parent, and m chooses another`() {
        var rehearsal = fleet()
        let merge = Commit(
            id: Sample.bad,
            parents: [Sample.old, Sample.new],
            author: "dev",
            email: "dev@example.org",
            committed: Sample.start,
            subject: "merge"
        )
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.commit("moved"))))
        let page = LogPage(query: query, tip: Sample.bad, offset: 0, commits: [merge], isLast: true)
        rehearsal.send(.logLoaded(.success(page), Ticket(3)))
        var first = request
        first.mainline = 1
        let planned = rehearsal.type("X")
        #expect(planned.first == .planRevert(first, ticket(planned)))
        var second = request
        second.mainline = 2
        let replanned = rehearsal.type("m")
        #expect(replanned == [.planRevert(second, ticket(replanned))])
    }

    @Test func `keys at any moment and any size leave a state that holds`() {
        var rehearsal = previewed()
        for size in [(1, 1), (40, 12), (400, 120)] {
            rehearsal.send(.resized(columns: size.0, rows: size.1))
            rehearsal.type("jkGg<PgDn><Tab>x<Tab>")
        }
        rehearsal.show("prod-eu", [])
        rehearsal.show("prod-us", [], link: .unreachable("gone", since: Sample.start))
        #expect(rehearsal.rollback != nil)
    }

    @Test func `only the confirm step makes a plan that may be pushed`() throws {
        let room = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Core/Dashboard")
        let files = try FileManager.default.contentsOfDirectory(atPath: room.path)
        var makers: [String] = []
        for name in files {
            let text = try String(contentsOf: room.appending(path: name), encoding: .utf8)
            if text.contains("Confirmed(byOperator:") {
                makers.append(name)
            }
        }
        #expect(makers == ["AppState+RollbackKeys.swift"])
    }

    // MARK: Wording and freezes

    @Test func `the subject can be worded otherwise and the rest of the message stays`() {
        var rehearsal = previewed()
        #expect(rehearsal.rollback?.subject.text == "Revert \"change\"")
        while rehearsal.rollback?.focus != .subject {
            rehearsal.type("<Tab>")
        }
        rehearsal.type("<Ctrl-u>Take back the change")
        let effects = toPush(&rehearsal)
        guard case .commitAndPush(let confirmed, _) = effects.first else {
            Issue.record("nothing is pushed: \(effects)")
            return
        }
        #expect(confirmed.value.message == "Take back the change\n\nReason")
    }

    @Test func `a commit without a subject is not pushed`() {
        var rehearsal = previewed()
        while rehearsal.rollback?.focus != .subject {
            rehearsal.type("<Tab>")
        }
        rehearsal.type("<Ctrl-u>")
        #expect(toPush(&rehearsal).isEmpty)
        #expect(rehearsal.rollback?.problem == "the commit needs a subject")
    }

    @Test func `a frozen cluster is told and asks for its name`() {
        var settings = Settings()
        let from = Sample.start.advanced(by: .seconds(-60))
        let until = Sample.start.advanced(by: .seconds(3_600))
        settings.freezes = [
            FreezeWindow(context: "prod-us", name: "holidays", span: .once(from: from, until: until))
        ]
        var rehearsal = previewed(in: fleet(settings: settings))
        #expect(rehearsal.rollback?.requiredName == "prod-us")
        let sentence = rehearsal.rollback?.blastRadius?.traps.map(\.sentence).first
        #expect(
            sentence == "prod-us is in a freeze (holidays) until \(until.rfc3339): its name must be typed"
        )
        #expect(toPush(&rehearsal).isEmpty)
        #expect(rehearsal.rollback?.problem == "type prod-us to confirm: it is frozen")
        #expect(rehearsal.type("prod-us<Enter>").filter(\.isMutating).count == 1)
    }

    @Test func `after a freeze nothing is asked`() {
        var settings = Settings()
        settings.freezes = [
            FreezeWindow(
                context: "*",
                name: "past",
                span: .once(from: Timestamp(seconds: 0), until: Sample.start)
            )
        ]
        let rehearsal = previewed(in: fleet(settings: settings))
        #expect(rehearsal.rollback?.requiredName == nil)
        #expect(rehearsal.rollback?.blastRadius?.frozen == [])
    }

    @Test func `all lines of a long conflict can be scrolled to`() {
        let conflict = FileConflict(
            path: "apps/checkout/api.yaml",
            lines: (0..<80).map { "line \($0)" },
            changedBy: Sample.log([Sample.new])
        )
        var rehearsal = previewed(plan(conflicts: [conflict]))
        rehearsal.type("G")
        #expect(rehearsal.rollback?.scroll ?? 0 >= 80)
    }
}
