/// Why something about Git did not work; in every case but `unclear` nothing was changed.
package struct GitFailure: Error, Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        case unreachable, authentication, notFound, conflict
        /// The branch is at this commit now, not where the plan expected it.
        case movedTip(String)
        /// The server refused the ref; the reason is in the message.
        case rejected
        case readOnly
        case invalid
        /// The connection broke while the server was deciding: the branch tells whether it took the commit.
        case unclear
        case other
    }

    package let cause: Cause
    /// One sentence with what was expected and what to do; never a credential.
    package let message: String

    package init(_ cause: Cause, _ message: String) {
        self.cause = cause
        self.message = message
    }
}
