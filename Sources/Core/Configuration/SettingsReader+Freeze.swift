import Chrono
import TOMLKit

extension SettingsReader {
    /// Reads the `[[freeze]]` entries.
    mutating func freezes(_ root: TOMLTable) -> [FreezeWindow] {
        guard let value = root["freeze"] else {
            return []
        }
        guard let entries = value.array else {
            report("freeze", "is a \(value.type); expected [[freeze]] with double brackets")
            return []
        }
        var windows: [FreezeWindow] = []
        for (number, entry) in entries.enumerated() {
            guard let table = entry.table else {
                report("freeze", "is a list of \(entry.type)s; expected [[freeze]] entries")
                continue
            }
            if let window = freeze(table, at: "freeze.\(number)") {
                windows.append(window)
            }
        }
        return windows
    }

    private mutating func freeze(_ table: TOMLTable, at path: String) -> FreezeWindow? {
        checkNames(in: table, at: path, known: ["context", "name", "from", "until"])
        var context = "*"
        if table["context"] != nil {
            // A freeze of what cannot be read would freeze nothing: the entry is left out, and told.
            guard let text = text("context", in: table, at: path) else {
                return nil
            }
            guard Glob(text) != nil else {
                report("\(path).context", "\"\(text)\" is no glob; expected *, ?, [abc] or plain letters")
                return nil
            }
            context = text
        }
        for key in ["from", "until"] where table[key] == nil {
            report(path, "has no \(key); expected a moment like \"Fri 16:00\" or \"2026-12-20T00:00:00Z\"")
            return nil
        }
        guard let from = text("from", in: table, at: path), let until = text("until", in: table, at: path)
        else {
            return nil
        }
        guard let span = span(from, until, at: path) else {
            return nil
        }
        return FreezeWindow(context: context, name: text("name", in: table, at: path) ?? "freeze", span: span)
    }

    private mutating func span(_ from: String, _ until: String, at path: String) -> FreezeWindow.Span? {
        if let first = FreezeWindow.minute(from), let last = FreezeWindow.minute(until) {
            guard first != last else {
                report("\(path).until", "is when it begins; expected another moment of the week")
                return nil
            }
            return .weekly(from: first, until: last)
        }
        if let first = Timestamp(rfc3339: from), let last = Timestamp(rfc3339: until) {
            guard first < last else {
                report("\(path).until", "is \(until); expected a moment after \(from)")
                return nil
            }
            return .once(from: first, until: last)
        }
        for (key, text) in [("from", from), ("until", until)]
        where FreezeWindow.minute(text) == nil && Timestamp(rfc3339: text) == nil {
            report(
                "\(path).\(key)",
                "is \"\(text)\"; expected UTC like \"Fri 16:00\" or \"2026-12-20T00:00:00Z\""
            )
            return nil
        }
        report("\(path).until", "is \"\(until)\"; expected the same form as from: \"\(from)\"")
        return nil
    }
}
