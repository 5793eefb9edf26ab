/// Who a request comes from, as the API server sees it.
package struct UserIdentity: Sendable, Equatable {
    package var name: String
    package var uid: String
    package var groups: [String]
    /// Further attributes; keys keep the order in which they were given.
    package var extra: [(key: String, values: [String])]

    package init(
        name: String,
        uid: String = "",
        groups: [String],
        extra: [(key: String, values: [String])] = []
    ) {
        self.name = name
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }

    /// The caller without credentials.
    package static let anonymous = UserIdentity(name: "system:anonymous", groups: ["system:unauthenticated"])

    /// The group whose members may do everything, without a rule.
    package static let mastersGroup = "system:masters"

    /// The group of everybody who is known.
    package static let authenticatedGroup = "system:authenticated"

    var isAnonymous: Bool { name == Self.anonymous.name }

    package static func == (one: UserIdentity, other: UserIdentity) -> Bool {
        one.name == other.name && one.uid == other.uid && one.groups == other.groups
            && one.extra.count == other.extra.count
            && zip(one.extra, other.extra).allSatisfy { $0.key == $1.key && $0.values == $1.values }
    }
}
