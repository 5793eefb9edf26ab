package import Git
package import Kube

/// Where one source or applier stands in Git: which repository, which ref, which commit, which path.
package struct Track: Hashable, Sendable {
    package let ref: ObjectRef
    /// The source that it reads; the object itself where it is a source.
    package let source: ObjectRef
    package let repository: RepositoryID
    package let follows: FollowedRef
    /// The full name of the ref whose head is the desired state; nil where nothing moving is followed.
    package let head: String?
    /// The Git commit that runs; nil where none is known.
    package let commit: String?
    /// The path in the repository, without `./` and slashes at its ends; empty for sources and for all of it.
    package let path: String
    package let state: SyncState
    package let isSource: Bool
    /// True where CI packs the repository into an artifact first: a push alone changes nothing.
    package let isPacked: Bool

    /// A path of a spec as Git spells it: no `./`, no slash at either end.
    package static func normalised(path: String?) -> String {
        let parts = (path ?? "").split(separator: "/").filter { $0 != "." }
        return parts.joined(separator: "/")
    }
}

extension FollowedRef {
    /// The full name of the ref that is followed; nil for ranges, fixed commits and registries.
    package var fullName: String? {
        switch self {
        case .branch(let name): "refs/heads/\(name)"
        case .tag(let name): "refs/tags/\(name)"
        case .name(let name): name
        case .semver, .commit, .none: nil
        }
    }
}
