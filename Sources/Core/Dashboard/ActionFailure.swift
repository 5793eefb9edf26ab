/// Why a cluster did not do what it was asked.
package struct ActionFailure: Error, Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        case forbidden, notFound, conflict, unreachable
        /// The process or the cluster is read-only: nothing was sent.
        case readOnly
        case invalid, other
    }

    package let cause: Cause
    /// One harmless sentence.
    package let message: String

    package init(_ cause: Cause, _ message: String) {
        self.cause = cause
        self.message = message
    }
}
