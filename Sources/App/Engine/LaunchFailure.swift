/// Why weir could not start or a command could not be carried out, in one sentence with the next step.
package struct LaunchFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
    /// What the process exits with: 2 for wrong input and unreachable things, 1 for an outcome that is bad, 3 for one that is not known.
    package let exitCode: Int32

    package init(_ description: String, exitCode: Int32 = 2) {
        self.description = description
        self.exitCode = exitCode
    }
}
