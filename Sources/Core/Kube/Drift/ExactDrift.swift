package import Chrono

/// What an applier would change if it ran now, as the API server itself answered to a dry run.
package struct ExactDrift: Hashable, Sendable {
    /// What came of one object.
    package struct Finding: Hashable, Sendable {
        package enum Outcome: Hashable, Sendable {
            case same
            case differs([FieldDifference])
            /// It does not exist and would be created.
            case missing
            /// The applier leaves it alone; why, in a few words.
            case letAlone(String)
            /// It could not be compared; why, in one sentence.
            case unknown(String)
        }

        package let entry: InventoryEntry
        package let outcome: Outcome

        package init(entry: InventoryEntry, outcome: Outcome) {
            self.entry = entry
            self.outcome = outcome
        }
    }

    /// What live objects were held against.
    package enum Basis: Hashable, Sendable {
        /// What a commit builds, in full hex.
        case commit(String)
        /// What Helm stored, `checkout.v3`.
        case release(String)

        package var words: String {
            switch self {
            case .commit(let commit): Revision.cut(commit)
            case .release(let name): "release \(name)"
            }
        }

        /// Who says what a field should be.
        package var author: String {
            switch self {
            case .commit: "Git"
            case .release: "Helm"
            }
        }
    }

    package let applier: ObjectRef
    package let basis: Basis
    package let renderer: String
    package let asked: Timestamp
    /// In the order in which they were rendered.
    package let findings: [Finding]
    /// What may make the comparison differ from what Flux does, one sentence each.
    package let remarks: [String]

    package init(
        applier: ObjectRef,
        basis: Basis,
        renderer: String,
        asked: Timestamp,
        findings: [Finding],
        remarks: [String]
    ) {
        self.applier = applier
        self.basis = basis
        self.renderer = renderer
        self.asked = asked
        self.findings = findings
        self.remarks = remarks
    }

    /// Objects that Flux would change or create.
    package var differing: [Finding] {
        findings.filter { finding in
            switch finding.outcome {
            case .differs, .missing: true
            case .same, .letAlone, .unknown: false
            }
        }
    }

    /// True where every object that Git wants was compared, or is left alone by Flux.
    package var isComplete: Bool {
        findings.allSatisfy { finding in
            if case .unknown = finding.outcome { false } else { true }
        }
    }
}

/// One field whose live value is another than what the applier would make of it.
package struct FieldDifference: Hashable, Sendable {
    /// In people's words, `spec.template.spec.containers[api].image`.
    package let path: String
    /// What Git makes of it, one harmless line; nil where Git removes it.
    package let desired: String?
    /// What it is now; nil where it is not there.
    package let live: String?
    /// True for values that are not told, those of Secrets: then only presence shows.
    package let isHidden: Bool

    package init(path: String, desired: String?, live: String?, isHidden: Bool = false) {
        self.path = path
        self.desired = desired
        self.live = live
        self.isHidden = isHidden
    }
}
