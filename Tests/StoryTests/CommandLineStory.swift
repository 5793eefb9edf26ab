import Foundation
import TerminalTesting
import Testing

/// What the command line takes, and the one sentence for what it does not.
struct CommandLineStory {
    private func weir(_ arguments: String...) throws -> FleetBox.Outcome {
        try FleetBox.run(
            PtySession.builtProgram("weir"),
            arguments,
            environment: PtySession.plainEnvironment
        )
    }

    @Test
    func `options may stand before the command, as with kubectl`() throws {
        let outcome = try weir("--kubeconfig", "/no/such", "--context=prod", "--read-only", "status")
        #expect(outcome.code == 2)
        #expect(
            outcome.complaints == """
                weir: /no/such: cannot be read: there is no such file; \
                name a kubeconfig that can be used with --kubeconfig

                """
        )
    }

    @Test
    func `a value that is the name of a command stays a value`() throws {
        let outcome = try weir("--kubeconfig", "status", "snapshot", "--help")
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("--size"))
    }
}
