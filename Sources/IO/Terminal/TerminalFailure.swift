import CPosix
import Glibc

/// Why there is no terminal to draw on.
package enum TerminalFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Standard output goes to a file, a pipe or nowhere.
    case noTerminal
    /// `TERM` is not set.
    case noName
    /// There is no description of the terminal, nor of one like it.
    case unknown(name: String)
    /// The terminal cannot place its cursor.
    case incapable(name: String)
    /// The system refused.
    case system(operation: String, code: Int32)

    /// A sentence for the operator: what is wrong and what helps.
    package var description: String {
        switch self {
        case .noTerminal:
            "standard output is not a terminal; run weir in one (with ssh, use `ssh -t`)"
        case .noName:
            "TERM is not set, so it is unknown what this terminal can do; try TERM=xterm-256color"
        case .unknown(let name):
            "there is no description of the terminal \"\(name)\" on this machine; "
                + "install ncurses-term, or try TERM=xterm-256color"
        case .incapable(let name):
            "the terminal \"\(name)\" cannot place its cursor, so nothing can be drawn on it; "
                + "set TERM to what your terminal is, for example TERM=xterm-256color"
        case .system(let operation, let code):
            "\(operation) failed: \(String(cString: strerror(code)))"
        }
    }
}
