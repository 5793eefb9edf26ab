import Foundation
import ProgramTesting
import Testing

/// A real kubectl on one of the simulated clusters.
struct Kubectl {
    /// The program, from `WEIR_KUBECTL`; nil where there is none.
    static let program = ProcessInfo.processInfo.environment["WEIR_KUBECTL"].flatMap { path in
        FileManager.default.isExecutableFile(atPath: path) ? URL(fileURLWithPath: path) : nil
    }

    let kubeconfig: String
    let context: String

    /// Runs a command and gives what it printed; a failure is an issue of the test.
    @discardableResult
    func callAsFunction(
        _ arguments: String...,
        input: String? = nil,
        environment: [String: String] = [:]
    ) async throws -> String {
        let ended = try Child.run(
            Kubectl.program?.path ?? "",
            ["--kubeconfig", kubeconfig, "--context", context] + arguments,
            environment: ["HOME": NSTemporaryDirectory(), "PATH": "/usr/bin:/bin"].merging(environment) {
                $1
            },
            input: input ?? ""
        )
        let text = ended.output + ended.errors
        #expect(ended.status == 0, "kubectl \(arguments): \(text)")
        return text
    }
}
