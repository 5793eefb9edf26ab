import Keys
import Screen
import TerminalTesting
import Testing

/// The main job, as an operator does it.
struct RollbackStory {
    @Test
    func `from a failing resource to a healthy fleet, with the keyboard alone`() throws {
        let box = try FleetBox()
        let weir = try box.dashboard()

        // Which cluster is the worst changes while one retries: the operator goes to this one by its name.
        try weir.wait(for: "all rows") { picture in
            box.clusters.allSatisfy { picture.shows("\($0) ") } && picture.shows("Sync · ")
                && !picture.shows("connecting") && !picture.shows("– drifted")
        }
        try weir.type(":cluster prod-eu")
        try weir.press(.enter)
        try weir.wait(for: "Sync · prod-eu")
        try weir.press(.tab)
        try weir.type("/name:checkout")
        try weir.press(.enter)
        try weir.wait(for: "failing resource") {
            $0.shows("apps/checkout") && $0.shows("health check failed")
        }
        try weir.press(.character("X"))

        // weir proposes the commit that changed what the resource is built from.
        try weir.wait(for: "proposal") { $0.shows("checkout: api 1.9.0") && $0.shows("Esc back") }
        try weir.wait(for: "its diff") { $0.shows("checkout-api:1.9.0") }
        try weir.press(.character("X"))
        try weir.wait(for: "plan") { $0.shows("Who changes") && $0.shows("push to main") }
        try weir.wait(for: "what is not affected") { $0.shows("tracks branch staging") }

        // Tab goes round the fields; the last is the push.
        try weir.press(.backTab)
        try weir.wait(for: "push the revert")
        try weir.press(.enter)

        try weir.wait(for: "Convergence", patience: .seconds(60))
        try weir.wait(for: "everyone healthy", patience: .seconds(120)) { $0.shows("2 of 2 done") }
        #expect(try box.subjects(1).first?.hasSuffix("Revert \"checkout: api 1.9.0\"") == true)

        // Back in the fleet view nothing of the failure is left.
        try weir.press(.character("1"))
        try weir.wait(for: "a fleet without the failure", patience: .seconds(60)) {
            $0.shows("Clusters") && !$0.shows("health check failed")
        }
        try weir.type(":quit")
        try weir.press(.enter)
        #expect(try weir.waitForEnd() == .exited(0))
    }

    @Test
    func `the same with one command`() throws {
        let box = try FleetBox()
        let bad = try box.commit("checkout: api 1.9.0")

        let plan = try box.weir(["rollback", bad, "--source", "fleet", "--dry-run", "--branch", "main"])
        #expect(plan.code == 0)
        #expect(plan.output.contains("Who changes"))
        #expect(
            try box.commit("docs: runbook for the ingress") == box.subjects(1)[0].split(separator: " ")[0]
        )

        let refused = try box.weir(["rollback", bad, "--source", "fleet", "--branch", "main"])
        #expect(refused.code == 2)
        #expect(refused.complaints.contains("--yes"))

        let done = try box.weir([
            "rollback", bad, "--source", "fleet", "--branch", "main", "--yes", "--wait", "--reason",
            "bad check",
        ])
        #expect(done.code == 0, "\(done.output) \(done.complaints)")
        #expect(done.output.contains("apps/checkout on prod-eu: healthy"))
        #expect(done.output.contains("apps/checkout on prod-us: healthy"))

        let status = try box.weir(["status", "-o", "json"], on: ["prod-eu", "prod-us"])
        #expect(!status.output.contains("HealthCheckFailed"))
    }

    @Test
    func `read-only means that nothing is pushed or patched`() throws {
        let box = try FleetBox(clusters: 1)
        let before = try box.subjects(1)
        let bad = try box.commit("checkout: api 1.9.0")

        let rollback = try box.weir(["rollback", bad, "--source", "fleet", "--yes", "--read-only"])
        #expect(rollback.code == 2)
        #expect(rollback.complaints.contains("read-only"))
        let resync = try box.weir(["reconcile", "ks/checkout", "-n", "apps", "--read-only"])
        #expect(resync.code == 2)
        #expect(resync.complaints.contains("read-only"))
        #expect(try box.subjects(1) == before)
    }

    @Test(
        arguments: [
            (["rollback", "0000000", "--source", "fleet", "--yes"], "0000000"),
            (["rollback", "HEAD", "--source", "nowhere", "--yes"], "nowhere"),
            (["rollback", "main", "--source", "fleet", "--yes", "--timeout", "soon"], "--timeout soon"),
            (["reconcile", "checkout", "-n", "apps"], "KIND/NAME"),
            (["reconcile", "ks/nothing", "-n", "apps"], "nothing"),
            (["snapshot", "--size", "wide"], "--size wide"),
            (["snapshot", "--view", "sky"], "--view sky"),
        ]
    )
    func `what cannot be done is one sentence that names it`(arguments: [String], name: String) throws {
        let box = try FleetBox(clusters: 1)
        let outcome = try box.weir(arguments)
        #expect(outcome.code == 2)
        #expect(outcome.complaints.contains(name), "\(outcome.complaints)")
        #expect(outcome.complaints.split(separator: "\n").count == 1, "\(outcome.complaints)")
    }
}
