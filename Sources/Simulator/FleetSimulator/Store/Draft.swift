/// An object on its way into the store: what a write makes of it before it is checked and kept.
struct Draft {
    let type: ResourceType
    let schema: Schema
    /// The object as it is stored now, without managedFields; nil for a new one.
    let live: JSON?
    /// The new object, without managedFields.
    var object: JSON
    /// Who owns what.
    var ownership: FieldOwnership

    /// The fields that a write through this path does not touch.
    let untouched: [String]

    /// A new object.
    init(_ object: JSON, type: ResourceType) {
        self.type = type
        schema = Schemas.schema(of: type)
        live = nil
        self.object = object
        ownership = FieldOwnership()
        untouched = type.hasStatus ? ["status"] : []
    }

    /// A change of a stored object.
    init(_ object: JSON, over stored: StoredObject, subresource: String?) {
        type = stored.type
        schema = Schemas.schema(of: stored.type)
        var bare = stored.json
        bare["metadata"]?["managedFields"] = nil
        live = bare
        self.object = object
        ownership = stored.ownership
        untouched = subresource == "status" ? ["spec"] : stored.type.hasStatus ? ["status"] : []
    }

    /// The object with its owners, as it is stored.
    mutating func finished(_ pool: FieldSetPool) -> JSON {
        var finished = object
        finished["metadata"]?["managedFields"] = ownership.managedFields(pool)
        return finished
    }

    /// The top-level fields that this write changes.
    var changedFields: [String] {
        (object.object ?? [:]).compactMap { key, value in live?[key] == value ? nil : key }
    }

    /// Puts back what a writer cannot change: the server's own metadata, and the part that belongs to another
    /// path.
    mutating func keepServerFields(subresource: String?) {
        object["apiVersion"] = .string(type.apiVersion)
        object["kind"] = .string(type.kind)
        var metadata = object["metadata"] ?? [:]
        for key in ["selfLink", "managedFields"] { metadata[key] = nil }
        for key in Draft.serverFields { metadata[key] = live?["metadata"]?[key] }
        object["metadata"] = metadata
        dropEmptyMaps()
        if subresource == "status" {
            keepAllButStatus()
        } else if type.hasStatus {
            object["status"] = live?["status"]
        }
    }

    private static let serverFields = [
        "name", "namespace", "uid", "creationTimestamp", "generation", "deletionTimestamp",
        "deletionGracePeriodSeconds", "resourceVersion",
    ]

    /// Through the status path a custom resource takes the status alone, a built-in kind also annotations.
    private mutating func keepAllButStatus() {
        guard var kept = live else { return }
        kept["status"] = object["status"]
        if type.builtIn {
            kept.set(object.value(at: ["metadata", "annotations"]), at: ["metadata", "annotations"])
        }
        object = kept
    }

    /// Empty and null collections in metadata are not kept.
    private mutating func dropEmptyMaps() {
        for key in ["labels", "annotations", "finalizers", "ownerReferences"] {
            let value = object["metadata"]?[key]
            if value?.isNull == true || value?.object?.isEmpty == true || value?.array?.isEmpty == true {
                object["metadata"]?[key] = nil
            }
        }
        for key in ["generateName", "creationTimestamp"] where object["metadata"]?[key]?.isNull == true {
            object["metadata"]?[key] = nil
        }
    }

    /// Drops undeclared fields, with a word about each, or refuses them.
    mutating func prune(_ options: WriteOptions) throws(APIStatus) {
        var unknown: [String] = []
        for field in changedFields {
            unknown += schema.unknownFields(of: .object([field: object[field] ?? .null]))
        }
        guard !unknown.isEmpty else { return }
        unknown.sort()
        if options.fieldValidation == .strict {
            let list = unknown.map { "unknown field \"\($0)\"" }.joined(separator: ", ")
            let whole = JSON.string(object.text).text
            let cause = APIStatus.Cause.invalidValue(whole, "strict decoding error: \(list)", "patch")
            if live == nil {
                throw .badRequest(
                    "\(type.kind) in version \"\(type.version)\" cannot be handled as a \(type.kind): "
                        + "strict decoding error: \(list)"
                )
            }
            throw .invalid(qualifiedKind: "", kind: "", group: "", name: "", [cause])
        }
        if options.fieldValidation == .warn {
            for field in unknown { options.warn?("unknown field \"\(field)\"") }
        }
        object = schema.pruned(object)
    }

    /// Fills in zero values and fallbacks.
    mutating func fillIn() {
        let changed = changedFields
        // What stands as it stood was filled in when it was written; a new object may lack whole fields.
        let isWhole = live == nil || (live?.object ?? [:]).keys.contains { object[$0] == nil }
        if isWhole || changed.contains(where: { $0 != "status" && $0 != "metadata" }) {
            if type.builtIn {
                object = schema.filledWithZeros(schema.withoutEmptyFields(object))
                object = BuiltInFallbacks.filledIn(object, type: type)
            }
            object = schema.filledWithFallbacks(object)
        } else {
            for field in changed {
                guard let inner = schema.field(field)?.schema, var value = object[field] else { continue }
                if type.builtIn { value = inner.filledWithZeros(inner.withoutEmptyFields(value)) }
                object[field] = inner.filledWithFallbacks(value)
            }
        }
        if type.builtIn { object = BuiltInFallbacks.finished(object, type: type, live: live) }
    }

    /// Gives the writer what it changed.
    mutating func own(_ writer: FieldOwnership.Writer, at time: String?) {
        // Nobody is recorded on an object whose owners were wiped out, until somebody applies.
        guard live == nil || !ownership.shares.isEmpty else { return }
        var changes = schema.changes(from: live ?? schema.zeroObject, to: object)
        for field in untouched { changes = changes.without(field) }
        ownership.update(changes, by: writer, at: time)
    }

    /// Lays an applied configuration over the live object.
    mutating func apply(
        _ applied: JSON,
        by writer: FieldOwnership.Writer,
        at time: String,
        force: Bool
    ) throws(FieldClashes) {
        let base = live ?? schema.zeroObject
        if let live, ownership.shares.isEmpty {
            let first = FieldOwnership.Writer(
                name: "before-first-apply",
                applies: false,
                apiVersion: type.apiVersion
            )
            var changes = schema.changes(from: schema.zeroObject, to: live)
            for field in untouched { changes = changes.without(field) }
            ownership.update(changes, by: first, at: time)
        }
        object = try ownership.apply(
            applied,
            to: base,
            by: writer,
            at: time,
            schema: schema,
            ignoring: untouched,
            force: force
        )
    }

    /// Counts the generation up when the desired state changed.
    mutating func countGeneration() {
        guard let live else {
            if type.hasGeneration { object.set(1, at: ["metadata", "generation"]) }
            return
        }
        guard type.hasGeneration, let generation = live["metadata"]?["generation"]?.int, desiredStateChanged
        else {
            return
        }
        object.set(.int(generation + 1), at: ["metadata", "generation"])
    }

    private var desiredStateChanged: Bool {
        guard !type.builtIn else {
            if type.kind == "Deployment",
                object["metadata"]?["annotations"] != live?["metadata"]?["annotations"]
            {
                return true
            }
            return object["spec"] != live?["spec"]
        }
        var (after, before) = (object, live ?? .object([:]))
        for key in ["apiVersion", "kind", "metadata", "status"] {
            after[key] = nil
            before[key] = nil
        }
        return after != before
    }
}

extension Schema {
    /// An object of which nothing is set.
    var zeroObject: JSON {
        filledWithZeros(.object([:]))
    }
}
