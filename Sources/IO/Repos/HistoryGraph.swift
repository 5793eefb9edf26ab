import CGit2
import CPosix
import FoundationEssentials
import Git
import Glibc

/// Git's commit-graph file in a mirror: parents and dates of every commit, so that long walks need not unpack them.
///
/// It only says again what commits say, and walks read commits that it does not know; so an old one is no error,
/// and without it everything works, slower.
///
/// - Thread: the fetch lane.
struct HistoryGraph {
    let directory: MirrorDirectory
    /// A graph is written again when this many bytes of packs are newer than it.
    var patience = 4 << 20

    private var path: String { "\(directory.path)/objects/info/commit-graph" }

    /// Writes the graph where the mirror has grown much since; failing is no harm.
    func refresh(in repository: borrowing Repository) {
        guard newBytes() >= patience else {
            return
        }
        try? directory.locked { () throws(MirrorTrouble) in
            try write(in: repository)
        }
    }

    private func newBytes() -> Int {
        let packs = "\(directory.path)/objects/pack"
        let written = weir_modified_seconds(path)
        var bytes = 0
        for name in (try? FileManager.default.contentsOfDirectory(atPath: packs)) ?? []
        where name.hasSuffix(".pack") {
            var status = stat()
            if stat("\(packs)/\(name)", &status) == 0, written < 0 || Int64(status.st_mtim.tv_sec) >= written
            {
                bytes += Int(status.st_size)
            }
        }
        return bytes
    }

    private func write(in repository: borrowing Repository) throws(MirrorTrouble) {
        let heads = try repository.heads()
        try repository.with { (repository) throws(MirrorTrouble) in
            let walk = try OwnedHandle<WalkKind>("Walking the history") { git_revwalk_new($0, repository) }
            let writer = try OwnedHandle<GraphWriterKind>("Indexing the history") {
                git_commit_graph_writer_new($0, "\(directory.path)/objects/info")
            }
            try walk.with { (walk) throws(MirrorTrouble) in
                for name in heads.values {
                    var oid = name.oid
                    try git("Walking the history") { git_revwalk_push(walk, &oid) }
                }
                try writer.with { (writer) throws(MirrorTrouble) in
                    try git("Indexing the history") { git_commit_graph_writer_add_revwalk(writer, walk) }
                    try git("Indexing the history") {
                        var options = git_commit_graph_writer_options()
                        git_commit_graph_writer_options_init(
                            &options,
                            UInt32(GIT_COMMIT_GRAPH_WRITER_OPTIONS_VERSION)
                        )
                        return git_commit_graph_writer_commit(writer, &options)
                    }
                }
            }
        }
    }
}
