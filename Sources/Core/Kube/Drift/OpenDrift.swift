package import Chrono

/// A difference that an earlier weir saw begin, and nobody saw end.
package struct OpenDrift: Hashable, Sendable {
    package let entry: InventoryEntry
    package let applier: ObjectRef
    /// Who had changed it, in people's words and the order of the hands; empty for an object that was missing.
    package let by: [String]
    package let fields: [String]
    package let isMissing: Bool
    package let began: Timestamp

    package init(
        entry: InventoryEntry,
        applier: ObjectRef,
        by: [String],
        fields: [String],
        isMissing: Bool,
        began: Timestamp
    ) {
        self.entry = entry
        self.applier = applier
        self.by = by
        self.fields = fields
        self.isMissing = isMissing
        self.began = began
    }

    /// True where what is seen now is what was seen then: the same hands on the same fields.
    ///
    /// - Shape: a removal has no hand that could be named, and a weir that starts does not see it.
    package func isSame(as drift: ObjectDrift, by resource: FluxResource?) -> Bool {
        let isLeftAlone = drift.hands.allSatisfy { $0.returns == false }
        return !isMissing && by == drift.hands.map(\.name).filter { !$0.isEmpty } && fields == drift.fields
            && hasLasted(by: resource, isLeftAlone: isLeftAlone)
    }

    /// True where an object that is missing has been so since.
    package func isSame(as missing: MissingObject, by resource: FluxResource?) -> Bool {
        isMissing && hasLasted(by: resource, isLeftAlone: false)
    }

    /// True where no run of the applier can have ended it since; what is not on record may have.
    private func hasLasted(by resource: FluxResource?, isLeftAlone: Bool) -> Bool {
        guard let resource, resource.created.map({ $0 < began }) ?? true else {
            return false
        }
        guard !isLeftAlone else {
            return true
        }
        let end: Timestamp?
        if resource.kind == .helmRelease {
            // Its own corrections leave no time.
            end =
                resource.applier?.driftDetection == .corrects
                ? nil : resource.applier?.history.first?.lastReconciled
        } else {
            end = resource.isCheckingHealth ? nil : resource.lastWrite?.lastReconciled
        }
        return end.map { $0 < began } ?? false
    }
}
