import Kube
import Text

/// The answer to `GET /version`.
package enum ServerVersion {
    /// The `gitVersion`, `v1.36.2`; nil where the answer is none.
    package static func decode(_ body: [UInt8]) -> String? {
        body.fields?.text("gitVersion", limit: 60)
    }
}

/// The answer to an access review.
package enum AccessReview {
    /// Whether the user may; nil where the answer is no review.
    package static func decode(_ body: [UInt8]) -> Bool? {
        body.fields?["status"].flag("allowed")
    }
}

/// The user that the server takes us for.
package struct SelfReview: Hashable, Sendable {
    package let user: String
    package let groups: [String]

    /// Reads the answer to a self review; nil where it is none.
    package static func decode(_ body: [UInt8]) -> SelfReview? {
        guard let info = body.fields?["status"]["userInfo"], let user = info.text("username", limit: 200)
        else {
            return nil
        }
        return SelfReview(user: user, groups: info.rawTexts("groups").prefix(50).map { Sanitiser.line($0) })
    }
}

/// The answer to a review of all rights in one namespace.
package struct RulesReview: Hashable, Sendable {
    /// Rules come from several authorisers, of which some cannot list theirs: what is absent may be allowed all the same.
    package let isIncomplete: Bool
    private let rules: [Rule]

    private struct Rule: Hashable {
        let verbs: Set<String>
        let groups: Set<String>
        let resources: Set<String>
    }

    /// Reads the answer; nil where it is none.
    package static func decode(_ body: [UInt8]) -> RulesReview? {
        guard let status = body.fields?["status"], status.has("resourceRules") else {
            return nil
        }
        let rules = status.list("resourceRules", limit: 2_000).compactMap { rule -> Rule? in
            // A rule for single objects gives no list.
            guard rule.rawTexts("resourceNames").isEmpty else {
                return nil
            }
            return Rule(
                verbs: Set(rule.rawTexts("verbs")),
                groups: Set(rule.rawTexts("apiGroups")),
                resources: Set(rule.rawTexts("resources"))
            )
        }
        return RulesReview(isIncomplete: status.flag("incomplete") ?? false, rules: rules)
    }

    /// Whether a rule gives a verb on a resource.
    package func allows(_ verb: String, _ resource: ServedResource) -> Bool {
        rules.contains { rule in
            !rule.verbs.isDisjoint(with: [verb, "*"]) && !rule.groups.isDisjoint(with: [resource.group, "*"])
                && !rule.resources.isDisjoint(with: [resource.plural, "*"])
        }
    }
}

extension [UInt8] {
    /// The JSON object that the bytes are; nil where they are none.
    var fields: JSONFields? {
        FluxDecoding(cluster: ClusterID("")).root(self)
    }
}
