/// JSON merge patch: RFC 7386.
enum MergePatch {
    /// The value after the patch; null removes a key.
    static func apply(_ patch: JSON, to value: JSON?) -> JSON {
        guard case .object(let changes) = patch else { return patch }
        var members = value?.object ?? [:]
        for (key, change) in changes {
            members[key] = change.isNull ? nil : apply(change, to: members[key])
        }
        return .object(members)
    }
}
