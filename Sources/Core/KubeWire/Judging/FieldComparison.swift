package import Kube
import Text

/// Compares an object with what a dry run of its applier made of it, field by field.
///
/// - Source: kustomize-controller compares labels, annotations and all that is neither metadata nor status, and so does
///   helm-controller, which lets labels and annotations of others be.
package struct FieldComparison {
    private let entry: InventoryEntry
    private let ignored: IgnoredPaths
    private let keepsMetadata: Bool
    /// Differences that somebody asked not to be told of.
    private var skipped = 0
    private(set) var differences: [FieldDifference] = []

    /// Differences told of one object; of more only the first.
    private static let limit = 100

    /// The differences of `live` from `desired`, the gravest first, else in the order of their paths.
    package static func between(
        live: ObjectValue,
        desired: ObjectValue,
        of entry: InventoryEntry,
        ignoring ignored: IgnoredPaths = .none,
        by manner: ApplyManner = .kustomize
    ) -> [FieldDifference] {
        var comparison = FieldComparison(entry: entry, ignored: ignored, keepsMetadata: manner != .kustomize)
        for part in ["annotations", "labels"] {
            comparison.compare(
                live["metadata"]?[part],
                desired["metadata"]?[part],
                path: "metadata.\(part)",
                pointer: "/metadata/\(part)"
            )
        }
        let names = Set((live.members ?? [:]).keys).union((desired.members ?? [:]).keys)
        for name in names.subtracting(["apiVersion", "kind", "metadata", "status"]).sorted() {
            comparison.compare(
                live[name],
                desired[name],
                path: name,
                pointer: "/\(name)"
            )
        }
        return comparison.differences.gravestFirst(\.path)
    }

    private mutating func compare(
        _ live: ObjectValue?,
        _ desired: ObjectValue?,
        path: String,
        pointer: String
    ) {
        guard live != desired, differences.count < FieldComparison.limit else {
            return
        }
        // Where the last label goes its map may stay; elsewhere an empty object can be a setting.
        let isEmptied = path.hasPrefix("metadata.") && live?.isEmpty ?? true && desired?.isEmpty ?? true
        guard !isEmptied, !ignored.covers(pointer) else {
            skipped += 1
            return
        }
        if case .object(let now) = live ?? .object([:]), case .object(let wanted) = desired ?? .object([:]) {
            for name in Set(now.keys).union(wanted.keys).sorted() {
                compare(
                    now[name],
                    wanted[name],
                    path: path + FieldComparison.step(name),
                    pointer: pointer + "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
                )
            }
            // One of them is there and empty, the other is not.
            if (live == nil || desired == nil) && live?.isEmpty ?? true && desired?.isEmpty ?? true {
                append(live, desired, path, pointer)
            }
        } else if case .list(let now) = live ?? .list([]), case .list(let wanted) = desired ?? .list([]),
            let key = FieldComparison.key(of: now, wanted)
        {
            let before = (differences.count, skipped)
            compare(now, wanted, by: key, path: path, pointer: pointer)
            // The same items in another order.
            if before == (differences.count, skipped) {
                append(live, desired, path, pointer)
            }
        } else {
            append(live, desired, path, pointer)
        }
    }

    private mutating func compare(
        _ live: [ObjectValue],
        _ desired: [ObjectValue],
        by key: [String],
        path: String,
        pointer: String
    ) {
        // A key is only taken where no item shares it with another.
        func name(_ item: ObjectValue) -> String { FieldComparison.name(of: item, by: key) }
        let now = Dictionary(live.map { (name($0), $0) }) { first, _ in first }
        let wanted = Dictionary(desired.map { (name($0), $0) }) { first, _ in first }
        for item in Set(now.keys).union(wanted.keys).sorted() {
            guard let old = now[item], let new = wanted[item] else {
                // An item that came or went is one difference, not one for each field in it.
                append(now[item], wanted[item], "\(path)[\(item)]", "\(pointer)/*")
                continue
            }
            compare(old, new, path: "\(path)[\(item)]", pointer: "\(pointer)/*")
        }
    }

    private mutating func append(
        _ live: ObjectValue?,
        _ desired: ObjectValue?,
        _ path: String,
        _ pointer: String
    ) {
        guard !ignored.covers(pointer),
            !(keepsMetadata && desired == nil && path.hasPrefix("metadata."))
        else {
            skipped += 1
            return
        }
        guard differences.count < FieldComparison.limit else {
            return
        }
        let isHidden = entry.holdsSecret(at: path)
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
    private static func key(of live: [ObjectValue], _ desired: [ObjectValue]) -> [String]? {
        let keys = [
            ["name"], ["containerPort", "protocol"], ["port", "protocol"], ["mountPath"], ["key"], ["ip"],
        ]
        guard !live.isEmpty || !desired.isEmpty else {
            return nil
        }
        return keys.first { key in
            [live, desired].allSatisfy { items in
                items.allSatisfy { $0[key[0]] != nil }
                    && Set(items.map { name(of: $0, by: key) }).count == items.count
            }
        }
    }

    private static func name(of item: ObjectValue, by key: [String]) -> String {
        key.compactMap { item[$0] }.map { $0.text ?? $0.json }.joined(separator: ",")
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
