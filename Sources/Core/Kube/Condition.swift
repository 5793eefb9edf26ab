package import Chrono

/// One entry of `status.conditions`.
///
/// - Shape: `message` is one harmless line: it was sanitised when it was decoded.
/// - Source: metav1.Condition. Flux changes `lastTransitionTime` with reason and message too, so it tells
///   when the condition was last written, not since when the status holds.
package struct Condition: Hashable, Sendable {
    package enum Status: Hashable, Sendable {
        case yes, no, unknown
    }

    package let type: String
    package let status: Status
    package let reason: String
    package let message: String
    package let observedGeneration: Int64?
    package let lastTransition: Timestamp?

    package init(
        type: String,
        status: Status,
        reason: String,
        message: String = "",
        observedGeneration: Int64? = nil,
        lastTransition: Timestamp? = nil
    ) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
        self.observedGeneration = observedGeneration
        self.lastTransition = lastTransition
    }
}
