import Foundation
import Keys
import Screen
import TerminalTesting
import Testing

/// The dashboard as a program on a terminal.
struct DashboardStory {
    @Test
    func `a resync from the keyboard is followed to its end`() throws {
        let box = try FleetBox(clusters: 1)
        let weir = try box.dashboard()
        try weir.wait(for: "apps/catalog")
        try weir.press(.tab)
        try weir.type("/name:catalog")
        try weir.press(.enter)
        try weir.wait(for: "filtered list") { $0.shows("apps/catalog") && !$0.shows("apps/gateway ") }
        try weir.press(.character("R"))
        try weir.wait(for: "Resync apps/catalog on prod-eu")
        try weir.press(.enter)
        try weir.wait(for: "answer", patience: .seconds(60)) { $0.shows("apps/catalog on prod-eu: ready") }
        try weir.press(.character("Q"))
        #expect(try weir.waitForEnd() == .exited(0))
    }

    @Test
    func `the log of a controller is followed while its tab is open`() throws {
        let box = try FleetBox(clusters: 1)
        let weir = try box.dashboard()
        try weir.wait(for: "apps/catalog")
        try weir.press(.tab)
        try weir.type("/name:catalog")
        try weir.press(.enter)
        try weir.wait(for: "filtered list") { $0.shows("apps/catalog") && !$0.shows("apps/gateway ") }
        try weir.press(.character("L"))
        try weir.wait(for: "the log was read") { $0.shows("[logs]") && !$0.shows("reading the log") }
        try weir.press(.character("R"))
        try weir.wait(for: "Resync apps/catalog on prod-eu")
        try weir.press(.enter)
        try weir.wait(for: "a new line of the log", patience: .seconds(60)) { $0.shows("info ") }
        try weir.press(.character("Q"))
        #expect(try weir.waitForEnd() == .exited(0))
    }

    @Test
    func `a wall prints one frame and takes hardly any key`() throws {
        let box = try FleetBox(clusters: 2)
        let outcome = try box.weir(["monitor", "--once", "--size", "100x30"])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("data as of"))
        #expect(outcome.output.split(separator: "\n", omittingEmptySubsequences: false).count == 31)
    }

    @Test
    func `one cluster that is down says so on its own row`() throws {
        let box = try FleetBox(clusters: 2, ["--speed", "5", "--down", "prod-us"])
        let weir = try box.dashboard()
        let picture = try weir.wait(for: "both rows") { $0.shows("refused") && $0.shows("apps/catalog") }
        let row = try #require(picture.lines.first { $0.contains("prod-us") })
        #expect(row.contains("refused"))
        let status = try box.weir(["status", "-o", "json"])
        #expect(status.code == 2)
        let report = try JSONSerialization.jsonObject(with: Data(status.output.utf8)) as? [String: Any]
        let clusters = try #require(report?["clusters"] as? [[String: Any]])
        let up = try #require(clusters.first { $0["name"] as? String == "prod-eu" })
        let down = try #require(clusters.first { $0["name"] as? String == "prod-us" })
        #expect(up["reachable"] as? Bool == true)
        #expect((up["resources"] as? [[String: Any]])?.isEmpty == false)
        #expect(down["reachable"] as? Bool == false)
        #expect((down["error"] as? String)?.contains("refused") == true)
    }

    @Test
    func `what one weir changed is in the audit of another, and its own joins it`() throws {
        let box = try FleetBox(clusters: 1)
        let other = try box.weir([
            "suspend", "ks/catalog", "-n", "apps", "--reason", "upgrade of the database",
        ])
        #expect(other.code == 0, "\(other.complaints)")
        let weir = try box.dashboard()
        try weir.wait(for: "apps/catalog")
        try weir.press(.character("9"))
        try weir.wait(for: "the other's change") {
            $0.shows("Audit") && $0.shows("apps/catalog") && $0.shows("suspend") && $0.shows("done")
        }
        try weir.wait(for: "who and why") { $0.shows("as admin") && $0.shows("upgrade of the database") }
        try weir.type(":cluster prod-eu")
        try weir.press(.enter)
        try weir.press(.tab)
        try weir.type("/name:catalog")
        try weir.press(.enter)
        try weir.wait(for: "its row") { $0.shows("apps/catalog") && !$0.shows("apps/gateway ") }
        try weir.press(.character("r"))
        try weir.wait(for: "Resume apps/catalog")
        try weir.press(.enter)
        try weir.press(.character("9"))
        try weir.wait(for: "both changes") { $0.shows("resume") && $0.shows("suspend") }
        try weir.press(.character("Q"))
        #expect(try weir.waitForEnd() == .exited(0))
        let picture = try box.weir(["snapshot", "--view", "audit"])
        #expect(picture.output.contains("resume") && picture.output.contains("suspend"), "\(picture.output)")
    }

    @Test(arguments: [Size(columns: 80, rows: 24), Size(columns: 40, rows: 12), Size(columns: 200, rows: 60)])
    func `every size shows the fleet, and a dialog survives any other`(size: Size) throws {
        let box = try FleetBox(clusters: 1)
        let weir = try box.dashboard(size: size)
        try weir.wait(for: "prod-eu")
        try weir.press(.character("?"))
        try weir.wait(for: "Help")
        weir.resize(to: Size(columns: 20, rows: 5))
        weir.resize(to: Size(columns: 100, rows: 30))
        try weir.wait(for: "the help at the new size") { $0.shows("what works here now") }
        try weir.press(.escape)
        try weir.wait(for: "the fleet again") { $0.shows("prod-eu") && !$0.shows("Help:") }
        try weir.press(.character("q"))
        #expect(try weir.waitForEnd() == .exited(0))
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
    func `the terminal is as it was after a signal`(signal: Int32) throws {
        let box = try FleetBox(clusters: 1)
        let weir = try box.dashboard()
        try weir.wait(for: "prod-eu")
        #expect(weir.picture.isAlternateScreen)
        weir.signal(signal)
        #expect(try weir.waitForEnd() == .exited(128 + signal))
        #expect(!weir.picture.isAlternateScreen)
        #expect(weir.picture.isCursorVisible)
        #expect(!weir.modes.isRaw)
    }

    @Test
    func `a snapshot without a terminal is the frame of the dashboard`() throws {
        let box = try FleetBox(clusters: 1)
        let outcome = try box.weir(["snapshot", "--size", "100x30"])
        #expect(outcome.code == 0)
        let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
        // Without the line of keys: nobody can press them there.
        #expect(lines.count == 30 && lines.last?.isEmpty == true)
        #expect(!outcome.output.contains("? help"))
        #expect(lines[0].contains("weir"))
        #expect(outcome.output.contains("apps/checkout"))
        #expect(!outcome.output.contains("\u{1B}"))
        let commits = try box.weir(["snapshot", "--view", "commits"])
        #expect(commits.output.contains("checkout: api 1.9.0"))
    }
}
