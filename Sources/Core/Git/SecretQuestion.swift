/// Something that only the operator can answer while a mirror talks to its remote.
///
/// The answer goes straight to who asked, is written nowhere, and is forgotten with the connection.
package struct SecretQuestion: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The passphrase of this key file.
        case passphrase(key: String)
        case password
        /// A user name: the only answer that may be shown while it is typed.
        case userName
    }

    package let repository: RepositoryID
    package let kind: Kind
    /// The question as `ssh` or `git` puts it, one harmless line.
    package let text: String
    /// Counts the times that this was asked in one connection, from 1: more means that the last answer was wrong.
    package let attempt: Int

    package init(repository: RepositoryID, kind: Kind, text: String, attempt: Int) {
        self.repository = repository
        self.kind = kind
        self.text = text
        self.attempt = attempt
    }

    package var isMasked: Bool { kind != .userName }
}
