import CGit2
import Chrono
import Git
import Text

extension OwnedHandle<RepositoryKind> {
    /// All refs of the mirror, by full name.
    borrowing func heads() throws(MirrorTrouble) -> [String: ObjectName] {
        try with { (repository) throws(MirrorTrouble) in
            var names = git_strarray()
            try git("Listing the refs") { git_reference_list(&names, repository) }
            defer { git_strarray_dispose(&names) }
            var heads: [String: ObjectName] = [:]
            for index in 0..<names.count {
                guard let start = names.strings?[index] else {
                    continue
                }
                var oid = git_oid()
                if try gitFound("Reading a ref", { git_reference_name_to_id(&oid, repository, start) }) {
                    heads[String(cString: start)] = ObjectName(oid)
                }
            }
            return heads
        }
    }

    /// The commit at a ref, tags followed; nil where the mirror has no such ref.
    borrowing func tip(of ref: String) throws(MirrorTrouble) -> ObjectName? {
        try with { (repository) throws(MirrorTrouble) in
            var oid = git_oid()
            guard
                try gitFound(
                    "Reading \(Redaction.clean(ref))",
                    { git_reference_name_to_id(&oid, repository, ref) }
                )
            else {
                return nil
            }
            return try peeled(ObjectName(oid))
        }
    }

    /// The commit behind a commit or an annotated tag; nil for tags of anything else.
    borrowing func peeled(_ name: ObjectName) throws(MirrorTrouble) -> ObjectName? {
        try with { (repository) throws(MirrorTrouble) in
            var oid = name.oid
            var object: OpaquePointer?
            guard
                try gitFound(
                    "Reading \(name.hex)",
                    { git_object_lookup(&object, repository, &oid, GIT_OBJECT_ANY) }
                )
            else {
                throw .damaged("a ref leads to \(name.hex), which is missing")
            }
            defer { git_object_free(object) }
            var commit: OpaquePointer?
            guard git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0 else {
                git_error_clear()
                return nil
            }
            defer { git_object_free(commit) }
            return ObjectName(git_object_id(commit))
        }
    }

    /// A commit that must be there: refs and parents lead to it.
    borrowing func commit(_ name: ObjectName) throws(MirrorTrouble) -> OwnedHandle<CommitKind> {
        var oid = name.oid
        return try with { (repository) throws(MirrorTrouble) in
            try OwnedHandle<CommitKind>("Reading commit \(name.hex)") {
                git_commit_lookup($0, repository, &oid)
            }
        }
    }

    borrowing func hasCommit(_ name: ObjectName) throws(MirrorTrouble) -> Bool {
        var oid = name.oid
        return try with { (repository) throws(MirrorTrouble) in
            try OwnedHandle<CommitKind>(ifFound: "Reading commit \(name.hex)") {
                git_commit_lookup($0, repository, &oid)
            } != nil
        }
    }

    borrowing func tree(of commit: borrowing OwnedHandle<CommitKind>) throws(MirrorTrouble) -> OwnedHandle<
        TreeKind
    > {
        try commit.with { (commit) throws(MirrorTrouble) in
            try OwnedHandle<TreeKind>("Reading a tree") { git_commit_tree($0, commit) }
        }
    }

    borrowing func tree(_ name: ObjectName) throws(MirrorTrouble) -> OwnedHandle<TreeKind> {
        var oid = name.oid
        return try with { (repository) throws(MirrorTrouble) in
            try OwnedHandle<TreeKind>("Reading a tree") { git_tree_lookup($0, repository, &oid) }
        }
    }

    /// The commit that an operator's abbreviation names.
    ///
    /// - Errors: `.invalid` for what is no abbreviation or names several, `.notFound` for what names none.
    borrowing func resolve(abbreviation: String) throws(MirrorTrouble) -> ObjectName {
        let hex = abbreviation.lowercased()
        let shown = Redaction.clean(abbreviation, limit: 64)
        let isHex = hex.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        guard (4...40).contains(hex.utf8.count), isHex else {
            throw MirrorTrouble(.invalid, "\(shown) is no commit: expected 4 to 40 hex digits.")
        }
        return try with { (repository) throws(MirrorTrouble) in
            var short = git_oid()
            try git("Reading a commit id") { git_oid_fromstrn(&short, hex, hex.utf8.count) }
            var object: OpaquePointer?
            let code = git_object_lookup_prefix(
                &object,
                repository,
                &short,
                hex.utf8.count,
                GIT_OBJECT_COMMIT
            )
            guard code == 0 else {
                let error = GitCallError(doing: "Looking up \(shown)", code: code)
                switch code {
                case GIT_EAMBIGUOUS.rawValue:
                    throw MirrorTrouble(.invalid, "\(shown) names more than one commit: give more digits.")
                case GIT_ENOTFOUND.rawValue:
                    throw MirrorTrouble(
                        .notFound,
                        "The mirror has no commit \(shown): check the id, and whether it was pushed."
                    )
                default:
                    throw error.local
                }
            }
            defer { git_object_free(object) }
            guard let name = ObjectName(git_object_id(object)) else {
                throw MirrorTrouble(
                    .notFound,
                    "The mirror has no commit \(shown): check the id, and whether it was pushed."
                )
            }
            return name
        }
    }

    /// A commit as a value, every text made harmless.
    borrowing func value(of name: ObjectName) throws(MirrorTrouble) -> Commit {
        let handle = try commit(name)
        return handle.read { commit in
            let text = CommitText(commit)
            return Commit(
                id: name.hex,
                parents: CommitText.parents(commit).map(\.hex),
                author: Sanitiser.line(text.author, limit: 200),
                email: Sanitiser.line(text.email, limit: 200),
                committed: Timestamp(seconds: git_commit_time(commit)),
                subject: Sanitiser.line(text.subject, limit: 500),
                body: Sanitiser.block(text.body, lineLimit: 500, width: 500).joined(separator: "\n")
            )
        }
    }
}

/// The texts of a commit as they are written, in whatever encoding.
struct CommitText {
    let author: String
    let email: String
    let subject: String
    let body: String

    init(_ commit: OpaquePointer) {
        let encoding = git_commit_message_encoding(commit).map { String(cString: $0).lowercased() } ?? "utf-8"
        let isLatin = ["iso-8859-1", "iso8859-1", "latin1", "latin-1", "windows-1252"].contains(encoding)
        func text(_ start: UnsafePointer<CChar>?) -> String {
            guard let start else {
                return ""
            }
            guard isLatin else {
                return String(cString: start)
            }
            var output = String.UnicodeScalarView()
            var next = start
            while next.pointee != 0 {
                output.append(Unicode.Scalar(UInt8(bitPattern: next.pointee)))
                next += 1
            }
            return String(output)
        }
        let signature = git_commit_author(commit)
        author = text(signature?.pointee.name)
        email = text(signature?.pointee.email)
        subject = text(git_commit_summary(commit))
        body = text(git_commit_body(commit))
    }

    static func parents(_ commit: OpaquePointer) -> [ObjectName] {
        (0..<git_commit_parentcount(commit)).compactMap { ObjectName(git_commit_parent_id(commit, $0)) }
    }
}
