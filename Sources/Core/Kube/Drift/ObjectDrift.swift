package import Chrono

/// An object of an inventory that somebody else changed, as far as field ownership tells.
///
/// - Shape: `hands` is never empty. What the API server does not record is not in it: a value that Git's own
///   manager wrote by hand, or a removed field of an object that weir had not seen before.
package struct ObjectDrift: Hashable, Sendable {
    package let entry: InventoryEntry
    package let applier: ObjectRef
    /// Who changed what, the one with most weight first.
    package let hands: [DriftHand]
    /// When weir first saw it so.
    package let seen: Timestamp
    /// What is known of its beginning where no hand left a time.
    private let sighted: Onset

    /// - Shape: without `sighted` the change was made before weir's eyes, when it was `seen`.
    package init(
        entry: InventoryEntry,
        applier: ObjectRef,
        hands: [DriftHand],
        seen: Timestamp,
        sighted: Onset? = nil
    ) {
        self.entry = entry
        self.applier = applier
        self.hands = hands
        self.seen = seen
        self.sighted = sighted ?? .at(seen)
    }

    /// The same object, seen at the same time, with other hands.
    package func having(_ hands: [DriftHand]) -> ObjectDrift {
        ObjectDrift(entry: entry, applier: applier, hands: hands, seen: seen, sighted: sighted)
    }

    /// Since when it differs: the first time that a hand left, or else what weir saw.
    package var onset: Onset {
        hands.compactMap(\.time).min().map(Onset.at) ?? sighted
    }

    /// The paths that all hands changed, the gravest first.
    package var fields: [String] {
        hands.flatMap(\.fields).gravestFirst { $0 }
    }

    /// True where only other programs added fields of their own, which Flux leaves as they are.
    package var isQuiet: Bool {
        hands.allSatisfy { $0.nature == .extra }
    }
}

/// What one manager did to one object.
package struct DriftHand: Hashable, Sendable {
    /// What kind of change it is.
    package enum Nature: String, Hashable, Sendable, CaseIterable {
        /// With a person's tool, or by another engine.
        case edited
        /// A program took a field that was Git's, before weir's eyes.
        case overridden
        /// A program owns a field that Git's applier does not; Flux leaves it.
        case extra
        /// Fields of Git's are gone, and nobody's name stands on a removal.
        case removed
    }

    package let nature: Nature
    /// The manager as the API server has it, `kubectl-edit`; empty for a removal.
    package let manager: String
    /// The manager in people's words, `kubectl edit`.
    package let name: String
    /// Paths such as `spec.template.spec.containers[api].image`, the gravest first and not all of many.
    package let fields: [String]
    /// How many fields there are in all.
    package let fieldCount: Int
    /// Absent where the server keeps none, as for `kubectl scale`.
    package let time: Timestamp?
    /// Whether the applier puts it back when it runs; nil where that cannot be told.
    package let returns: Bool?

    package init(
        nature: Nature,
        manager: String,
        name: String,
        fields: [String],
        fieldCount: Int,
        time: Timestamp?,
        returns: Bool? = nil
    ) {
        self.nature = nature
        self.manager = manager
        self.name = name
        self.fields = fields
        self.fieldCount = fieldCount
        self.time = time
        self.returns = returns
    }
}

/// Drift that is over: what it was, and how it ended.
package struct CorrectedDrift: Hashable, Sendable {
    package enum Ending: String, Hashable, Sendable {
        /// The applier wrote the object again.
        case putBack = "put back"
        /// The difference went without the applier.
        case withdrawn
    }

    package let entry: InventoryEntry
    package let applier: ObjectRef
    /// Who had changed it, in people's words; empty where that is not known.
    package let by: [String]
    /// Empty for an object that was missing.
    package let fields: [String]
    package let wasMissing: Bool
    package let began: Timestamp?
    package let ended: Timestamp
    package let ending: Ending

    package init(
        entry: InventoryEntry,
        applier: ObjectRef,
        by: [String],
        fields: [String],
        wasMissing: Bool,
        began: Timestamp?,
        ended: Timestamp,
        ending: Ending
    ) {
        self.entry = entry
        self.applier = applier
        self.by = by
        self.fields = fields
        self.wasMissing = wasMissing
        self.began = began
        self.ended = ended
        self.ending = ending
    }

    /// The controller that put it back; nil where the difference went by itself.
    package var corrector: String? {
        guard ending == .putBack else {
            return nil
        }
        return applier.kind == FluxKind.helmRelease.kind ? "helm-controller" : "kustomize-controller"
    }

    /// Each correction once, the newest first, with what all reports of it know.
    package static func each(_ reports: some Sequence<CorrectedDrift>) -> [CorrectedDrift] {
        var result: [CorrectedDrift] = []
        for report in reports.sorted(by: { $0.ended > $1.ended }) {
            if let place = result.lastIndex(where: { $0.isSame(as: report) }) {
                result[place] = result[place].joined(with: report)
            } else {
                result.append(report)
            }
        }
        return result
    }

    /// Both reports of one correction in one: it takes several writes where several hands were at work.
    package func joined(with other: CorrectedDrift) -> CorrectedDrift {
        CorrectedDrift(
            entry: entry,
            applier: applier,
            by: by + other.by.filter { !by.contains($0) },
            fields: (fields + other.fields.filter { !fields.contains($0) }).gravestFirst { $0 },
            wasMissing: wasMissing || other.wasMissing,
            began: [began, other.began].compactMap(\.self).min(),
            ended: ended,
            ending: ending == .putBack ? .putBack : other.ending
        )
    }

    /// True where two reports are of one correction: close to each other, and what the later one ended had not begun
    /// after the earlier one.
    package func isSame(as other: CorrectedDrift) -> Bool {
        guard entry == other.entry, applier == other.applier else {
            return false
        }
        let (earlier, later) = ended <= other.ended ? (self, other) : (other, self)
        return later.ended.since(earlier.ended) <= .seconds(30)
            && later.began.map { $0 <= earlier.ended } ?? true
    }
}
