import Kube
package import Chrono

/// One Git repository, however its address is spelled.
///
/// - Shape: `host/path` in lower-case host, without scheme, user, default port, trailing `.git` and slash, so
///   that `ssh://git@host/a/b`, `https://host/a/b.git` and `git@host:a/b` are one.
package struct RepositoryID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let address: String

    /// Normalises any address that Git or Flux accepts.
    package init(url: String) {
        address = RepositoryID.normalised(url)
    }

    /// An address that was normalised before, as `address` gives it.
    package init(normalised address: String) {
        self.address = address
    }

    package var description: String { address }

    /// The last part of the path, for headings: `fleet`.
    package var name: String {
        String(address.split(separator: "/").last ?? Substring(address))
    }

    package static func < (left: RepositoryID, right: RepositoryID) -> Bool {
        left.address < right.address
    }

    private static func normalised(_ url: String) -> String {
        var rest = Substring(url)
        var scheme = ""
        if let range = rest.range(ofText: "://") {
            scheme = rest[..<range.lowerBound].lowercased()
            rest = rest[range.upperBound...]
        } else if let colon = rest.firstIndex(of: ":"), !rest[..<colon].contains("/") {
            // The scp form, `git@host:path`.
            rest = Substring("\(rest[..<colon])/\(rest[rest.index(after: colon)...].drop { $0 == "/" })")
            scheme = "ssh"
        }
        if scheme == "file" || scheme.isEmpty {
            return String(rest.trimmed(suffix: "/"))
        }
        var authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        if let at = authority.lastIndex(of: "@") {
            authority = authority[authority.index(after: at)...]
        }
        for port in [":22", ":443", ":80"] where authority.hasSuffix(port) {
            authority = authority.dropLast(port.count)
        }
        let parts = path.split(separator: "/").joined(separator: "/")
        let bare = parts.hasSuffix(".git") ? String(parts.dropLast(4)) : parts
        return "\(authority.lowercased())/\(bare)"
    }
}

extension Substring {
    fileprivate func range(ofText text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) {
                return start..<index(start, offsetBy: text.count)
            }
            start = index(after: start)
        }
        return nil
    }

    fileprivate func trimmed(suffix: Character) -> Substring {
        var rest = self
        while rest.count > 1, rest.last == suffix {
            rest = rest.dropLast()
        }
        return rest
    }
}

/// One commit, as the log shows it.
///
/// - Shape: `id` is 40 (or 64) lower-case hex digits; every text is one harmless line but `body`, which
///   keeps its line breaks.
package struct Commit: Hashable, Sendable {
    package let id: String
    package let parents: [String]
    package let author: String
    package let email: String
    package let committed: Timestamp
    package let subject: String
    package let body: String

    package init(
        id: String,
        parents: [String],
        author: String,
        email: String,
        committed: Timestamp,
        subject: String,
        body: String = ""
    ) {
        self.id = id
        self.parents = parents
        self.author = author
        self.email = email
        self.committed = committed
        self.subject = subject
        self.body = body
    }

    package var short: String { Revision.cut(id) }

    package var isMerge: Bool { parents.count > 1 }
}

/// What one mirror knows of its remote.
package struct RepositorySnapshot: Hashable, Sendable {
    package enum Health: Hashable, Sendable {
        case never
        case fetching
        case current
        /// One sentence; the heads shown are those of before.
        case failed(String)
    }

    package let id: RepositoryID
    /// The address the mirror fetches from, without credentials.
    package var url: String
    /// Full ref names and the commits they are at, `refs/heads/main`.
    package var heads: [String: String]
    package var fetched: Timestamp?
    package var health: Health
    /// What happened to refs other than new commits, by full name, since this mirror was opened; the latest of each.
    package var upheavals: [String: RefUpheaval]

    package init(
        id: RepositoryID,
        url: String,
        heads: [String: String] = [:],
        fetched: Timestamp? = nil,
        health: Health = .never,
        upheavals: [String: RefUpheaval] = [:]
    ) {
        self.id = id
        self.url = url
        self.heads = heads
        self.fetched = fetched
        self.health = health
        self.upheavals = upheavals
    }
}

/// A question about distance; its answer never changes, so it can be kept for ever.
package struct DistanceKey: Hashable, Sendable {
    package let repository: RepositoryID
    /// The commit that runs.
    package let from: String
    /// The commit at the head of the ref that the source follows.
    package let to: String
    /// The applier's path at `to`, without `./`; empty counts every commit.
    package let path: String

    package init(repository: RepositoryID, from: String, to: String, path: String) {
        self.repository = repository
        self.from = from
        self.to = to
        self.path = path
    }
}

/// How far a commit lies behind another.
package enum Distance: Hashable, Sendable {
    /// `commits` in all, `touching` of them change what the path builds from.
    ///
    /// - Shape: `since` is when the oldest of those that touch it, or of all where none does, came to the branch:
    ///   the committer's time of the commit or of the merge that brought it; nil where nothing is behind.
    case behind(commits: Int, touching: Int, since: Timestamp? = nil)
    /// History was rewritten: `from` is no ancestor of `to`.
    case diverged
    /// The mirror has no such commit.
    case unknown
}

/// Which commits to list.
package struct LogQuery: Hashable, Sendable {
    package var repository: RepositoryID
    /// The full ref name, `refs/heads/main`.
    package var ref: String
    /// Text found in subject, author, e-mail or commit id, case-insensitive; empty lists all.
    package var text: String
    /// Only commits that change something below this path; empty lists all.
    package var path: String
    /// True where the path is an applier's: then bases and components that it builds from count too.
    package var isApplierPath: Bool

    package init(
        repository: RepositoryID,
        ref: String,
        text: String = "",
        path: String = "",
        isApplierPath: Bool = false
    ) {
        self.repository = repository
        self.ref = ref
        self.text = text
        self.path = path
        self.isApplierPath = isApplierPath
    }
}

/// One page of a log, newest first.
package struct LogPage: Hashable, Sendable {
    package let query: LogQuery
    /// The commit at the ref when the page was read; pages of another tip do not belong together.
    package let tip: String
    /// How many matching commits come before this page.
    package let offset: Int
    package let commits: [Commit]
    package let isLast: Bool

    package init(query: LogQuery, tip: String, offset: Int, commits: [Commit], isLast: Bool) {
        self.query = query
        self.tip = tip
        self.offset = offset
        self.commits = commits
        self.isLast = isLast
    }
}
