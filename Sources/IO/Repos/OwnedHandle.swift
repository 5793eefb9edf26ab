import CGit2
import Git

/// Which libgit2 object a handle owns, and how it is freed.
protocol HandleKind {
    static func free(_ pointer: OpaquePointer)
}

/// A libgit2 object with one owner, freed with it; not `Sendable`, so that it stays on the queue of its job.
struct OwnedHandle<Kind: HandleKind>: ~Copyable {
    private let pointer: OpaquePointer

    /// Takes what `make` puts into its argument.
    init(
        _ doing: String,
        _ make: (UnsafeMutablePointer<OpaquePointer?>) -> Int32
    ) throws(MirrorTrouble) {
        var made: OpaquePointer?
        try git(doing) { make(&made) }
        guard let made else {
            throw MirrorTrouble(.other, "\(doing) gave nothing.")
        }
        pointer = made
    }

    /// Like the other, with nil for "not found".
    init?(
        ifFound doing: String,
        _ make: (UnsafeMutablePointer<OpaquePointer?>) -> Int32
    ) throws(MirrorTrouble) {
        var made: OpaquePointer?
        let isFound = try gitFound(doing) { make(&made) }
        guard isFound, let made else {
            return nil
        }
        pointer = made
    }

    deinit {
        Kind.free(pointer)
    }

    /// Lends the object for the length of `body`; keeping the pointer longer is a bug.
    borrowing func with<Result: ~Copyable>(
        _ body: (OpaquePointer) throws(MirrorTrouble) -> Result
    ) throws(MirrorTrouble) -> Result {
        try body(pointer)
    }

    /// The same for calls that cannot fail, such as reading a property.
    borrowing func read<Result>(_ body: (OpaquePointer) -> Result) -> Result {
        body(pointer)
    }
}

enum RepositoryKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_repository_free(pointer) }
}

enum CommitKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_commit_free(pointer) }
}

enum TreeKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_tree_free(pointer) }
}

enum BlobKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_blob_free(pointer) }
}

enum WalkKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_revwalk_free(pointer) }
}

enum DiffKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_diff_free(pointer) }
}

enum PatchKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_patch_free(pointer) }
}

enum IndexKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_index_free(pointer) }
}

enum ConflictsKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_index_conflict_iterator_free(pointer) }
}

enum RemoteKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_remote_free(pointer) }
}

enum ReferenceKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_reference_free(pointer) }
}

enum ObjectStoreKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_odb_free(pointer) }
}

enum ConfigurationKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_config_free(pointer) }
}

enum PackBuilderKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_packbuilder_free(pointer) }
}

enum TreeBuilderKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_treebuilder_free(pointer) }
}

enum GraphWriterKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_commit_graph_writer_free(pointer) }
}

typealias Repository = OwnedHandle<RepositoryKind>
