import TOMLKit

extension SettingsReader {
    /// Reads `[drift]` with its `[[drift.owner]]` entries.
    mutating func drift(_ root: TOMLTable) -> DriftSettings {
        guard let drift = table("drift", in: root) else {
            return DriftSettings()
        }
        checkNames(in: drift, at: "drift", known: ["owner"])
        guard let value = drift["owner"] else {
            return DriftSettings()
        }
        guard let entries = value.array else {
            report("drift.owner", "is a \(value.type); expected [[drift.owner]] with double brackets")
            return DriftSettings()
        }
        var owners: [OwnerSettings] = []
        for (number, entry) in entries.enumerated() {
            guard let table = entry.table else {
                report("drift.owner", "is a list of \(entry.type)s; expected [[drift.owner]] entries")
                continue
            }
            if let owner = owner(table, at: "drift.owner.\(number)") {
                owners.append(owner)
            }
        }
        return DriftSettings(owners: owners)
    }

    private mutating func owner(_ table: TOMLTable, at path: String) -> OwnerSettings? {
        checkNames(in: table, at: path, known: ["manager", "kinds", "fields"])
        guard let manager = text("manager", in: table, at: path) else {
            if table["manager"] == nil {
                report(path, "has no manager; expected a name as in managedFields, like \"acme-operator\"")
            }
            return nil
        }
        guard manager != "*", manager.dropLast().contains("*") == false else {
            report("\(path).manager", "\"\(manager)\" is too wide; expected a name, with * at its end only")
            return nil
        }
        return OwnerSettings(
            manager: manager,
            kinds: texts("kinds", in: table, at: path) ?? [],
            fields: texts("fields", in: table, at: path) ?? []
        )
    }
}
