import Screen
import TOMLKit

/// Something in a theme file that was not understood; the rest of the file still counts.
package struct ThemeDiagnostic: Hashable, Sendable, CustomStringConvertible {
    package let file: String
    /// Counted from one; nil when it concerns the whole file.
    package let line: Int?
    /// What was found and what was expected.
    package let message: String

    package var description: String {
        line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
    }
}

/// What a theme file says.
///
/// Top-level keys are role names; `name`, `appearance` and `inherits` describe the theme, `[palette]` names colours.
/// Without `inherits` a file builds on the built-in dark or light theme, so that it is total with a single line.
package struct ThemeFile: Sendable {
    /// Nil only when the file is no TOML at all.
    package let definition: ThemeDefinition?
    package let diagnostics: [ThemeDiagnostic]

    /// The theme, when the file could be read.
    package var theme: Theme? { definition?.theme }

    /// Reads a theme.
    ///
    /// - Shape: `file` is the path, for diagnostics; its name is the theme's where the file gives none.
    ///   `parent` finds what `inherits` names; without it only the built-in themes can be inherited.
    package init(
        _ text: String,
        file: String,
        parent: (String) -> ThemeDefinition? = ThemeDefinition.builtin(named:)
    ) {
        do {
            let table = try TOMLTable(string: text)
            var reader = ThemeReader(file: file, lines: KeyLines(text))
            definition = withExtendedLifetime(table) { reader.read(table, parent: parent) }
            diagnostics = reader.diagnostics.sorted { ($0.line ?? 0) < ($1.line ?? 0) }
        } catch {
            definition = nil
            let problem = error as? TOMLParseError
            let message = "not TOML: \(problem?.description ?? String(describing: error))"
            diagnostics = [ThemeDiagnostic(file: file, line: problem?.source.begin.line, message: message)]
        }
    }
}

/// Reads the table of a theme file, collecting what it does not understand.
private struct ThemeReader {
    let file: String
    let lines: KeyLines
    var diagnostics: [ThemeDiagnostic] = []

    private static let reserved: Set<String> = ["name", "appearance", "inherits", "palette"]
    private static let colourForms = "#rrggbb, #rgb, default, ansi-red … ansi-bright-white"

    init(file: String, lines: KeyLines) {
        self.file = file
        self.lines = lines
    }

    mutating func read(_ table: TOMLTable, parent: (String) -> ThemeDefinition?) -> ThemeDefinition {
        var definition = base(table, parent: parent)
        definition.name = string("name", in: table) ?? Self.name(ofFile: file)
        if let appearance = string("appearance", in: table) {
            if let known = Theme.Appearance(rawValue: appearance) {
                definition.appearance = known
            } else {
                report("appearance is \"\(appearance)\"; expected \"dark\" or \"light\"", at: "appearance")
            }
        }
        readPalette(table, into: &definition)
        for key in table.keys.sorted() where !Self.reserved.contains(key) {
            guard let role = Role(name: key) else {
                let near = Role.allCases.map(\.name).min { $0.distance(to: key) < $1.distance(to: key) }
                let hint = near.flatMap { $0.distance(to: key) <= 3 ? "; did you mean \"\($0)\"?" : nil }
                report("unknown role \"\(key)\"\(hint ?? "")", at: key)
                continue
            }
            guard let value = table[key], let look = look(value, key: key, in: definition) else { continue }
            definition.looks[role] = look
        }
        return definition
    }

    private mutating func base(
        _ table: TOMLTable,
        parent: (String) -> ThemeDefinition?
    ) -> ThemeDefinition {
        if let name = string("inherits", in: table) {
            if let found = parent(name) { return found }
            let known = ThemeDefinition.builtin.map(\.name).joined(separator: ", ")
            report("there is no theme \"\(name)\" to inherit from; built in are \(known)", at: "inherits")
        }
        return table["appearance"]?.string == "light" ? .light : .dark
    }

    private mutating func readPalette(_ table: TOMLTable, into definition: inout ThemeDefinition) {
        guard let value = table["palette"] else { return }
        guard let palette = value.table else {
            report("palette is a \(value.type); expected a table of colours", at: "palette")
            return
        }
        for name in palette.keys.sorted() {
            let key = "palette.\(name)"
            guard let text = palette[name]?.string else {
                report("palette colour \"\(name)\" is not a text; expected \(Self.colourForms)", at: key)
                continue
            }
            if ThemeDefinition.colour(written: text) == nil {
                report("\"\(text)\" is no colour; expected \(Self.colourForms)", at: key)
            } else {
                definition.palette[name] = text
            }
        }
    }

    private mutating func look(
        _ value: any TOMLValueConvertible,
        key: String,
        in definition: ThemeDefinition
    ) -> ThemeDefinition.Look? {
        if let text = value.string {
            return colour(text, key: key, in: definition).map { ThemeDefinition.Look($0) }
        }
        guard let table = value.table else {
            report("\(key) is a \(value.type); expected a colour or { fg, bg, bold, … }", at: key)
            return nil
        }
        var look = ThemeDefinition.Look()
        for part in table.keys.sorted() {
            guard let setting = table[part] else { continue }
            if part == "fg" || part == "bg" {
                guard let text = setting.string else {
                    report("\(part) is a \(setting.type); expected \(Self.colourForms)", at: key, part)
                    continue
                }
                let found = colour(text, key: key, in: definition)
                if part == "fg" { look.foreground = found } else { look.background = found }
            } else if let emphasis = Style.Emphasis.names.first(where: { $0.1 == part })?.0 {
                if let isOn = setting.bool {
                    if isOn { look.emphasis.insert(emphasis) }
                } else {
                    report("\(part) is a \(setting.type); expected true or false", at: key, part)
                }
            } else {
                let known = Style.Emphasis.names.map(\.1).joined(separator: ", ")
                report("unknown \"\(part)\"; expected fg, bg, \(known)", at: key, part)
            }
        }
        return look
    }

    /// The text itself when it names a colour.
    private mutating func colour(_ text: String, key: String, in definition: ThemeDefinition) -> String? {
        if definition.colour(text) != nil { return text }
        let names = definition.palette.keys.sorted().joined(separator: ", ")
        report("\"\(text)\" is no colour; expected \(Self.colourForms) or of the palette: \(names)", at: key)
        return nil
    }

    private mutating func string(_ key: String, in table: TOMLTable) -> String? {
        guard let value = table[key] else { return nil }
        if let text = value.string { return text }
        report("\(key) is a \(value.type); expected a text", at: key)
        return nil
    }

    private mutating func report(_ message: String, at key: String, _ part: String? = nil) {
        let line = part.flatMap { lines["\(key).\($0)"] } ?? lines[key]
        diagnostics.append(ThemeDiagnostic(file: file, line: line, message: message))
    }

    private static func name(ofFile file: String) -> String {
        let last = file.split(separator: "/").last.map(String.init) ?? file
        return last.hasSuffix(".toml") ? String(last.dropLast(5)) : last
    }
}
