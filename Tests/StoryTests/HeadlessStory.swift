import Foundation
import TerminalTesting
import Testing

/// The commands for scripts: what they print, and what they exit with.
struct HeadlessStory {
    @Test(
        arguments: [
            "dashboard", "status", "snapshot", "reconcile", "suspend", "resume", "log", "rollback", "wait",
            "drift",
            "audit", "monitor", "doctor", "demo",
        ]
    )
    func `every command's help has an example of it`(command: String) throws {
        let help = try FleetBox.run(
            PtySession.builtProgram("weir"),
            [command, "--help"],
            environment: PtySession.plainEnvironment
        )
        #expect(help.code == 0)
        #expect(help.output.contains("Example: weir \(command)"), "\(help.output)")
    }

    // MARK: - Log

    @Test func `the log tells what is in Git and who has it`() throws {
        let box = try FleetBox(clusters: 1)
        let head = try box.commit("docs: runbook for the ingress")
        let table = try box.weir(["log", "--source", "fleet", "--limit", "4"])
        #expect(table.code == 0, "\(table.complaints)")
        let lines = table.output.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines.first?.hasPrefix(head) == true && lines.first?.contains("docs: runbook") == true)
        #expect(table.output.contains("[prod-eu"), "\(table.output)")

        let report = try FleetBox.report(
            try box.weir(["log", "--source", "fleet", "--limit", "3", "-o", "json"])
        )
        #expect(report["version"] as? Int == 1 && report["branch"] as? String == "main")
        let commits = try #require(report["commits"] as? [[String: Any]])
        #expect(commits.count == 3)
        #expect((commits.first?["commit"] as? String)?.hasPrefix(head) == true)
        let places = commits.flatMap { $0["at"] as? [[String: Any]] ?? [] }
        #expect(places.contains { $0["cluster"] as? String == "prod-eu" })

        let path = try box.weir(["log", "--source", "fleet", "--path", "apps/checkout", "--limit", "1"])
        #expect(path.output.contains("checkout: api 1.9.0"))
        let text = try box.weir(["log", "--source", "fleet", "--text", "nginx 1.27.3", "--limit", "1"])
        #expect(text.output.contains("chore: nginx 1.27.3"))
        let empty = try box.weir(["log", "--source", "fleet", "--path", "no/such/path"])
        #expect(empty.code == 0 && empty.output.isEmpty)
    }

    // MARK: - Suspend and resume

    private func isSuspended(_ box: FleetBox, _ name: String, on cluster: String) throws -> Bool? {
        let report = try FleetBox.report(try box.weir(["status", "-o", "json"]))
        let clusters = try #require(report["clusters"] as? [[String: Any]])
        let resources = clusters.first { $0["name"] as? String == cluster }?["resources"] as? [[String: Any]]
        let resource = resources?.first {
            $0["kind"] as? String == "Kustomization" && $0["name"] as? String == name
        }
        return resource?["suspended"] as? Bool
    }

    @Test func `suspending says why, resuming takes it back, and the ledger has both`() throws {
        let box = try FleetBox(clusters: 2)
        let target = ["ks/catalog", "-n", "apps"]
        let silent = try box.weir(["suspend"] + target)
        #expect(silent.code == 2 && silent.complaints.contains("--reason"))
        #expect(try isSuspended(box, "catalog", on: "prod-eu") == false)

        let suspended = try box.weir(["suspend"] + target + ["--reason", "upgrade of the database"])
        #expect(suspended.code == 0, "\(suspended.complaints)")
        #expect(suspended.output.contains("apps/catalog on prod-eu: suspended"), "\(suspended.output)")
        #expect(suspended.output.contains("apps/catalog on prod-us: suspended"))
        #expect(try isSuspended(box, "catalog", on: "prod-eu") == true)
        #expect(try isSuspended(box, "catalog", on: "prod-us") == true)
        let again = try box.weir(["suspend"] + target + ["--reason", "again"])
        #expect(again.code == 0)
        #expect(
            again.output.contains("apps/catalog on prod-eu: already suspended (by "),
            "\(again.output)"
        )
        #expect(again.output.contains(": upgrade of the database, "), "\(again.output)")

        let resumed = try box.weir(["resume"] + target, on: ["prod-us"])
        #expect(resumed.code == 0 && resumed.output.contains("resumed"), "\(resumed.complaints)")
        #expect(try isSuspended(box, "catalog", on: "prod-us") == false)
        #expect(try isSuspended(box, "catalog", on: "prod-eu") == true)

        let audit = try FleetBox.report(try box.bare(["audit", "-o", "json"]))
        #expect(audit["version"] as? Int == 1)
        let changes = try #require(audit["changes"] as? [[String: Any]])
        #expect(changes.map { $0["action"] as? String } == ["resume", "suspend", "suspend"])
        for change in changes {
            #expect(change["result"] as? String == "done")
            #expect(change["clusterIdentity"] as? String == "admin")
            #expect(change["subject"] as? String == "Kustomization apps/catalog")
        }
        #expect(changes.last?["plan"] as? String == "upgrade of the database")
    }

    @Test func `where one of several is refused, nothing is sent to any`() throws {
        let box = try FleetBox(clusters: 2, ["--speed", "5", "--down", "prod-us"])
        let target = ["suspend", "ks/catalog", "-n", "apps", "--reason", "why"]
        let down = try box.weir(target)
        #expect(down.code == 2, "\(down.output)")
        #expect(
            down.complaints.contains("prod-us") && down.complaints.contains("refused"),
            "\(down.complaints)"
        )
        #expect(try isSuspended(box, "catalog", on: "prod-eu") == false)

        let config = try box.config("[[cluster]]\ncontext = \"prod-eu\"\nprotected = true\n")
        let protected = try box.weir(target + config, on: ["prod-eu"])
        #expect(protected.code == 2 && protected.complaints.contains("--confirm prod-eu"))
        let readOnly = try box.weir(target + ["--read-only"], on: ["prod-eu"])
        #expect(readOnly.code == 2 && readOnly.complaints.contains("read-only"), "\(readOnly.complaints)")
        let nobody = try box.weir(
            ["suspend", "ks/nothing", "-n", "apps", "--reason", "why"],
            on: ["prod-eu"]
        )
        #expect(nobody.code == 2 && nobody.complaints.contains("apps/nothing"))
        let viewer = try box.weir(target, on: ["prod-eu-viewer"])
        #expect(viewer.code == 2 && viewer.complaints.contains("patch"), "\(viewer.complaints)")
        #expect(try isSuspended(box, "catalog", on: "prod-eu") == false)

        let confirmed = try box.weir(target + config + ["--confirm", "prod-eu"], on: ["prod-eu"])
        #expect(confirmed.code == 0, "\(confirmed.complaints)")
    }

    @Test func `a suspension needs the cluster's name`() throws {
        let box = try FleetBox(clusters: 1)
        let outcome = try box.weir(["resume", "ks/catalog", "-n", "apps"], on: [])
        #expect(outcome.code == 2 && outcome.complaints.contains("--context"))
    }

    // MARK: - Wait

    @Test func `waiting ends well when all run the commit, and says who does not`() throws {
        let box = try FleetBox(clusters: 2)
        let us = ["prod-us"]
        let head = try box.commit("docs: runbook for the ingress")
        let early = try box.weir(
            ["wait", "--revision", head, "--source", "fleet", "--timeout", "2s"],
            on: us
        )
        #expect(early.code == 1, "\(early.output) \(early.complaints)")
        #expect(early.output.contains("apps/checkout on prod-us"), "\(early.output)")

        let bad = try box.commit("checkout: api 1.9.0")
        let rollback = try box.weir(["rollback", bad, "--source", "fleet", "--yes"], on: us)
        #expect(rollback.code == 0, "\(rollback.complaints)")
        let revert = try box.commit("Revert \"checkout: api 1.9.0\"")
        let wait = ["wait", "--revision", "main@sha1:\(revert)", "--source", "fleet", "-o", "json"]
        let outcome = try box.weir(wait + ["--timeout", "90s"], on: us)
        #expect(outcome.code == 0, "\(outcome.output) \(outcome.complaints)")
        let report = try FleetBox.report(outcome)
        #expect(report["version"] as? Int == 1 && report["done"] as? Bool == true)
        let rows = try #require(report["rows"] as? [[String: Any]])
        let checkout = try #require(rows.first { $0["name"] as? String == "checkout" })
        #expect(checkout["stage"] as? String == "healthy" && checkout["cluster"] as? String == "prod-us")
        // A later commit that contains it counts too.
        #expect(try box.weir(["wait", "--revision", head, "--source", "fleet"], on: us).code == 0)
    }

    @Test func `what is suspended is told and not waited for`() throws {
        let box = try FleetBox(clusters: 2)
        let us = ["prod-us"]
        let held = try box.weir(["suspend", "ks/catalog", "-n", "apps", "--reason", "held back"], on: us)
        #expect(held.code == 0, "\(held.complaints)")
        let bad = try box.commit("checkout: api 1.9.0")
        let rollback = try box.weir(["rollback", bad, "--source", "fleet", "--yes"], on: us)
        #expect(rollback.code == 0, "\(rollback.complaints)")
        let revert = try box.commit("Revert \"checkout: api 1.9.0\"")
        let outcome = try box.weir(
            ["wait", "--revision", revert, "--source", "fleet", "--timeout", "90s"],
            on: us
        )
        #expect(outcome.output.contains("apps/catalog on prod-us: "), "\(outcome.output)")
        #expect(outcome.output.contains("held back (not waited for)"), "\(outcome.output)")
        #expect(outcome.code == 0, "\(outcome.output) \(outcome.complaints)")
    }

    @Test func `a word that is no command is told with what was meant`() throws {
        let box = try FleetBox(clusters: 1)
        let slip = try box.bare(["statsu"])
        #expect(
            slip.code == 64 && slip.complaints == "weir: unknown command 'statsu', did you mean status?\n"
        )
        let option = try box.bare(["--theme", "dark", "stats"])
        #expect(option.code == 64 && option.complaints.contains("'stats'"), "\(option.complaints)")
        #expect(try box.bare(["help", "status"]).code == 0)
        // The word after an option that is not known here may be its value.
        let completion = try box.bare(["--generate-completion-script", "bash"])
        #expect(completion.code == 0 && completion.output.contains("complete"), "\(completion.complaints)")
        #expect(try !box.bare(["-o", "json", "status"]).complaints.contains("'json'"))
    }

    @Test func `a cluster that tells nothing is not counted as being there`() throws {
        let box = try FleetBox(clusters: 2, ["--speed", "5", "--down", "prod-us"])
        let old = try box.subjects(60).last?.split(separator: " ").first.map(String.init)
        let revision = try #require(old)
        let wait = [
            "wait", "--revision", revision, "--source", "fleet", "--branch", "main", "--timeout", "3s",
        ]
        let outcome = try box.weir(wait + ["-o", "json"])
        #expect(outcome.code == 1, "\(outcome.output) \(outcome.complaints)")
        #expect(try FleetBox.report(outcome)["silent"] as? [String] == ["prod-us"])
    }

    /// What cannot be done, with what its one sentence must name.
    private static let unclear: [(arguments: [String], name: String)] = [
        (["wait", "--revision", "soon", "--source", "fleet"], "--revision soon"),
        (["wait", "--revision", "0000000", "--source", "fleet"], "0000000"),
        (["wait", "--revision", "0000000", "--source", "nowhere"], "nowhere"),
        (["wait", "--revision", "0000000", "--source", "fleet", "--branch", "gone"], "gone"),
        (["wait", "--revision", "0000000", "--source", "fleet", "--timeout", "soon"], "--timeout soon"),
        (["log", "--source", "nowhere"], "nowhere"),
        (["log", "--source", "fleet", "--limit", "0"], "--limit 0"),
        (["suspend", "catalog", "-n", "apps", "--reason", "x"], "KIND/NAME"),
        (["rollback", "--source", "fleet", "--yes"], "FROM..TO"),
        (["rollback", "..a", "--source", "fleet", "--yes"], "..a"),
        (["rollback", "a..", "--source", "fleet", "--yes"], "a is no commit"),
        (["rollback", "a...b", "--source", "fleet", "--yes"], "a...b"),
        (["rollback", "a", "b..c", "--source", "fleet", "--yes"], "b..c"),
        (["rollback", "--path", "apps", "--source", "fleet", "--yes"], "--to"),
        (["rollback", "--to", "abcdefg", "--source", "fleet", "--yes"], "--path"),
        (["rollback", "a", "--path", "apps", "--to", "b", "--source", "fleet", "--yes"], "--path"),
        (["rollback", "a", "--source", "fleet", "-o", "json"], "--dry-run"),
        (["rollback", "a", "--source", "fleet", "--yes", "--wait", "--new-branch", "b"], "--new-branch"),
        (["rollback", "0000000..1111111", "--source", "fleet", "--yes"], "1111111"),
        (["rollback", "--path", "apps", "--to", "0000000", "--source", "fleet", "--yes"], "0000000"),
        (["audit", "--since", "yesterday"], "--since yesterday"),
    ]

    @Test func `nobody guesses`() throws {
        let box = try FleetBox(clusters: 1)
        for (arguments, name) in HeadlessStory.unclear {
            let outcome = try arguments[0] == "audit" ? box.bare(arguments) : box.weir(arguments)
            #expect(outcome.code == 2, "\(arguments) \(outcome.output)")
            #expect(outcome.complaints.contains(name), "\(arguments) \(outcome.complaints)")
            #expect(outcome.complaints.split(separator: "\n").count == 1, "\(outcome.complaints)")
        }
    }

    // MARK: - Output

    @Test(arguments: [
        ["status"], ["status", "-o", "json"], ["doctor"], ["log", "--source", "fleet"], ["drift"],
    ])
    func `a reader that had enough ends it without a word`(arguments: [String]) throws {
        let box = try FleetBox(clusters: 1)
        let outcome = try box.weirWithoutReader(arguments)
        // By SIGPIPE like any filter, or by its own code where whoever started it ignores that signal.
        #expect(outcome.code == 128 + SIGPIPE || (0...2).contains(outcome.code), "\(outcome.code)")
        #expect(outcome.complaints.isEmpty, "\(outcome.complaints)")
    }

    @Test func `a change that was ordered is made though nobody reads on`() throws {
        let box = try FleetBox(clusters: 1)
        let outcome = try box.weirWithoutReader(["suspend", "ks/catalog", "-n", "apps", "--reason", "why"])
        #expect(outcome.code == 0, "\(outcome.complaints)")
        #expect(try isSuspended(box, "catalog", on: "prod-eu") == true)
    }
}
