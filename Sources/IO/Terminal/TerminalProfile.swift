import CCurses
import CPosix
import Glibc

/// What is known of a terminal before anything is drawn on it.
struct TerminalProfile {
    /// The description to use; not always the name in `TERM`.
    let description: String
    /// Whether text goes out as UTF-8.
    let isUTF8: Bool
    /// Whether symbols are to be ASCII.
    let usesASCIIGlyphs: Bool
    /// Whether the terminal passes on unknown requests in silence: title, paste and mouse may be asked for.
    let isModern: Bool
    /// Whether the terminal is GNU screen, which wants some sequences wrapped.
    let isScreen: Bool

    /// Finds out about the terminal that the environment names.
    init(environment: [String: String], ascii: Bool) throws(TerminalFailure) {
        guard let name = environment["TERM"], !name.isEmpty else { throw .noName }
        description = try Self.description(for: name, environment: environment)
        setlocale(LC_CTYPE, "")
        isUTF8 = String(cString: nl_langinfo(CInt(CODESET))).lowercased() == "utf-8"
        // The font of the Linux console has lines, but few of the symbols.
        usesASCIIGlyphs = ascii || !isUTF8 || name == "linux"
        isModern = !["linux", "vt", "ansi", "cons", "dumb", "sun"].contains { name.hasPrefix($0) }
        isScreen = name.hasPrefix("screen") && environment["TMUX"] == nil
    }

    /// The first description that exists: of the terminal itself, then of the ones it imitates.
    ///
    /// New terminals bring descriptions that old hosts do not have, and the hosts weir runs on are reached by SSH.
    private static func description(
        for name: String,
        environment: [String: String]
    ) throws(TerminalFailure) -> String {
        var candidates = [name]
        if name == "xterm", ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "") {
            candidates.insert("xterm-256color", at: 0)
        }
        if name.hasPrefix("tmux") || name.hasPrefix("screen") {
            candidates += ["tmux-256color", "screen-256color", "screen"]
        } else if imitators.contains(where: { name.hasPrefix($0) }) {
            candidates += ["xterm-256color", "xterm"]
        }
        for candidate in candidates where CCurses_describe(candidate) == CCurses_description_found {
            return candidate
        }
        switch CCurses_describe(name) {
        case CCurses_description_generic: throw .incapable(name: name)
        default: throw .unknown(name: name)
        }
    }

    private static let imitators = [
        "xterm", "alacritty", "foot", "wezterm", "kitty", "ghostty", "contour", "rio", "konsole", "vte",
        "gnome",
        "st-", "iterm", "mintty", "putty", "rxvt", "stterm",
    ]
}
