import Glibc
import Text

/// Who a commit of weir's is by: the operator.
struct Author: Sendable {
    let name: String
    let email: String

    /// The operator as Git knows them: settings, Git configuration, environment, login.
    init(_ settings: RepositorySettings) {
        let configuration = GitConfiguration()
        func first(_ given: String?, key: String, variable: String, fallback: () -> String) -> String {
            let found = given ?? configuration.text(key) ?? settings.variable(variable) ?? ""
            let text = Author.harmless(found)
            return text.isEmpty ? fallback() : text
        }
        name = first(
            settings.authorName,
            key: "user.name",
            variable: "GIT_AUTHOR_NAME",
            fallback: { LocalAccount.name ?? "weir" }
        )
        email = first(settings.authorEmail, key: "user.email", variable: "GIT_AUTHOR_EMAIL") {
            "\(LocalAccount.name ?? "weir")@\(Author.host())"
        }
    }

    /// Git writes these between brackets on one line.
    private static func harmless(_ text: String) -> String {
        Sanitiser.line(text.filter { $0 != "<" && $0 != ">" && !$0.isNewline }, limit: 200)
    }

    private static func host() -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, gethostname(start, buffer.count - 1) == 0 else {
                return "localhost"
            }
            buffer[buffer.count - 1] = 0
            return String(cString: start)
        }
    }
}
