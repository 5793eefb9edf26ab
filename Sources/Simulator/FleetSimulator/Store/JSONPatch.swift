/// JSON patch: RFC 6902.
enum JSONPatch {
    /// The most operations of one patch.
    private static let limit = 10_000

    /// The value after all operations; throws the 422 of a real server when one of them does not fit.
    static func apply(_ patch: JSON, to value: JSON) throws(APIStatus) -> JSON {
        guard let operations = patch.array else {
            throw .badRequest(
                "error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch"
            )
        }
        guard operations.count <= limit else {
            throw APIStatus(
                code: 413,
                reason: "RequestEntityTooLarge",
                message: "The allowed maximum operations in a JSON patch is \(limit), got \(operations.count)"
            )
        }
        var value = value
        for operation in operations { try apply(operation: operation, to: &value) }
        return value
    }

    private static func apply(operation: JSON, to value: inout JSON) throws(APIStatus) {
        guard let path = operation["path"]?.string.flatMap(pointer) else { throw .patchRejected() }
        switch operation["op"]?.string {
        case "add":
            try add(try argument(operation), at: path[...], to: &value)
        case "remove":
            try remove(at: path[...], from: &value)
        case "replace":
            let argument = try argument(operation)
            guard value.value(at: path) != nil else { throw .patchRejected() }
            if path.isEmpty {
                value = argument
            } else {
                try remove(at: path[...], from: &value)
                try add(argument, at: path[...], to: &value)
            }
        case "test":
            guard (value.value(at: path) ?? .null) == (try argument(operation)) else {
                throw .patchRejected()
            }
        case "move", "copy":
            guard let source = operation["from"]?.string.flatMap(pointer), let moved = value.value(at: source)
            else { throw .patchRejected() }
            if operation["op"]?.string == "move" { try remove(at: source[...], from: &value) }
            try add(moved, at: path[...], to: &value)
        default:
            throw .patchRejected()
        }
    }

    private static func argument(_ operation: JSON) throws(APIStatus) -> JSON {
        guard let value = operation["value"] else { throw .patchRejected() }
        return value
    }

    /// The steps of a JSON pointer; nil for a text that is none.
    private static func pointer(_ text: String) -> [String]? {
        guard !text.isEmpty else { return [] }
        guard text.hasPrefix("/") else { return nil }
        return text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { step in
            String(step.replacing("~1", with: "/").replacing("~0", with: "~"))
        }
    }

    private static func add(_ new: JSON, at path: ArraySlice<String>, to value: inout JSON) throws(APIStatus)
    {
        guard let step = path.first else {
            value = new
            return
        }
        let isLast = path.count == 1
        switch value {
        case .object(var members):
            if isLast {
                members[step] = new
            } else {
                guard var child = members[step] else { throw .patchRejected() }
                try add(new, at: path.dropFirst(), to: &child)
                members[step] = child
            }
            value = .object(members)
        case .array(var elements):
            if isLast {
                let index = step == "-" ? elements.count : try position(step, in: elements, orEnd: true)
                elements.insert(new, at: index)
            } else {
                try add(new, at: path.dropFirst(), to: &elements[try position(step, in: elements)])
            }
            value = .array(elements)
        default:
            throw .patchRejected()
        }
    }

    private static func remove(at path: ArraySlice<String>, from value: inout JSON) throws(APIStatus) {
        guard let step = path.first else { throw .patchRejected() }
        let isLast = path.count == 1
        switch value {
        case .object(var members):
            guard var child = members[step] else { throw .patchRejected() }
            if isLast {
                members[step] = nil
            } else {
                try remove(at: path.dropFirst(), from: &child)
                members[step] = child
            }
            value = .object(members)
        case .array(var elements):
            let index = try position(step, in: elements)
            if isLast {
                elements.remove(at: index)
            } else {
                try remove(at: path.dropFirst(), from: &elements[index])
            }
            value = .array(elements)
        default:
            throw .patchRejected()
        }
    }

    private static func position(
        _ step: String,
        in elements: [JSON],
        orEnd: Bool = false
    ) throws(APIStatus) -> Int {
        guard let index = Int(step), index >= 0, index < elements.count || (orEnd && index == elements.count)
        else {
            throw .patchRejected()
        }
        return index
    }
}
