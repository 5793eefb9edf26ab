package import Kube
import Text

/// Replaces `${name}` in built manifests, as a Kustomization's `spec.postBuild` asks for.
///
/// - Source: what stands in `substitute` beats `substituteFrom`, whose later entries beat earlier ones; line breaks in
///   values are dropped, and a variable that nobody sets is empty. `${a:-b}`, `${a:=b}`, `${a=b}`, `${a:?b}` and
///   `${a:+b}` all mean: `b` where `a` is empty. `$${a}` stays `${a}`. Without any variable nothing is replaced, not
///   even `$${a}`, unless `substituteStrategy` says `Always`.
package struct VariableSubstitution {
    private let inline: [String: String]
    /// Later entries first.
    private let sources: [ApplierRecipe.VariableSource]
    /// True where nothing is substituted at all.
    let isEmpty: Bool

    package init(_ recipe: ApplierRecipe) {
        let postBuild = recipe.spec["postBuild"]
        inline = postBuild?["substitute"]?.members?.mapValues { $0.text ?? $0.json } ?? [:]
        sources = recipe.sources.reversed()
        // One that cannot be read may have variables.
        isEmpty =
            inline.isEmpty && sources.allSatisfy { $0.values?.isEmpty == true }
            && postBuild?["substituteStrategy"]?.text != "Always"
    }

    /// The text with everything replaced.
    ///
    /// - Errors: what cannot be known is told instead of guessed, in a few words.
    package func expand(_ text: String) throws(Unknown) -> String {
        guard !isEmpty, text.contains("$") else {
            return text
        }
        var result = ""
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.hasPrefix("${") {
                result += "${"
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("{"), let end = rest.firstIndex(of: "}") {
                result += try value(of: rest[rest.index(after: rest.startIndex)..<end])
                rest = rest[rest.index(after: end)...]
            } else {
                result += "$"
            }
        }
        return result + rest
    }

    /// Why a text cannot be replaced.
    package struct Unknown: Error, Hashable {
        package let why: String
    }

    private func value(of expression: Substring) throws(Unknown) -> String {
        let name = String(expression.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) })
        let rest = expression.dropFirst(name.count)
        let shown = Sanitiser.line("${\(expression)}", limit: 60)
        guard let first = name.first, !first.isNumber else {
            throw Unknown(why: "uses \(shown), which weir does not work out")
        }
        let operation = VariableSubstitution.defaults.first { rest.hasPrefix($0) }
        let word = rest.dropFirst(operation?.count ?? 0)
        guard rest.isEmpty || operation != nil, !word.contains("$") else {
            throw Unknown(why: "uses \(shown), which weir does not work out")
        }
        // A carriage return stays, and is one Character with the break behind it.
        var known = (try value(named: name) ?? "").unicodeScalars
        known.removeAll { $0 == "\n" }
        return known.isEmpty ? String(word) : String(known)
    }

    /// What all means the same: the word behind it stands for an empty value.
    private static let defaults = [":=", ":-", ":?", ":+", "="]

    /// The value of a variable; nil where nobody sets it.
    private func value(named name: String) throws(Unknown) -> String? {
        if let value = inline[name] {
            return value
        }
        for source in sources {
            guard let values = source.values else {
                throw Unknown(
                    why:
                        "uses ${\(name)}, which may come from \(source.kind) \(source.name): \(source.problem)"
                )
            }
            if let value = values[name] {
                return value
            }
        }
        return nil
    }
}
