import Foundation
import Keys
import TerminalTesting
import Testing

/// Drift as one reads it, on the screen and from a script, while weir itself rolls out.
struct DriftStory {
    private func drift(_ box: FleetBox) throws -> [[String: Any]] {
        let report = try FleetBox.report(try box.weir(["drift", "-o", "json"]))
        let clusters = try #require(report["clusters"] as? [[String: Any]])
        #expect(clusters.allSatisfy { $0["watchedSince"] != nil })
        return clusters.flatMap { $0["drift"] as? [[String: Any]] ?? [] }
    }

    private func words(_ row: [String: Any]) -> String {
        let object = row["object"] as? [String: Any]
        return "\(object?["kind"] as? String ?? "-") \(object?["namespace"] as? String ?? "-")"
            + "/\(object?["name"] as? String ?? "-")"
    }

    @Test func `weir's own rollouts, there and back, are never told as drift that was put back`() throws {
        let box = try FleetBox(clusters: 1)
        let weir = try box.dashboard()
        try weir.wait(for: "apps/catalog")
        try weir.press(.character("6"))
        try weir.wait(for: "what the demo's past holds") {
            $0.shows("Service checkout/api") && $0.shows("watched for")
        }
        // The second takes back the first, and with it what was built before comes again.
        for subject in ["chore: nginx 1.27.3", "Revert \"chore: nginx 1.27.3\""] {
            let commit = try box.commit(subject)
            let done = try box.weir([
                "rollback", "--source", "fleet", "--branch", "main", commit, "--yes", "--wait",
                "--timeout", "90s",
            ])
            #expect(done.code == 0, "\(done.output) \(done.complaints)")
            try weir.wait(for: "the screen goes on") { $0.shows("Service checkout/api") }
            #expect(!weir.picture.shows("Deployment ingress/nginx"))
        }
        try weir.press(.character("Q"))
        #expect(try weir.waitForEnd() == .exited(0))

        let rows = try drift(box)
        #expect(!rows.contains { words($0) == "Deployment ingress/nginx" }, "\(rows)")
        let corrected = try #require(rows.first { words($0) == "Service checkout/api" })
        #expect(corrected["putBackBy"] as? String == "kustomize-controller")
        #expect((corrected["who"] as? [String])?.isEmpty == true && corrected["flapping"] as? Bool == false)
    }

    @Test func `the age of what was gone before weir looked is a bound, and its kind is said once`() throws {
        let box = try FleetBox(clusters: 1, [])
        let missing = try #require(try drift(box).first { $0["type"] as? String == "missing" })
        #expect(missing["since"] == nil && missing["notBefore"] != nil)
        #expect((missing["message"] as? String)?.contains("missing") == false)
        let table = try box.weir(["drift"])
        #expect(table.code != 0)
        let line = table.output.split(separator: "\n").first { $0.contains("missing") }
        #expect(line?.contains(" <") == true, "\(table.output)")
        #expect(table.output.contains("what was put back before now"))
    }
}
