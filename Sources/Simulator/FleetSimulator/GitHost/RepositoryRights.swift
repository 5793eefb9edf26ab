/// Who may read from and push to one repository of the Git host.
package struct RepositoryRights: Sendable, Equatable {
    /// Who may do one thing.
    package enum Rule: Sendable, Equatable {
        case anyone
        case nobody
        case credentials(user: String, password: String)
    }

    /// Who may clone and fetch.
    package var reading: Rule
    /// Who may push.
    package var pushing: Rule

    package init(reading: Rule = .anyone, pushing: Rule = .anyone) {
        self.reading = reading
        self.pushing = pushing
    }
}

extension RepositoryRights {
    /// What a request is answered before anything is read.
    enum Verdict: Equatable {
        case allowed(user: String?)
        case unauthorized
        case forbidden
    }

    /// Judges one request by its basic credentials, as sent (`user:password`); nil when it carries none.
    func verdict(pushing isPush: Bool, credentials: String?) -> Verdict {
        let rule = isPush ? pushing : reading
        switch rule {
        case .anyone:
            return .allowed(user: credentials?.split(separator: ":").first.map(String.init))
        case .nobody:
            return .forbidden
        case .credentials(let user, let password):
            guard let credentials else { return .unauthorized }
            return credentials == "\(user):\(password)" ? .allowed(user: user) : .unauthorized
        }
    }
}
