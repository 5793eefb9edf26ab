package import Git

/// What one mirror needs to know: which repository, where it is kept, who the operator is.
package struct RepositorySettings: Sendable {
    package var id: RepositoryID
    /// The address as the cluster or the config gives it; a password in it is used and never shown.
    package var url: String
    /// The directory of all of weir's caches; mirrors lie in `mirrors/` below it, readable by their owner only.
    package var cacheDirectory: String
    /// Full names of the refs in use, `refs/heads/main`; empty mirrors every branch.
    package var refs: Set<String>
    /// True where the process or a cluster forbids changes: such a mirror never pushes.
    package var isReadOnly: Bool
    /// Nil takes `user.name` of the operator's Git configuration, then `GIT_AUTHOR_NAME`, then the login name.
    package var authorName: String?
    /// Nil takes `user.email`, then `GIT_AUTHOR_EMAIL`, then `login@host`.
    package var authorEmail: String?
    /// The longest silence of a remote before the mirror gives up on it.
    package var answerTimeout: Duration
    /// The environment of `git` and `ssh`; nil is the one of this process.
    package var environment: [String: String]?
    /// Asks the operator for a passphrase, a password or a user name; nil never asks.
    ///
    /// Called on a lane of the mirror, which waits for the answer; nil as answer gives up. The answer is kept nowhere.
    package var ask: (@Sendable (SecretQuestion) -> String?)?

    package init(
        id: RepositoryID,
        url: String,
        cacheDirectory: String,
        refs: Set<String> = [],
        isReadOnly: Bool,
        authorName: String? = nil,
        authorEmail: String? = nil,
        answerTimeout: Duration = .seconds(30),
        environment: [String: String]? = nil,
        ask: (@Sendable (SecretQuestion) -> String?)? = nil
    ) {
        self.id = id
        self.url = url
        self.cacheDirectory = cacheDirectory
        self.refs = refs
        self.isReadOnly = isReadOnly
        self.authorName = authorName
        self.authorEmail = authorEmail
        self.answerTimeout = answerTimeout
        self.environment = environment
        self.ask = ask
    }
}
