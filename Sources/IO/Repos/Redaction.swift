import Text

/// Takes credentials out of everything that may be shown or logged.
enum Redaction {
    /// One harmless line in which no address carries a user's password.
    static func clean(_ text: String, limit: Int = 400) -> String {
        Sanitiser.line(withoutPasswords(text), limit: limit)
    }

    /// The address with `user:password@` cut to nothing, and `user@` kept.
    static func withoutPasswords(_ text: String) -> String {
        var output = ""
        var rest = text[...]
        while let scheme = rest.firstIndex(of: ":"),
            rest[scheme...].hasPrefix("://") || rest[scheme...].count > 1
        {
            let after = rest.index(after: scheme)
            output += rest[..<after]
            rest = rest[after...]
            guard rest.hasPrefix("//") else {
                continue
            }
            output += "//"
            rest = rest.dropFirst(2)
            let authority = rest.prefix { $0 != "/" && !$0.isWhitespace && $0 != "'" && $0 != "\"" }
            guard let at = authority.lastIndex(of: "@") else {
                continue
            }
            let user = authority[..<at]
            // A lone token before the @ is a password on most hosts unless it is a plain user name.
            if !user.contains(":"), user.count <= 32 {
                output += "\(user)@"
            }
            rest = rest[rest.index(after: at)...]
        }
        return output + rest
    }
}
