package import Chrono
package import Kube

/// One difference between what Git says and what a cluster runs.
package struct DriftRow: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Git's head is ahead of the fetched artifact; `here` counts those commits that touch an applier.
        case source(commits: Int, here: Int)
        /// History was rewritten under the fetched artifact.
        case rewritten
        /// The fetched artifact is ahead of what is applied: `fetched` and `applied`, short.
        case apply(fetched: String, applied: String)
        /// A chart was chosen from an index that is not the newest: what that offers is not known.
        case index(chart: String, range: String)
        /// An object of the inventory is gone.
        case missing(InventoryEntry)
        /// Helm's own drift detection, with its message.
        case helm(String)
        /// An object that somebody beside Git changed.
        case object(ObjectDrift)
        /// Nothing differs any more: what was put back within the last hour.
        case corrected(CorrectedDrift)
    }

    package let kind: Kind
    /// The source or applier that it is about.
    package let about: ObjectRef
    /// The short name of its kind.
    package let short: String
    /// Since when, or when what is over was put back; nil where nobody can tell.
    package internal(set) var since: Timestamp?
    /// When the newest of what an applier does not run was fetched, which a later fetch begins anew.
    var fetched: Timestamp?
    /// Why it lasts, in a few words: `suspended`, `failed: …`; empty where it is just under way.
    package let why: String
    /// The branch that is ahead, for source drift.
    package let branch: String
    /// Before this moment it did not differ, which is all that is known where `since` is nil.
    package internal(set) var notBefore: Timestamp?
    /// Who changed it, in people's words, as far as that is recorded; never who put it back.
    package internal(set) var who: [String] = []
    /// By when Flux should have done with it; nil where nobody can tell.
    package internal(set) var expected: Timestamp?
    package internal(set) var comeback = Comeback.unknown
    /// How often the object was put back within the last hour.
    package internal(set) var timesPutBack = 0

    /// An object is put back and changed again: two hands work against each other.
    package var isFlapping: Bool { timesPutBack >= 3 }

    /// True where Git says something else now; what is over, and what Flux leaves alone, does not count.
    package var isCounted: Bool {
        switch kind {
        case .corrected, .index: false
        case .object(let drift): !drift.isQuiet
        case .source, .rewritten, .apply, .missing, .helm: true
        }
    }

    /// True for what somebody has to look at: it differs, and is no rollout that is under way at the moment.
    package func counts(at now: Timestamp?) -> Bool {
        isCounted && !isUnderWay(at: now)
    }

    /// True for a rollout that is under way: nothing holds it up, it is not overdue, and nobody has to look.
    func isUnderWay(at now: Timestamp?) -> Bool {
        guard let expected, let now else {
            return false
        }
        switch kind {
        case .source, .apply: return why.isEmpty && now < expected
        case .rewritten, .index, .missing, .helm, .object, .corrected: return false
        }
    }

    /// Notes by when Flux should have done with it, from when it began; a controller that is down says nothing.
    mutating func expect(from start: Timestamp?, within span: Duration?) {
        expected = start.flatMap { start in span.map { start.advanced(by: $0 + .seconds(60)) } }
    }

    /// The controller that put the object back, where it did within the last hour.
    package var corrector: String? {
        timesPutBack == 0 || entry == nil
            ? nil
            : about.kind == FluxKind.helmRelease.kind ? "helm-controller" : "kustomize-controller"
    }

    var isIndex: Bool {
        if case .index = kind { true } else { false }
    }

    /// The object, where it is about one.
    package var entry: InventoryEntry? {
        switch kind {
        case .missing(let entry): entry
        case .object(let drift): drift.entry
        case .corrected(let corrected): corrected.entry
        case .source, .rewritten, .apply, .helm, .index: nil
        }
    }

    /// The kind of the object that it is about.
    package var objectKind: String { entry?.kind ?? about.kind }

    /// Stays the same while the row's numbers change.
    package var id: DriftID {
        switch kind {
        case .source, .rewritten, .index: DriftID(about: about, what: .source, entry: nil)
        case .apply: DriftID(about: about, what: .apply, entry: nil)
        case .missing(let entry): DriftID(about: about, what: .missing, entry: entry)
        case .helm: DriftID(about: about, what: .helm, entry: nil)
        case .object(let drift): DriftID(about: about, what: .object, entry: drift.entry)
        case .corrected(let corrected): DriftID(about: about, what: .corrected, entry: corrected.entry)
        }
    }
}

/// Names a row of the drift pane.
package struct DriftID: Hashable, Sendable {
    package enum What: Hashable, Sendable {
        case source, apply, missing, helm, object, corrected
    }

    package let about: ObjectRef
    package let what: What
    package let entry: InventoryEntry?
}
