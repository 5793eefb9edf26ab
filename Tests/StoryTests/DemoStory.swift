import Foundation
import TerminalTesting
import Testing

/// What a newcomer runs first.
struct DemoStory {
    @Test
    func `without a terminal the demo prints one frame and a table, and ends well`() throws {
        var environment = PtySession.plainEnvironment
        environment["HOME"] = FileManager.default.temporaryDirectory.path
        let demo = try FleetBox.run(
            PtySession.builtProgram("weir"),
            ["demo", "--clusters", "2", "--resources", "10"],
            environment: environment
        )
        #expect(demo.code == 0, "\(demo.complaints)")
        // The frame first, then the table.
        #expect(demo.output.contains("┌ Clusters"))
        #expect(demo.output.contains("prod-us"))
        let table = try #require(demo.output.components(separatedBy: "? help").last)
        #expect(table.contains("prod-eu") && table.contains("apps/checkout"), "\(table)")
        #expect(demo.complaints.isEmpty, "\(demo.complaints)")
    }
}
