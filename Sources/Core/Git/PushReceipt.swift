import Kube
import Chrono

/// What a push left behind.
package struct PushReceipt: Hashable, Sendable {
    package let repository: RepositoryID
    /// The branch that has the commit now: the plan's own, or the new one for a pull request.
    package let branch: String
    /// The new commit, now at the tip of the branch.
    package let commit: String
    /// What the server said over the wire, `remote:` lines, harmless.
    package let remarks: [String]
    /// Where a pull request for a new branch is opened: the server's own link, else the known form of the host.
    package let compare: String?

    package init(
        repository: RepositoryID,
        branch: String,
        commit: String,
        remarks: [String] = [],
        compare: String? = nil
    ) {
        self.repository = repository
        self.branch = branch
        self.commit = commit
        self.remarks = remarks
        self.compare = compare
    }
}

/// What became of a push whose weir ended before it could tell.
package struct PushRemnant: Hashable, Sendable {
    package enum Fate: Hashable, Sendable {
        /// The remote's branch has the commit, at its tip or below newer ones.
        case onBranch
        /// The remote's branch does not have it: nothing happened.
        case nothingHappened
        /// The remote cannot be asked now, with the reason; the question stays open.
        case unknown(String)
    }

    package let repository: RepositoryID
    package let branch: String
    package let commit: String
    package let subject: String
    package let fate: Fate

    package init(repository: RepositoryID, branch: String, commit: String, subject: String, fate: Fate) {
        self.repository = repository
        self.branch = branch
        self.commit = commit
        self.subject = subject
        self.fate = fate
    }

    /// One sentence for the operator.
    package var sentence: String {
        let what = "the push of \(Revision.cut(commit)) \"\(subject)\" to \(branch) of \(repository)"
        return switch fate {
        case .onBranch: "weir ended during \(what): the commit is on the branch"
        case .nothingHappened: "weir ended during \(what): nothing happened, the branch does not have it"
        case .unknown(let why): "weir ended during \(what), and the remote cannot be asked: \(why)"
        }
    }
}

/// Where the hosts that weir knows open a pull request.
package enum PullRequestAddress {
    /// The server's own link among its `remote:` lines, else the host's known form; nil for unknown hosts.
    package static func address(
        repository: RepositoryID,
        base: String,
        branch: String,
        remarks: [String]
    ) -> String? {
        for remark in remarks {
            let words = remark.split(separator: " ")
            if let link = words.first(where: { $0.hasPrefix("https://") || $0.hasPrefix("http://") }) {
                return String(link)
            }
        }
        let host = repository.address.prefix { $0 != "/" && $0 != ":" }
        let place = repository.address.drop { $0 != "/" }
        guard !host.isEmpty, !place.isEmpty else {
            return nil
        }
        let (from, to) = (escaped(branch), escaped(base))
        if host == "github.com" || host.hasPrefix("github.") {
            return "https://\(host)\(place)/compare/\(to)...\(from)?expand=1"
        }
        if host == "gitlab.com" || host.hasPrefix("gitlab.") {
            return "https://\(host)\(place)/-/merge_requests/new?merge_request[source_branch]=\(from)"
                + "&merge_request[target_branch]=\(to)"
        }
        if host == "bitbucket.org" {
            return "https://\(host)\(place)/pull-requests/new?source=\(from)&dest=\(to)"
        }
        if host == "codeberg.org" || host.hasPrefix("gitea.") || host.hasPrefix("forgejo.") {
            return "https://\(host)\(place)/compare/\(to)...\(from)"
        }
        return nil
    }

    private static func escaped(_ name: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var output = ""
        for byte in name.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                || "-._~/".unicodeScalars.contains(scalar)
            output +=
                isPlain ? String(Character(scalar)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }
        return output
    }
}
