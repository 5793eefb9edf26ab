/// What the operator typed after `/`, read into terms that must all hold.
///
/// - Shape: words separated by spaces. `word` looks in names, kinds and messages; `kind:ks`, `ns:apps`,
///   `state:failed,stalled`, `cluster:prod`, `name:api`, `by:kubectl` look in one place; `age:1h` is younger and `age:>1h` older; a comma means "or"; a `!` before a
///   term turns it round; quotes keep spaces. Upper and lower case are one.
package struct Filter: Hashable, Sendable {
    package enum Field: String, Hashable, Sendable, CaseIterable {
        case any, name, kind, namespace, state, cluster, manager, age
    }

    package struct Term: Hashable, Sendable {
        package let field: Field
        /// In lower case; one of them must be found.
        package let values: [String]
        package let isNegated: Bool
    }

    /// As typed.
    package let text: String
    package let terms: [Term]

    package init(_ text: String) {
        self.text = text
        terms = Filter.words(of: text).compactMap(Filter.term)
    }

    package static let none = Filter("")

    /// What stands before a colon and is no term of any list.
    var unknownFields: [String] { Filter.unknownFields(of: text) }

    package var isEmpty: Bool { terms.isEmpty }
}
