package import Kube

/// Why an object could not be compared by a dry run, in one sentence.
package enum DryRunRefusal {
    /// One sentence for all that the same right is missing for; else what the server said.
    ///
    /// - Shape: of Secrets nothing that the server said: it and its webhooks repeat the values that they refuse, under
    ///   whatever status they choose.
    package static func words(_ failure: ClusterFailure, of entry: InventoryEntry) -> String {
        switch failure.cause {
        case .forbidden(let verb, _) where failure.message.contains("cannot \(verb) resource"):
            return
                "a dry run takes the right to \(verb) it, which you do not have here; field ownership takes none"
        // weir's own words.
        case .readOnly, .unreachable:
            return failure.message
        case .forbidden:
            return entry.isSecret ? "a policy of the cluster refuses it" : failure.message
        case .busy:
            return entry.isSecret
                ? "the API server could not answer"
                : "the API server could not answer: \(failure.message)"
        case .unauthenticated, .notFound, .conflict, .invalid, .other:
            return entry.isSecret ? "the API server does not take it as it is wanted" : failure.message
        }
    }
}
