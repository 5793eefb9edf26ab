import Chrono
import Keys
import TOMLKit

/// Reads the tables of a settings file and collects what it does not understand.
struct SettingsReader {
    let file: String
    let places: KeyPlaces
    private(set) var diagnostics: [SettingsDiagnostic] = []

    init(file: String, places: KeyPlaces) {
        self.file = file
        self.places = places
    }

    mutating func read(_ root: TOMLTable) -> Settings {
        var settings = Settings()
        checkNames(in: root, at: "", known: ["general", "cluster", "keys", "git", "drift", "freeze"])
        if let table = table("general", in: root) {
            settings.general = general(table)
        }
        if let table = table("git", in: root) {
            checkNames(in: table, at: "git", known: ["author_name", "author_email"])
            settings.git = GitSettings(
                authorName: text("author_name", in: table, at: "git"),
                authorEmail: text("author_email", in: table, at: "git")
            )
        }
        if let table = table("keys", in: root) {
            settings.keymap = keymap(table)
        }
        settings.clusters = clusters(root)
        settings.drift = drift(root)
        settings.freezes = freezes(root)
        return settings
    }

    // MARK: Tables

    private mutating func general(_ table: TOMLTable) -> GeneralSettings {
        let names = [
            "theme", "read_only", "ascii", "mouse", "cache_directory", "fetch_interval",
        ]
        checkNames(in: table, at: "general", known: names)
        var general = GeneralSettings()
        general.theme = text("theme", in: table, at: "general")
        general.isReadOnly =
            flag("read_only", in: table, at: "general", otherwise: true) ?? general.isReadOnly
        general.usesASCII = flag("ascii", in: table, at: "general")
        general.usesMouse = flag("mouse", in: table, at: "general") ?? general.usesMouse
        general.cacheDirectory = text("cache_directory", in: table, at: "general")
        if let interval = duration("fetch_interval", in: table, at: "general", least: .seconds(5)) {
            general.fetchInterval = interval
        }
        return general
    }

    private mutating func clusters(_ root: TOMLTable) -> [ClusterRule] {
        guard let value = root["cluster"] else {
            return []
        }
        guard let entries = value.array else {
            report("cluster", "is a \(value.type); expected [[cluster]] with double brackets")
            return []
        }
        var rules: [ClusterRule] = []
        for (number, entry) in entries.enumerated() {
            guard let table = entry.table else {
                report("cluster", "is a list of \(entry.type)s; expected [[cluster]] entries")
                continue
            }
            if let rule = cluster(table, at: "cluster.\(number)") {
                rules.append(rule)
            }
        }
        return rules
    }

    private mutating func cluster(_ table: TOMLTable, at path: String) -> ClusterRule? {
        let names = [
            "context", "kubeconfig", "name", "group", "protected", "read_only", "colour", "namespaces",
            "timeout",
        ]
        checkNames(in: table, at: path, known: names)
        guard let context = text("context", in: table, at: path) else {
            if table["context"] == nil {
                report(
                    path,
                    "has no context; expected the name of a kubeconfig context or a glob like \"prod-*\""
                )
            }
            return nil
        }
        guard let glob = Glob(context) else {
            report("\(path).context", "\"\(context)\" is no glob; expected *, ?, [abc] or plain letters")
            return nil
        }
        var rule = ClusterRule(
            context: context,
            kubeconfig: text("kubeconfig", in: table, at: path),
            name: text("name", in: table, at: path),
            group: text("group", in: table, at: path),
            isProtected: flag("protected", in: table, at: path, otherwise: true),
            isReadOnly: flag("read_only", in: table, at: path, otherwise: true),
            colour: text("colour", in: table, at: path),
            namespaces: texts("namespaces", in: table, at: path),
            timeout: duration("timeout", in: table, at: path, least: .seconds(1))
        )
        if rule.name != nil, glob.isPattern {
            report(
                "\(path).name",
                "one name for all that \"\(context)\" names; expected a context without * ? [ ]"
            )
            rule.name = nil
        }
        return rule
    }

    private mutating func keymap(_ table: TOMLTable) -> Keymap<Command> {
        var keymap = Command.defaultKeymap
        checkNames(in: table, at: "keys", known: Command.allCases.map(\.rawValue), what: "command")
        // What a line of the file took is not taken back by a later default: conflicts are between lines only.
        var taken: [Key: Command] = [:]
        for name in table.keys.sorted() {
            guard let command = Command(rawValue: name), let notations = texts(name, in: table, at: "keys")
            else {
                continue
            }
            var keys: [Key] = []
            for notation in notations {
                guard let key = Key(notation: notation) else {
                    report(
                        "keys.\(name)",
                        "\"\(notation)\" is no key; expected R, Ctrl-r, Alt-x, F5, Space, PgDn …"
                    )
                    continue
                }
                if let other = taken[key] {
                    report("keys.\(name)", "\(key.notation) is given to \(other.rawValue) already")
                    continue
                }
                taken[key] = command
                keys.append(key)
            }
            // A line whose keys are all wrong changes nothing; an empty list takes the keys away.
            if !keys.isEmpty || notations.isEmpty {
                _ = keymap.rebind(command, to: keys)
            }
        }
        if keymap.keys(for: .quit).isEmpty {
            report("keys.quit", "nothing would end weir; Ctrl-c stays")
            keymap.bind(.control("c"), to: .quit)
        }
        return keymap
    }

    // MARK: Values

    mutating func table(_ key: String, in root: TOMLTable) -> TOMLTable? {
        guard let value = root[key] else {
            return nil
        }
        if value.table == nil {
            report(key, "is a \(value.type); expected a table [\(key)]")
        }
        return value.table
    }

    mutating func text(_ key: String, in table: TOMLTable, at path: String) -> String? {
        guard let value = table[key] else {
            return nil
        }
        guard let text = value.string, !text.isEmpty else {
            report("\(path).\(key)", "is \(SettingsReader.words(value)); expected a text in quotes")
            return nil
        }
        return text
    }

    /// A text or a list of texts.
    mutating func texts(_ key: String, in table: TOMLTable, at path: String) -> [String]? {
        guard let value = table[key] else {
            return nil
        }
        if let text = value.string {
            return [text]
        }
        let list = value.array.map { array in array.map { $0.string } }
        guard let list, !list.contains(where: { $0 == nil }) else {
            report("\(path).\(key)", "is \(SettingsReader.words(value)); expected a text or a list of texts")
            return nil
        }
        return list.compactMap(\.self)
    }

    /// A switch; one that cannot be read counts as `otherwise`, so that what protects is never lost to a slip.
    private mutating func flag(_ key: String, in table: TOMLTable, at path: String, otherwise: Bool? = nil)
        -> Bool?
    {
        guard let value = table[key] else {
            return nil
        }
        guard let flag = value.bool else {
            report("\(path).\(key)", "is \(SettingsReader.words(value)); expected true or false")
            return otherwise
        }
        return flag
    }

    private mutating func duration(
        _ key: String,
        in table: TOMLTable,
        at path: String,
        least: Duration
    ) -> Duration? {
        guard let value = table[key] else {
            return nil
        }
        guard let text = value.string, let duration = Duration(go: text) else {
            report(
                "\(path).\(key)",
                "is \(SettingsReader.words(value)); expected a duration like \"30s\" or \"5m\""
            )
            return nil
        }
        guard duration >= least else {
            report("\(path).\(key)", "is \(text); expected \(least.took) or more")
            return nil
        }
        return duration
    }

    private static func words(_ value: any TOMLValueConvertible) -> String {
        if let text = value.string {
            return text.isEmpty ? "empty" : "\"\(text)\""
        }
        return "\(value.type == .int || value.type == .array ? "an" : "a") \(value.type)"
    }

    // MARK: Diagnostics

    mutating func checkNames(
        in table: TOMLTable,
        at path: String,
        known: [String],
        what: String = "key"
    ) {
        for name in table.keys.sorted() where !known.contains(name) {
            let near = NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? ""
            report(path.isEmpty ? name : "\(path).\(name)", "unknown \(what)\(near)")
        }
    }

    mutating func report(_ path: String, _ message: String) {
        // Entries are counted for the line only: people see `cluster.name`.
        let key = path.split(separator: ".").filter { Int($0) == nil }.joined(separator: ".")
        let line = places[path] ?? places[path.split(separator: ".").dropLast().joined(separator: ".")]
        diagnostics.append(SettingsDiagnostic(file: file, line: line, key: key, message: message))
    }
}
