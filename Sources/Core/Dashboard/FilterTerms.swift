import Kube

/// The terms that the filter of one list understands.
package struct FilterTerms: Sendable, Hashable {
    /// In the order in which they are told.
    package let fields: [Filter.Field]
    /// What `state:` may be here, by its beginning.
    let states: [String]
    /// True where `kind:` is a kind of Flux; elsewhere any kind of object may be listed.
    let isOfFlux: Bool

    static let none = FilterTerms(fields: [], states: [], isOfFlux: false)

    /// All terms in one line, `name: kind: ns: age:`; empty where a filter is plain text.
    package var line: String {
        fields.map { "\($0.word):" }.joined(separator: " ")
    }

    /// What of a filter means nothing here, in one sentence that says what would; nil where all of it does.
    package func problem(of filter: Filter) -> String? {
        guard !fields.isEmpty else {
            return nil
        }
        for word in filter.unknownFields {
            return "no term is called \(word):, it is looked for as text; terms here are \(line)"
        }
        for term in filter.terms where term.field != .any {
            guard fields.contains(term.field) else {
                return "\(term.field.word): means nothing in this list; terms here are \(line)"
            }
            for value in term.values {
                if let problem = problem(of: value, in: term.field) {
                    return problem
                }
            }
        }
        return nil
    }

    private func problem(of value: String, in field: Filter.Field) -> String? {
        switch field {
        case .age where Filter.limit(ofAge: value) == nil:
            "age:\(value) is no age: write age:<30m, age:>2h or age:1d"
        case .state where !states.contains { $0.hasPrefix(value) }:
            "no state is called \(value); states here are \(states.joined(separator: ", "))"
        case .kind where isOfFlux && FluxKind.named(value) == nil:
            "Flux has no kind called \(value); write ks, hr, git, oci or a whole name"
        default: nil
        }
    }
}

extension Filter.Field {
    /// How it is written before the colon.
    var word: String {
        switch self {
        case .any: ""
        case .name: "name"
        case .kind: "kind"
        case .namespace: "ns"
        case .state: "state"
        case .cluster: "cluster"
        case .manager: "by"
        case .age: "age"
        }
    }
}

extension AppState {
    /// The terms that a filter of the focused list understands.
    package var filterTerms: FilterTerms {
        let flux = SyncState.allCases.map(\.word)
        switch screen {
        case .fleet:
            switch fleet.focus {
            case .clusters:
                return FilterTerms(
                    fields: [.name, .namespace, .state],
                    states: ["live", "unreachable"],
                    isOfFlux: false
                )
            case .sync, .recent:
                return FilterTerms(
                    fields: [.name, .kind, .namespace, .state, .age],
                    states: flux,
                    isOfFlux: true
                )
            case .drift: return AppState.driftTerms(without: [.cluster])
            }
        case .matrix:
            return FilterTerms(fields: [.name, .kind, .namespace, .state], states: flux, isOfFlux: true)
        case .drift: return AppState.driftTerms(without: [])
        case .events:
            return FilterTerms(
                fields: [.name, .kind, .namespace, .state, .cluster, .age],
                states: ["warning", "normal"],
                isOfFlux: false
            )
        case .audit:
            return FilterTerms(
                fields: [.name, .state, .cluster, .manager, .age],
                states: ["done", "refused", "failed", "open"],
                isOfFlux: false
            )
        case .commits, .rollouts, .resource, .convergence, .wall: return .none
        }
    }

    private static func driftTerms(without left: Set<Filter.Field>) -> FilterTerms {
        FilterTerms(
            fields: [.name, .kind, .namespace, .state, .cluster, .manager, .age].filter {
                !left.contains($0)
            },
            states: ["source", "apply", "missing", "helm", "corrected"]
                + DriftHand.Nature.allCases.map(\.rawValue),
            isOfFlux: false
        )
    }
}
