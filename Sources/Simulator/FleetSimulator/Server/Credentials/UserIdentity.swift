/// Who a request comes from, as the API server sees it.
struct UserIdentity: Sendable, Equatable {
    var name: String
    var uid: String
    var groups: [String]
    /// Further attributes; keys keep the order in which they were given.
    var extra: [(key: String, values: [String])]

    init(
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
    static let anonymous = UserIdentity(name: "system:anonymous", groups: ["system:unauthenticated"])

    /// The group whose members may do everything, without a rule.
    static let mastersGroup = "system:masters"

    /// The group of everybody who is known.
    static let authenticatedGroup = "system:authenticated"

    var isAnonymous: Bool { name == Self.anonymous.name }

    static func == (one: UserIdentity, other: UserIdentity) -> Bool {
        one.name == other.name && one.uid == other.uid && one.groups == other.groups
            && one.extra.count == other.extra.count
            && zip(one.extra, other.extra).allSatisfy { $0.key == $1.key && $0.values == $1.values }
    }
}
