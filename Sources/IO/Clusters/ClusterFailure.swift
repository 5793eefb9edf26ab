/// Why a cluster did not do what it was asked to.
package struct ClusterFailure: Error, Sendable, Hashable {
    package enum Cause: Sendable, Hashable {
        /// No answer, or none in time; a change may have happened all the same.
        case unreachable
        /// 401: the credentials are not accepted.
        case unauthenticated
        case forbidden(verb: String, resource: String)
        case notFound
        /// Somebody else changed the object meanwhile.
        case conflict
        /// weir itself refused: the session may not change anything.
        case readOnly
        /// The server did not accept the change.
        case invalid
        /// 429 and 5xx: the server, or a webhook of it, could not answer.
        case busy
        case other
    }

    package let cause: Cause
    /// One harmless sentence for the operator.
    package let message: String
    /// After what time the server wants to be asked again; nil where it did not say.
    package let retryAfter: Duration?

    package init(_ cause: Cause, _ message: String, retryAfter: Duration? = nil) {
        self.retryAfter = retryAfter
        self.cause = cause
        self.message = message
    }
}
