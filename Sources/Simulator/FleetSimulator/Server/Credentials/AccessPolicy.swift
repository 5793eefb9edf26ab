/// One line of rights: these verbs on these resources of these groups.
///
/// - Shape: `*` matches everything; a subresource is written `pods/log`; no names means every name.
struct AccessRule: Sendable {
    let verbs: [String]
    let groups: [String]
    let resources: [String]
    let names: [String]

    init(verbs: [String], groups: [String], resources: [String], names: [String] = []) {
        self.verbs = verbs
        self.groups = groups
        self.resources = resources
        self.names = names
    }

    func covers(_ question: AccessQuestion) -> Bool {
        guard case .resource(let group, let resource, _, let name) = question.object else { return false }
        guard matches(verbs, question.verb), matches(groups, group), matches(resources, resource) else {
            return false
        }
        return names.isEmpty || names.contains(name)
    }

    private func matches(_ list: [String], _ value: String) -> Bool {
        list.contains("*") || list.contains(value)
    }
}

/// Rights on paths that are no resources, such as `/version`; a final `*` matches any rest.
struct PathRule: Sendable {
    let verbs: [String]
    let paths: [String]

    func covers(_ question: AccessQuestion) -> Bool {
        guard case .path(let path) = question.object else { return false }
        guard verbs.contains("*") || verbs.contains(question.verb) else { return false }
        return paths.contains { pattern in
            pattern.hasSuffix("*") ? path.hasPrefix(pattern.dropLast()) : pattern == path
        }
    }
}

/// What somebody wants to do, in the terms in which rights are written.
struct AccessQuestion: Sendable {
    /// The thing that the verb is about.
    enum Object: Sendable {
        /// - Shape: `resource` holds the subresource after a slash; an empty namespace is the cluster scope.
        case resource(group: String, resource: String, namespace: String, name: String)
        case path(String)
    }

    let verb: String
    let object: Object

    init(verb: String, object: Object) {
        self.verb = verb
        self.object = object
    }
}

/// Rules given to the members of some groups, in one namespace or everywhere.
struct AccessBinding: Sendable {
    /// The name of the binding and of its role, for the reason that a review gives.
    let name: String
    let role: String
    let groups: [String]
    /// Nil means every namespace and the cluster itself.
    let namespace: String?
    let rules: [AccessRule]
    let paths: [PathRule]

    init(
        name: String,
        role: String,
        groups: [String],
        namespace: String? = nil,
        rules: [AccessRule],
        paths: [PathRule] = []
    ) {
        self.name = name
        self.role = role
        self.groups = groups
        self.namespace = namespace
        self.rules = rules
        self.paths = paths
    }
}

/// Decides who may do what on one cluster, and says so to reviews.
struct AccessPolicy: Sendable {
    /// An answer to a question of rights.
    struct Verdict: Sendable {
        let allowed: Bool
        /// Empty where a real server gives none: refusals, and members of `system:masters`.
        let reason: String
    }

    let bindings: [AccessBinding]

    init(bindings: [AccessBinding]) {
        self.bindings = bindings
    }

    func verdict(_ user: UserIdentity, _ question: AccessQuestion) -> Verdict {
        if user.groups.contains(UserIdentity.mastersGroup) { return Verdict(allowed: true, reason: "") }
        for binding in applicable(to: user) {
            guard let group = binding.groups.first(where: user.groups.contains) else { continue }
            guard reaches(binding, question), allows(binding, question) else { continue }
            return Verdict(allowed: true, reason: reason(binding, group))
        }
        return Verdict(allowed: false, reason: "")
    }

    /// The rules that hold for the user in a namespace.
    func rules(_ user: UserIdentity, namespace: String) -> (resources: [AccessRule], paths: [PathRule]) {
        let bindings = applicable(to: user).filter { $0.namespace == nil || $0.namespace == namespace }
        var rules = bindings.flatMap(\.rules)
        var paths = bindings.flatMap(\.paths)
        if user.groups.contains(UserIdentity.mastersGroup) {
            rules.append(AccessRule(verbs: ["*"], groups: ["*"], resources: ["*"]))
            paths.append(PathRule(verbs: ["*"], paths: ["*"]))
        }
        return (rules, paths)
    }

    private func applicable(to user: UserIdentity) -> [AccessBinding] {
        bindings.filter { binding in binding.groups.contains(where: user.groups.contains) }
    }

    private func reaches(_ binding: AccessBinding, _ question: AccessQuestion) -> Bool {
        guard let own = binding.namespace else { return true }
        guard case .resource(_, _, let namespace, _) = question.object else { return false }
        return own == namespace
    }

    private func allows(_ binding: AccessBinding, _ question: AccessQuestion) -> Bool {
        binding.rules.contains { $0.covers(question) } || binding.paths.contains { $0.covers(question) }
    }

    private func reason(_ binding: AccessBinding, _ group: String) -> String {
        let kind = binding.namespace == nil ? "ClusterRoleBinding" : "RoleBinding"
        let name = binding.namespace.map { "\(binding.name)/\($0)" } ?? binding.name
        return "RBAC: allowed by \(kind) \"\(name)\" of ClusterRole \"\(binding.role)\" to Group \"\(group)\""
    }
}
