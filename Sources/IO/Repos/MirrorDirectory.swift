import CGit2
import FoundationEssentials
import Git
import Glibc

/// One mirror on disk, safe for several weirs at once.
///
/// Objects need no lock: libgit2 writes packs and loose objects under new names and moves them into place.
/// Refs are written, and mirrors made or moved away, under a `flock` beside the mirror; the kernel drops it when
/// its holder dies, so nothing stale can stay behind.
struct MirrorDirectory: Sendable {
    let path: String

    /// Opens the mirror; nil where there is none yet.
    func open() throws(MirrorTrouble) -> Repository? {
        guard access(path, F_OK) == 0 else {
            return nil
        }
        do throws(MirrorTrouble) {
            return try Repository("Opening the mirror") { git_repository_open_bare($0, path) }
        } catch {
            throw .damaged(error.failure.message)
        }
    }

    /// Opens the mirror, made now where there is none.
    func openOrCreate() throws(MirrorTrouble) -> Repository {
        if let repository = try open() {
            return repository
        }
        try makeParents()
        try locked { () throws(MirrorTrouble) in
            guard try open() == nil else {
                return
            }
            let draft = "\(path).new-\(getpid())-\(UInt32.random(in: 0 ... .max))"
            defer { removeTree(draft) }
            _ = try Repository("Making the mirror") { out in
                var options = git_repository_init_options()
                git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION))
                options.flags =
                    GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_NO_REINIT.rawValue
                    | GIT_REPOSITORY_INIT_MKDIR.rawValue
                return git_repository_init_ext(out, draft, &options)
            }
            chmod(draft, 0o700)
            guard rename(draft, path) == 0 else {
                throw MirrorTrouble(.other, "\(path) cannot be made: \(String(cString: strerror(errno))).")
            }
        }
        guard let repository = try open() else {
            throw MirrorTrouble(.other, "\(path) vanished while it was made.")
        }
        return repository
    }

    /// Renames a damaged mirror to `….damaged`, so that the next fetch makes a new one; one such is kept.
    ///
    /// - Shape: `evenIfSound` is for damage that was met deeper than `isSound` looks.
    func moveAway(evenIfSound: Bool = false) throws(MirrorTrouble) {
        try locked { () throws(MirrorTrouble) in
            guard evenIfSound || !isSound() else {
                // Another weir has mended it meanwhile.
                return
            }
            removeTree("\(path).damaged")
            guard rename(path, "\(path).damaged") == 0 || errno == ENOENT else {
                throw MirrorTrouble(
                    .other,
                    "The damaged mirror \(path) cannot be moved away: \(String(cString: strerror(errno)))."
                )
            }
        }
    }

    /// True where every ref leads to a commit whose tree can be read.
    func isSound() -> Bool {
        do throws(MirrorTrouble) {
            guard let repository = try open() else {
                return false
            }
            // The mirror's own file: a broken one of the operator's is no damage of the mirror.
            _ = try OwnedHandle<ConfigurationKind>("Reading the mirror's configuration") {
                git_config_open_ondisk($0, "\(path)/config")
            }
            for (_, name) in try repository.heads() {
                let commit = try repository.commit(name)
                _ = try repository.tree(of: commit)
            }
            return true
        } catch {
            return false
        }
    }

    /// Runs `body` while no other weir changes the mirror's refs.
    func locked<Result>(
        _ body: () throws(MirrorTrouble) -> Result
    ) throws(MirrorTrouble) -> Result {
        let descriptor = Glibc.open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw MirrorTrouble(.other, "\(path).lock cannot be opened: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                throw MirrorTrouble(
                    .other,
                    "\(path).lock cannot be taken: \(String(cString: strerror(errno)))."
                )
            }
        }
        return try body()
    }

    /// Removes `*.lock` files of refs; only while `locked`, when they can only come from a weir that was killed.
    func removeStaleRefLocks() {
        let manager = FileManager.default
        for root in ["\(path)/refs", path] {
            let names =
                root == path ? ["packed-refs.lock"] : (try? manager.subpathsOfDirectory(atPath: root)) ?? []
            for name in names where name.hasSuffix(".lock") {
                unlink("\(root)/\(name)")
            }
        }
    }

    private func makeParents() throws(MirrorTrouble) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/").dropLast() {
            made += "/\(part)"
            guard mkdir(made, 0o700) == 0 || errno == EEXIST || errno == EISDIR || access(made, X_OK) == 0
            else {
                throw MirrorTrouble(.other, "\(made) cannot be made: \(String(cString: strerror(errno))).")
            }
        }
        chmod(made, 0o700)
    }

    private func removeTree(_ directory: String) {
        try? FileManager.default.removeItem(atPath: directory)
    }
}
