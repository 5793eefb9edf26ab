import Configuration
import Themes

/// How the screen is to look, from the command line and the config.
struct Look {
    let theme: Theme
    /// All themes that can be switched to, the chosen one among them.
    let themes: [Theme]
    let isASCII: Bool
    let usesMouse: Bool
    /// Sentences about what was wrong with a theme.
    let problems: [String]

    /// - Errors: a theme named on the command line that is neither built in nor a file.
    init(_ options: LaunchOptions, settings: Settings) throws(LaunchFailure) {
        isASCII = options.isASCII || settings.general.usesASCII == true
        usesMouse = settings.general.usesMouse
        var problems: [String] = []
        var themes = Theme.builtin
        var chosen = Theme.standard
        if let name = options.theme ?? settings.general.theme {
            if let builtin = themes.first(where: { $0.name == name }) {
                chosen = builtin
            } else if let bytes = try TextFile.bytes(at: FleetAssembly.expanded(name)) {
                let file = ThemeFile(String(decoding: bytes, as: UTF8.self), file: name)
                problems = file.diagnostics.map(\.description)
                chosen = file.theme ?? chosen
                themes.append(chosen)
            } else {
                let names = themes.map(\.name).joined(separator: ", ")
                let sentence = "the theme \(name) is no file and not built in; built in are \(names)"
                guard options.theme == nil else {
                    throw LaunchFailure(sentence)
                }
                problems.append(sentence)
            }
        }
        theme = chosen
        self.themes = themes
        self.problems = problems
    }
}
