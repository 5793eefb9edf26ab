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

    /// True where what is seen now is what was seen then, and no run of the applier would have ended it since.
    ///
    /// - Shape: the same hands on the same fields; a removal has no hand that could be named.
    package func isSame(as drift: ObjectDrift, lastPutRight: Timestamp?) -> Bool {
        let stays = !drift.hands.contains { $0.returns == true }
        return !isMissing && by == drift.hands.map(\.name).filter { !$0.isEmpty } && fields == drift.fields
            && (stays || lastPutRight.map { $0 < began } ?? true)
    }
}
