import Kube

/// The names that must be typed before protected or frozen clusters change: all of them.
package struct RequiredNames: Sendable, Hashable {
    /// As the clusters are called on the screen, in the order of the kubeconfig.
    package let names: [String]
    /// Why: `prod-eu is protected`, one clause.
    package let why: String

    package static let none = RequiredNames([], frozen: [])

    /// The names of those that are asked for, in their order.
    init(_ profiles: [ClusterProfile], frozen: Set<ClusterID>) {
        names = profiles.map(\.displayName)
        let (cold, warm) = (
            profiles.filter { frozen.contains($0.id) }, profiles.filter { !frozen.contains($0.id) }
        )
        let parts = [(warm, "protected"), (cold, "frozen")].filter { !$0.0.isEmpty }.map { some, word in
            some.count == 1 && profiles.count > 1
                ? "\(some[0].displayName) is \(word)"
                : profiles.count == 1 ? word : "\(some.count) are \(word)"
        }
        why = parts.joined(separator: ", ")
    }

    package var isEmpty: Bool { names.isEmpty }

    /// What is to be typed: the names, separated by spaces; nil where nothing is asked.
    package var line: String? {
        names.isEmpty ? nil : names.joined(separator: " ")
    }

    /// True where all names were typed, in any order; nothing else may be among them.
    package func isMet(by typed: String) -> Bool {
        guard let line else {
            return true
        }
        let words = { (text: String) in text.split(separator: " ").sorted() }
        return typed == line || words(typed) == words(line)
    }

    /// What is missing, in one sentence.
    package var demand: String {
        let subject = names.count == 1 ? "it is \(why)" : why
        return "type \(line ?? "") to confirm: \(subject)"
    }
}
