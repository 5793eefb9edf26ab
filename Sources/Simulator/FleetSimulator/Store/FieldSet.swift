import Foundation

/// A set of field paths in the form of managedFields: a tree whose keys are `f:name`, `k:{…}` and `v:…`.
struct FieldSet: Sendable, Hashable {
    /// Whether the node itself is in the set; on the wire a leaf, or `.` beside children.
    var isMember = false
    /// The nodes below, by path element; none of them is empty.
    private(set) var children: [String: FieldSet] = [:]

    init() {
    }

    /// A set that holds only the node itself.
    static let member: FieldSet = {
        var set = FieldSet()
        set.isMember = true
        return set
    }()

    /// Reads the tree of a `fieldsV1` value.
    init(fieldsV1 json: JSON) {
        for (key, child) in json.object ?? [:] {
            if key == "." {
                isMember = true
            } else if case .object(let grandchildren) = child, grandchildren.isEmpty {
                children[key] = .member
            } else {
                self[key] = FieldSet(fieldsV1: child)
            }
        }
    }

    /// The tree as a `fieldsV1` value.
    var fieldsV1: JSON {
        var members = children.mapValues(\.fieldsV1)
        if isMember, !children.isEmpty { members["."] = .object([:]) }
        return .object(members)
    }

    var isEmpty: Bool {
        !isMember && children.isEmpty
    }

    /// The node below; an empty one for what is not in the set.
    subscript(key: String) -> FieldSet {
        get { children[key] ?? FieldSet() }
        set { children[key] = newValue.isEmpty ? nil : newValue }
    }

    func union(_ other: FieldSet) -> FieldSet {
        guard !other.isEmpty else { return self }
        var result = self
        result.isMember = isMember || other.isMember
        for (key, child) in other.children {
            result.children[key] = children[key]?.union(child) ?? child
        }
        return result
    }

    /// The paths of this set that are not themselves in the other.
    func subtracting(_ other: FieldSet) -> FieldSet {
        guard !other.isEmpty else { return self }
        var result = self
        result.isMember = isMember && !other.isMember
        for (key, child) in other.children {
            guard let mine = children[key] else { continue }
            result[key] = mine.subtracting(child)
        }
        return result
    }

    func intersection(_ other: FieldSet) -> FieldSet {
        var result = FieldSet()
        result.isMember = isMember && other.isMember
        for (key, child) in children {
            guard let theirs = other.children[key] else { continue }
            result[key] = child.intersection(theirs)
        }
        return result
    }

    /// The set with the fields of records that have something below them as members of their own.
    func namingRecordFields(_ schema: Schema) -> FieldSet {
        var result = self
        for (key, child) in children where !child.children.isEmpty {
            let name = key.hasPrefix("f:") ? String(key.dropFirst(2)) : nil
            let inner = name.map(schema.member) ?? schema.element ?? .any
            var named = child.namingRecordFields(inner)
            if let name, schema.field(name) != nil { named.isMember = true }
            result.children[key] = named
        }
        return result
    }

    /// Calls with the path of each member, in the order of the wire.
    func forEachPath(_ visit: ([String]) -> Void) {
        visitPaths([], visit)
    }

    private func visitPaths(_ prefix: [String], _ visit: ([String]) -> Void) {
        if isMember { visit(prefix) }
        for (key, child) in children.sorted(by: { $0.key < $1.key }) {
            child.visitPaths(prefix + [key], visit)
        }
    }

    /// What is never recorded about an object: its identity and what the server writes itself.
    func withoutServerFields() -> FieldSet {
        var result = self
        result["f:apiVersion"] = FieldSet()
        result["f:kind"] = FieldSet()
        var metadata = result["f:metadata"]
        metadata.isMember = false
        for name in FieldSet.serverFields { metadata["f:" + name] = FieldSet() }
        result["f:metadata"] = metadata
        return result
    }

    private static let serverFields = [
        "name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation",
        "managedFields", "resourceVersion",
    ]

    /// A path as conflict messages show it: `.spec.containers[name="app"].image`.
    static func display(_ path: [String]) -> String {
        path.map(displayElement).joined()
    }

    private static func displayElement(_ element: String) -> String {
        let value = element.dropFirst(2)
        switch element.prefix(2) {
        case "f:": return "." + value
        case "i:": return "[\(value)]"
        case "v:": return "[=\(value)]"
        default:
            // A list key is a flat object that this module or a real server has written.
            let keys = (try? JSON(parsing: Data(value.utf8)))?.object ?? [:]
            return "["
                + keys.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text)" }.joined(separator: ",")
                + "]"
        }
    }
}
