import Foundation
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
        let process = Process()
        process.executableURL = Kubectl.program
        process.arguments = ["--kubeconfig", kubeconfig, "--context", context] + arguments
        process.environment = ["HOME": NSTemporaryDirectory(), "PATH": "/usr/bin:/bin"].merging(environment) {
            $1
        }
        let (standardInput, output) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data((input ?? "").utf8))
        try standardInput.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "kubectl \(arguments): \(text)")
        return text
    }
}
