import Yams

/// A field of an object as people read it, `spec.template.spec.containers[api].image`, taken apart.
struct FieldPath: Hashable {
    enum Step: Hashable {
        case member(String)
        /// What stands in brackets: an item of a list by its keys, or a member whose name has dots.
        case bracket(String)
    }

    private(set) var steps: [Step]

    init(_ text: String) {
        var steps: [Step] = []
        var rest = text[...]
        while let first = rest.first {
            if first == "[", let end = rest.firstIndex(of: "]") {
                steps.append(.bracket(String(rest[rest.index(after: rest.startIndex)..<end])))
                rest = rest[rest.index(after: end)...]
            } else {
                rest = first == "." ? rest.dropFirst() : rest
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else {
                    break
                }
                steps.append(.member(String(name)))
                rest = rest.dropFirst(name.count)
            }
        }
        self.steps = steps
    }

    /// The names of the last step and of those before it, for comparing with known fields.
    var names: [String] {
        steps.map { step in
            switch step {
            case .member(let name), .bracket(let name): name
            }
        }
    }

    /// Where the plain text of a Secret's `data` would stand.
    var inStringData: FieldPath {
        var path = self
        if path.steps.first == .member("data") {
            path.steps[0] = .member("stringData")
        }
        return path
    }

    /// How far a document has the field: the deepest node on the way to it, its line, and whether that is the field.
    func find(in node: Node) -> (node: Node, line: Int?, depth: Int) {
        var place = node
        var line = node.mark?.line
        for (depth, step) in steps.enumerated() {
            guard let (next, mark) = FieldPath.child(of: place, step) else {
                return (place, line, depth)
            }
            (place, line) = (next, mark ?? line)
        }
        return (place, line, steps.count)
    }

    private static func child(of node: Node, _ step: Step) -> (Node, Int?)? {
        switch step {
        case .member(let name): return member(name, of: node)
        case .bracket(let words):
            if let found = member(words, of: node) {
                return found
            }
            guard let items = node.sequence else {
                return nil
            }
            let wanted = words.split(separator: ",").map { part -> (String?, String) in
                let pair = part.split(separator: "=", maxSplits: 1)
                return pair.count == 2 ? (String(pair[0]), String(pair[1])) : (nil, String(part))
            }
            let found = items.first { item in
                wanted.allSatisfy { key, value in
                    if let key {
                        // What has a default need not be written.
                        return item[key].map { $0.string == value } ?? (key == "protocol" && value == "TCP")
                    }
                    let keys = ["name", "mountPath", "containerPort", "port", "key", "ip"]
                    return item.scalar?.string == value || keys.contains { item[$0]?.string == value }
                }
            }
            return found.map { ($0, $0.mark?.line) }
        }
    }

    private static func member(_ name: String, of node: Node) -> (Node, Int?)? {
        guard let mapping = node.mapping,
            let pair = mapping.first(where: { $0.key.scalar?.string == name })
        else {
            return nil
        }
        return (pair.value, pair.key.mark?.line)
    }

    /// Whether a JSON Pointer names the field or what holds it; places in lists match any item.
    func isReached(by pointer: String) -> Bool {
        let parts = pointer.split(separator: "/").map {
            $0.replacing("~1", with: "/").replacing("~0", with: "~")
        }
        guard parts.count <= steps.count, !parts.isEmpty else {
            return false
        }
        return zip(parts, steps).allSatisfy { part, step in
            switch step {
            case .member(let name): part == name
            case .bracket(let name): part == name || part == "-" || Int(part) != nil
            }
        }
    }
}
