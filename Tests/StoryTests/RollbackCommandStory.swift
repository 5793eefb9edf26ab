import Foundation
import TerminalTesting
import Testing

/// Rolling back from a script: ranges, several commits, paths, branches, and what a plan says as JSON.
struct RollbackCommandStory {
    private func rollback(_ box: FleetBox, _ arguments: [String]) throws -> FleetBox.Outcome {
        try box.weir(["rollback", "--source", "fleet", "--branch", "main"] + arguments)
    }

    private func dryRun(_ box: FleetBox, _ arguments: [String]) throws -> [String: Any] {
        let outcome = try rollback(box, arguments + ["--dry-run", "-o", "json"])
        #expect(outcome.code == 0, "\(outcome.complaints)")
        return try FleetBox.report(outcome)
    }

    @Test func `a dry run as JSON has plan, reach and traps, and pushes nothing`() throws {
        let box = try FleetBox(clusters: 3)
        let before = try box.subjects(1)
        let bad = try box.commit("checkout: api 1.9.0")
        let report = try dryRun(box, [bad, "--reason", "bad check"])
        #expect(report["version"] as? Int == 1 && report["result"] as? String == "planned")
        #expect(report["branch"] as? String == "main" && report["push"] == nil && report["newBranch"] == nil)
        let plan = try #require(report["plan"] as? [String: Any])
        let aim = try #require(plan["aim"] as? [String: Any])
        #expect(aim["type"] as? String == "commit")
        #expect((plan["message"] as? String)?.contains("bad check") == true)
        let files = try #require(plan["files"] as? [[String: Any]])
        #expect(files.contains { ($0["path"] as? String)?.hasPrefix("apps/checkout/") == true })
        let lines = files.flatMap { $0["lines"] as? [String] ?? [] }
        #expect(lines.contains { $0.hasPrefix("-") && $0.contains("1.9.0") })
        #expect(lines.contains { $0.hasPrefix("+") && $0.contains("1.8.3") })
        let rows = try #require(plan["rows"] as? [[String: Any]])
        let changing = rows.filter {
            $0["reach"] as? String == "changes" && $0["name"] as? String == "checkout"
        }
        #expect(Set(changing.compactMap { $0["cluster"] as? String }) == ["prod-eu", "prod-us"])
        let staging = rows.first {
            $0["cluster"] as? String == "staging" && $0["name"] as? String == "checkout"
        }
        #expect(staging?["reach"] as? String == "notAffected" && staging?["why"] != nil)
        #expect(plan["traps"] is [[String: Any]] && (plan["conflicts"] as? [Any])?.isEmpty == true)
        #expect(try box.subjects(1) == before)
    }

    @Test func `a range is undone in one commit, and what it did is healthy again`() throws {
        let box = try FleetBox(clusters: 2)
        let from = try box.commit("chore: nginx 1.27.3")
        let to = try box.commit("catalog: more memory")
        let report = try dryRun(box, ["\(from)..\(to)"])
        let aim = try #require((report["plan"] as? [String: Any])?["aim"] as? [String: Any])
        let reverts = try #require(aim["reverts"] as? [[String: Any]])
        #expect(aim["type"] as? String == "range")
        #expect(
            reverts.compactMap { $0["subject"] as? String } == [
                "catalog: more memory", "checkout: api 1.9.0",
            ]
        )

        let done = try rollback(box, ["\(from)..\(to)", "--yes", "--wait", "--timeout", "90s", "-o", "json"])
        #expect(done.code == 0, "\(done.output) \(done.complaints)")
        let outcome = try FleetBox.report(done)
        #expect(outcome["result"] as? String == "healthy")
        let rows = try #require(outcome["convergence"] as? [[String: Any]])
        #expect(!rows.isEmpty && rows.allSatisfy { $0["stage"] as? String == "healthy" })
        #expect(try box.subjects(1).first?.contains("Revert 2 commits") == true)
    }

    @Test func `several commits are undone newest first`() throws {
        let box = try FleetBox(clusters: 1)
        let one = try box.commit("checkout: api 1.9.0")
        let two = try box.commit("catalog: more memory")
        let text = try rollback(box, [one, two, "--dry-run"])
        #expect(text.code == 0, "\(text.complaints)")
        #expect(text.output.hasPrefix("Revert 2 commits\n"), "\(text.output)")
        let report = try dryRun(box, [one, two])
        let aim = try #require((report["plan"] as? [String: Any])?["aim"] as? [String: Any])
        let reverts = try #require(aim["reverts"] as? [[String: Any]])
        #expect(
            reverts.compactMap { $0["subject"] as? String } == [
                "catalog: more memory", "checkout: api 1.9.0",
            ]
        )
    }

    @Test func `a path goes back to how it was`() throws {
        let box = try FleetBox(clusters: 1)
        let to = try box.commit("chore: nginx 1.27.3")
        let aim = ["--path", "apps/checkout", "--to", to]
        let text = try rollback(box, aim + ["--dry-run"])
        #expect(text.code == 0, "\(text.complaints)")
        #expect(text.output.hasPrefix("Put apps/checkout back to \(to)"), "\(text.output)")
        #expect(text.output.contains("checkout: api 1.9.0"))
        let done = try rollback(box, aim + ["--yes"])
        #expect(done.code == 0, "\(done.complaints)")
        #expect(try box.subjects(1).first?.contains("Put apps/checkout back to \(to)") == true)
        let nothing = try rollback(
            box,
            ["--path", "infra", "--to", try box.commit("catalog: more memory"), "--yes"]
        )
        #expect(nothing.code == 2, "\(nothing.output)")
    }

    @Test func `a new branch is for a pull request, and changes no cluster`() throws {
        let box = try FleetBox(clusters: 1)
        let before = try box.subjects(1)
        let bad = try box.commit("checkout: api 1.9.0")
        let push = [bad, "--new-branch", "weir/checkout-back", "--yes"]
        let done = try rollback(box, push + ["-o", "json"])
        #expect(done.code == 0, "\(done.complaints)")
        let report = try FleetBox.report(done)
        #expect(
            report["result"] as? String == "pushed" && report["newBranch"] as? String == "weir/checkout-back"
        )
        #expect((report["push"] as? [String: Any])?["branch"] as? String == "weir/checkout-back")
        #expect(report["convergence"] == nil)
        #expect(try box.subjects(1) == before)
        #expect(try box.branches().contains("weir/checkout-back"))
        let subjects = try box.subjects(1, branch: "weir/checkout-back")
        #expect(subjects.first?.hasSuffix("Revert \"checkout: api 1.9.0\"") == true)
        // A branch that is there already is left alone.
        let again = try rollback(box, push)
        #expect(again.code == 2 && again.complaints.contains("weir/checkout-back"), "\(again.complaints)")
        #expect(try box.subjects(1, branch: "weir/checkout-back") == subjects)
    }

    @Test func `a rollback is in the ledger with its author, its plan and its commit`() throws {
        let box = try FleetBox(clusters: 1)
        let bad = try box.commit("checkout: api 1.9.0")
        #expect(try rollback(box, [bad, "--yes"]).code == 0)
        let audit = try FleetBox.report(try box.bare(["audit", "-o", "json"]))
        let changes = try #require(audit["changes"] as? [[String: Any]])
        let revert = try #require(changes.first { $0["action"] as? String == "revert" })
        #expect((revert["gitIdentity"] as? String)?.contains("@") == true)
        #expect((revert["plan"] as? String)?.contains("Revert \"checkout: api 1.9.0\"") == true)
        #expect(revert["result"] as? String == "done")
        #expect((revert["subject"] as? String)?.hasPrefix("main of ") == true)
        let table = try box.bare(["audit"])
        #expect(table.output.contains("WHEN") && table.output.contains("revert"))
    }
}
