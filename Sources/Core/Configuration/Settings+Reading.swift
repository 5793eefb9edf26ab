import TOMLKit

extension Settings {
    /// Lines that may be left out before the rest is not worth reading.
    private static let syntaxErrorLimit = 20

    /// Reads a settings file.
    ///
    /// - Shape: what cannot be understood is told and left at its default; a line that is no TOML is told and
    ///   left out, so that one slip does not take the rest of the file down. Where the slip may be in what
    ///   protects, or nothing can be read, everything is read-only.
    ///   `file` is the path, for diagnostics only.
    package static func read(_ text: String, file: String) -> (Settings, [SettingsDiagnostic]) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var diagnostics: [SettingsDiagnostic] = []
        // A protection in a line that cannot be read is not given up: nothing is changed until it is mended.
        var losesProtection = false
        for _ in 0..<syntaxErrorLimit {
            let current = lines.joined(separator: "\n")
            do {
                let table = try TOMLTable(string: current)
                var reader = SettingsReader(file: file, places: KeyPlaces(current))
                // Inner tables are borrowed from the outer one.
                var settings = withExtendedLifetime(table) { reader.read(table) }
                settings.general.isReadOnly = settings.general.isReadOnly || losesProtection
                diagnostics += reader.diagnostics
                return (
                    settings, diagnostics.sorted { ($0.line ?? 0, $0.message) < ($1.line ?? 0, $1.message) }
                )
            } catch {
                let problem = error as? TOMLParseError
                let line = problem?.source.begin.line
                let words = problem?.description ?? "cannot be read"
                diagnostics.append(
                    SettingsDiagnostic(file: file, line: line, key: nil, message: "this is no TOML: \(words)")
                )
                guard let line, lines.indices.contains(line - 1), !lines[line - 1].isEmpty else {
                    return (Settings(general: GeneralSettings(isReadOnly: true)), diagnostics)
                }
                losesProtection =
                    losesProtection || lines[line - 1].contains("read_only")
                    || lines[line - 1].contains("protected")
                lines[line - 1] = ""
            }
        }
        return (Settings(general: GeneralSettings(isReadOnly: true)), diagnostics)
    }
}
