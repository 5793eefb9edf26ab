import CGit2
import Git
import Glibc

/// The name under which a commit lies in the mirror while it is being pushed: libgit2 1.5 pushes refs only.
///
/// It is outside of every refspec, and gone when the push ends, however it ends. What a killed weir leaves says
/// which commit was on its way; the next fetch removes it.
struct PushRef {
    static let prefix = "refs/weir/push/"

    let name: String

    /// - Shape: the process and the commit, so that two weirs never share one.
    init(_ commit: ObjectName) {
        name = "\(PushRef.prefix)\(getpid())-\(commit.hex)"
    }

    func create(_ commit: ObjectName, in repository: borrowing Repository) throws(MirrorTrouble) {
        var oid = commit.oid
        try repository.with { (repository) throws(MirrorTrouble) in
            _ = try OwnedHandle<ReferenceKind>("Naming the commit for the push") {
                git_reference_create($0, repository, name, &oid, 1, "push")
            }
        }
    }

    func remove(from repository: borrowing Repository) {
        repository.read { repository in
            if git_reference_remove(repository, name) != 0 {
                git_error_clear()
            }
        }
    }

    /// Removes what weirs left that no longer run.
    static func removeStale(from repository: borrowing Repository) throws(MirrorTrouble) {
        for name in try repository.heads().keys where name.hasPrefix(prefix) {
            let process = name.dropFirst(prefix.count).prefix { $0 != "-" }
            guard let id = pid_t(process), id != getpid(), kill(id, 0) != 0, errno == ESRCH else {
                continue
            }
            repository.read { repository in
                if git_reference_remove(repository, name) != 0 {
                    git_error_clear()
                }
            }
        }
    }
}
