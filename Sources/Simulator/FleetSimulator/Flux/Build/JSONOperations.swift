/// A JSON patch (RFC 6902) on a manifest.
struct JSONOperations {
    /// Why an operation could not be done, in the words of the library that kustomize uses.
    struct Problem: Error, Equatable {
        let message: String
    }

    private let operations: [JSON]

    init(_ operations: [JSON]) {
        self.operations = operations
    }

    func apply(to object: inout JSON) throws(Problem) {
        for operation in operations {
            let path = Self.steps(operation["path"]?.string ?? "")
            switch operation["op"]?.string ?? "" {
            case "add":
                try Self.add(operation["value"] ?? .null, at: path[...], in: &object)
            case "replace":
                guard object.value(at: path) != nil else { throw Self.missing("replace", path) }
                object = Self.replaced(object, operation["value"] ?? .null, path[...])
            case "remove":
                try Self.remove(at: path[...], in: &object)
            case "test":
                guard object.value(at: path) == operation["value"] else {
                    throw Problem(message: "testing value /\(path.joined(separator: "/")) failed: test failed")
                }
            case "copy", "move":
                let source = Self.steps(operation["from"]?.string ?? "")
                guard let value = object.value(at: source) else { throw Self.missing("copy", source) }
                if operation["op"]?.string == "move" { try Self.remove(at: source[...], in: &object) }
                try Self.add(value, at: path[...], in: &object)
            case let other:
                throw Problem(message: "unexpected kind: \(other)")
            }
        }
    }

    private static func steps(_ pointer: String) -> [String] {
        pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { step in
            String(step.replacing("~1", with: "/").replacing("~0", with: "~"))
        }
    }

    private static func missing(_ operation: String, _ path: [String]) -> Problem {
        let place = "/" + path.joined(separator: "/")
        return Problem(
            message: "\(operation) operation does not apply: doc is missing path: \(place): missing value"
        )
    }

    private static func add(_ value: JSON, at path: ArraySlice<String>, in target: inout JSON) throws(Problem) {
        guard let step = path.first else {
            target = value
            return
        }
        if case .array(var elements) = target {
            if path.count == 1 {
                let index = step == "-" ? elements.count : Int(step) ?? -1
                guard (0...elements.count).contains(index) else { throw missing("add", Array(path)) }
                elements.insert(value, at: index)
            } else {
                guard let index = Int(step), elements.indices.contains(index) else {
                    throw missing("add", Array(path))
                }
                try add(value, at: path.dropFirst(), in: &elements[index])
            }
            target = .array(elements)
        } else if path.count == 1 {
            target[step] = value
        } else {
            guard var child = target[step] else { throw missing("add", Array(path)) }
            try add(value, at: path.dropFirst(), in: &child)
            target[step] = child
        }
    }

    private static func replaced(_ target: JSON, _ value: JSON, _ path: ArraySlice<String>) -> JSON {
        guard let step = path.first else { return value }
        if case .array(var elements) = target, let index = Int(step), elements.indices.contains(index) {
            elements[index] = replaced(elements[index], value, path.dropFirst())
            return .array(elements)
        }
        var target = target
        target[step] = replaced(target[step] ?? .null, value, path.dropFirst())
        return target
    }

    private static func remove(at path: ArraySlice<String>, in target: inout JSON) throws(Problem) {
        guard let step = path.first else { return }
        if case .array(var elements) = target {
            guard let index = Int(step), elements.indices.contains(index) else {
                throw missing("remove", Array(path))
            }
            if path.count == 1 {
                elements.remove(at: index)
            } else {
                try remove(at: path.dropFirst(), in: &elements[index])
            }
            target = .array(elements)
            return
        }
        guard var child = target[step] else { throw missing("remove", Array(path)) }
        if path.count == 1 {
            target[step] = nil
        } else {
            try remove(at: path.dropFirst(), in: &child)
            target[step] = child
        }
    }
}
