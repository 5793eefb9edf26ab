package import Kube
import Text

/// Compares an object with what a dry run of its applier made of it, field by field.
///
/// - Source: kustomize-controller compares labels, annotations and all that is neither metadata nor status.
package struct FieldComparison {
    private let entry: InventoryEntry
    private let ignores: [IgnoreRule]
    private let hidesValues: Bool
    private(set) var differences: [FieldDifference] = []

    /// Differences told of one object; of more only the first.
    private static let limit = 100

    /// The differences of `live` from `desired`, in the order of their paths.
    package static func between(
        live: ObjectValue,
        desired: ObjectValue,
        of entry: InventoryEntry,
        ignoring ignores: [IgnoreRule] = []
    ) -> [FieldDifference] {
        // Data of Secrets, and the addresses of webhooks that are as good as passwords.
        let isSecret = entry.group.isEmpty && entry.kind == "Secret"
        var comparison = FieldComparison(entry: entry, ignores: ignores, hidesValues: isSecret)
        for part in ["annotations", "labels"] {
            comparison.compare(
                live["metadata"]?[part],
                desired["metadata"]?[part],
                path: "metadata.\(part)",
                pointer: "/metadata/\(part)",
                isHidden: false
            )
        }
        let names = Set((live.members ?? [:]).keys).union((desired.members ?? [:]).keys)
        for name in names.subtracting(["apiVersion", "kind", "metadata", "status"]).sorted() {
            comparison.compare(
                live[name],
                desired[name],
                path: name,
                pointer: "/\(name)",
                isHidden: comparison.hidesValues
            )
        }
        return comparison.differences
    }

    private mutating func compare(
        _ live: ObjectValue?,
        _ desired: ObjectValue?,
        path: String,
        pointer: String,
        isHidden: Bool
    ) {
        guard live != desired, differences.count < FieldComparison.limit else {
            return
        }
        // An empty object and none are the same to a reader, and a dry run may leave either.
        guard !(live?.isEmpty ?? true) || !(desired?.isEmpty ?? true) || live?.text != desired?.text else {
            return
        }
        guard !ignores.contains(where: { $0.covers(entry, pointer: pointer) }) else {
            return
        }
        if case .object(let now) = live ?? .object([:]), case .object(let wanted) = desired ?? .object([:]) {
            for name in Set(now.keys).union(wanted.keys).sorted() {
                compare(
                    now[name],
                    wanted[name],
                    path: path + FieldComparison.step(name),
                    pointer: pointer + "/" + name.replacing("~", with: "~0").replacing("/", with: "~1"),
                    isHidden: isHidden
                )
            }
        } else if case .list(let now) = live ?? .list([]), case .list(let wanted) = desired ?? .list([]),
            let key = FieldComparison.key(of: now + wanted)
        {
            compare(now, wanted, by: key, path: path, pointer: pointer, isHidden: isHidden)
        } else {
            append(live, desired, path, pointer, isHidden)
        }
    }

    private mutating func compare(
        _ live: [ObjectValue],
        _ desired: [ObjectValue],
        by key: [String],
        path: String,
        pointer: String,
        isHidden: Bool
    ) {
        func name(_ item: ObjectValue) -> String {
            key.compactMap { item[$0] }.map { $0.text ?? $0.json }.joined(separator: ",")
        }
        let now = Dictionary(live.map { (name($0), $0) }) { first, _ in first }
        let wanted = Dictionary(desired.map { (name($0), $0) }) { first, _ in first }
        for item in Set(now.keys).union(wanted.keys).sorted() {
            guard let old = now[item], let new = wanted[item] else {
                // An item that came or went is one difference, not one for each field in it.
                append(now[item], wanted[item], "\(path)[\(item)]", "\(pointer)/*", isHidden)
                continue
            }
            compare(old, new, path: "\(path)[\(item)]", pointer: "\(pointer)/*", isHidden: isHidden)
        }
    }

    private mutating func append(
        _ live: ObjectValue?,
        _ desired: ObjectValue?,
        _ path: String,
        _ pointer: String,
        _ isHidden: Bool
    ) {
        guard differences.count < FieldComparison.limit,
            !ignores.contains(where: { $0.covers(entry, pointer: pointer) })
        else {
            return
        }
        let (wanted, now) = FieldComparison.words(desired, live)
        differences.append(
            FieldDifference(
                path: Sanitiser.line(path),
                desired: desired.map { _ in isHidden ? "" : wanted },
                live: live.map { _ in isHidden ? "" : now },
                isHidden: isHidden
            )
        )
    }

    /// The members that tell the items of a list apart, as the API server merges them; nil for plain lists.
    private static func key(of items: [ObjectValue]) -> [String]? {
        let keys = [
            ["name"], ["containerPort", "protocol"], ["port", "protocol"], ["mountPath"], ["key"], ["ip"],
        ]
        guard !items.isEmpty else {
            return nil
        }
        return keys.first { key in
            items.allSatisfy { item in item[key[0]] != nil }
        }
    }

    private static func step(_ name: String) -> String {
        name.contains { "./[]=, ".contains($0) } ? "[\(name)]" : ".\(name)"
    }

    /// Both values as one harmless line each; of long texts the first line that differs.
    private static func words(_ desired: ObjectValue?, _ live: ObjectValue?) -> (String, String) {
        if case .string(let wanted)? = desired, case .string(let now)? = live,
            wanted.contains("\n") || now.contains("\n")
        {
            let (left, right) = (
                wanted.split(separator: "\n", omittingEmptySubsequences: false),
                now.split(separator: "\n", omittingEmptySubsequences: false)
            )
            let place = zip(left, right).prefix { $0 == $1 }.count
            func line(_ lines: [Substring]) -> String {
                place < lines.count ? "line \(place + 1): \(lines[place])" : "ends at line \(lines.count)"
            }
            return (Sanitiser.line(line(left), limit: 200), Sanitiser.line(line(right), limit: 200))
        }
        return (word(desired), word(live))
    }

    private static func word(_ value: ObjectValue?) -> String {
        guard let value else {
            return ""
        }
        return Sanitiser.line(value.text.map { $0.isEmpty ? "\"\"" : $0 } ?? value.json, limit: 200)
    }
}
