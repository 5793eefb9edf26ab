/// Which labels an object must have: the parsed form of `labelSelector`.
package struct LabelSelector: Sendable, Equatable {
    /// Reads a selector such as `app=web,tier in (a,b),!legacy`; throws the 400 of a real server.
    package init(parsing text: String) throws(APIStatus) {
    }

    /// Whether an object's labels fit.
    package func matches(_ object: JSON) -> Bool {
        true
    }
}
