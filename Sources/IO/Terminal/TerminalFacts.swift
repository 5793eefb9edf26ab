import CCurses
import CPosix
import Glibc
package import Themes

/// What can be found out about the terminal without taking it.
package struct TerminalFacts: Sendable, Hashable {
    /// False where standard output is a file or a pipe.
    package let isTerminal: Bool
    /// Nil where it is no terminal.
    package let columns: Int?
    package let rows: Int?
    /// `TERM`; empty where it is not set.
    package let name: String
    package let colours: ColourDepth
    /// The character encoding of the locale, `UTF-8`.
    package let encoding: String
    /// Why nothing could be drawn on it; nil where something could.
    package let problem: String?

    /// Looks at the terminal of this process.
    package static func current(environment: [String: String]) -> TerminalFacts {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        var rows: UInt16 = 0
        var columns: UInt16 = 0
        let hasSize = isTerminal && CPosix_window_size(STDOUT_FILENO, &rows, &columns) == 0
        let name = environment["TERM"] ?? ""
        var problem: String?
        var count: CInt = 0
        do throws(TerminalFailure) {
            let profile = try TerminalProfile(environment: environment, ascii: false)
            count = CCurses_described_colours(profile.description)
        } catch {
            problem = error.description
        }
        if !isTerminal {
            problem = TerminalFailure.noTerminal.description
        }
        setlocale(LC_CTYPE, "")
        return TerminalFacts(
            isTerminal: isTerminal,
            columns: hasSize ? Int(columns) : nil,
            rows: hasSize ? Int(rows) : nil,
            name: name,
            colours: ColourDepth.detect(environment: environment, colours: Int(count)),
            encoding: String(cString: nl_langinfo(CInt(CODESET))),
            problem: problem
        )
    }
}
