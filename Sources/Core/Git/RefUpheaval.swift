import Kube

/// Something that happened to a ref of a remote other than new commits on top.
package enum RefUpheaval: Hashable, Sendable {
    /// History was rewritten: the commit that was at the ref is not below the one that is.
    case rewritten(from: String, to: String)
    /// The remote has no such ref any more.
    case deleted(was: String)
    /// The ref is gone, and another that is new is at the same commit; full name.
    case renamed(to: String)

    /// One sentence on a ref, given by its full name.
    package func sentence(on ref: String) -> String {
        let name = RefUpheaval.short(ref)
        return switch self {
        case .rewritten(let from, let to):
            "\(name) was force-pushed: \(Revision.cut(from)) is no longer in its history, it is at \(Revision.cut(to)) now"
        case .deleted(let was): "\(name) was deleted on the remote; it was at \(Revision.cut(was))"
        case .renamed(let to):
            "\(name) is gone, and \(RefUpheaval.short(to)) is at the same commit: it was renamed, it seems"
        }
    }

    private static func short(_ ref: String) -> String {
        ref.hasPrefix("refs/heads/") ? String(ref.dropFirst(11)) : ref
    }
}
