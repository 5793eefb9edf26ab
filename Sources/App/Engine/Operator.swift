import Glibc
import Repos

/// Who runs weir, for annotations and commits.
enum Operator {
    /// The name of the login, or where the environment has none, of the account.
    static var name: String {
        for variable in ["LOGNAME", "USER"] {
            if let name = TextFile.environment(variable), !name.isEmpty {
                return name
            }
        }
        return LocalAccount.name ?? String(getuid())
    }
}
