import Glibc

/// Who runs weir, for annotations and commits.
enum Operator {
    /// The login name, or the numeric user id where there is none.
    static var name: String {
        for variable in ["LOGNAME", "USER"] {
            if let name = TextFile.environment(variable), !name.isEmpty {
                return name
            }
        }
        return String(getuid())
    }
}
