/// Who owns which fields of an object: its managedFields, and how a write changes them.
struct FieldOwnership: Sendable, Equatable {
    /// Who wrote, and how: one entry of managedFields.
    struct Writer: Hashable, Sendable {
        var name: String
        /// Whether by server-side apply; else by any other write.
        var applies: Bool
        var apiVersion: String
        /// The subresource written through; empty for the object itself.
        var subresource = ""
    }

    /// What a writer owns, and since when.
    struct Share: Equatable, Sendable {
        let fields: FieldSet
        /// RFC 3339; nil for writers that changed nothing and for the scale subresource.
        var time: String?
        /// The fields on the wire, once they were asked for.
        fileprivate var fieldsV1: JSON?

        init(fields: FieldSet, time: String?) {
            self.fields = fields
            self.time = time
        }

        fileprivate init(_ entry: FieldSetPool.Entry, time: String?) {
            fields = entry.fields
            fieldsV1 = entry.fieldsV1
            self.time = time
        }

        static func == (left: Share, right: Share) -> Bool {
            left.time == right.time && left.fields == right.fields
        }
    }

    /// A field that another writer owns with another value.
    struct Clash {
        let writer: Writer
        let path: [String]
    }

    /// More writers than these are folded into one.
    private static let mostUpdaters = 10

    var shares: [Writer: Share] = [:]

    init() {
    }

    /// Reads `metadata.managedFields`; entries that cannot be read are left out.
    init(managedFields json: JSON?) {
        for entry in json?.array ?? [] {
            guard let name = entry["manager"]?.string, let fields = entry["fieldsV1"] else { continue }
            let writer = Writer(
                name: name,
                applies: entry["operation"]?.string == "Apply",
                apiVersion: entry["apiVersion"]?.string ?? "",
                subresource: entry["subresource"]?.string ?? ""
            )
            shares[writer] = Share(fields: FieldSet(fieldsV1: fields), time: entry["time"]?.string)
        }
    }

    /// The value of `metadata.managedFields`; nil when nobody owns anything.
    ///
    /// The sets become the shared copies of the pool.
    mutating func managedFields(_ pool: FieldSetPool) -> JSON? {
        guard !shares.isEmpty else { return nil }
        for (writer, share) in shares where share.fieldsV1 == nil {
            shares[writer] = Share(pool.entry(share.fields), time: share.time)
        }
        let sorted = shares.sorted { left, right in
            if left.key.applies != right.key.applies { return left.key.applies }
            let (leftTime, rightTime) = (left.value.time ?? "", right.value.time ?? "")
            if leftTime != rightTime { return leftTime < rightTime }
            if left.key.name != right.key.name { return left.key.name < right.key.name }
            if left.key.apiVersion != right.key.apiVersion {
                return left.key.apiVersion < right.key.apiVersion
            }
            return left.key.subresource < right.key.subresource
        }
        return .array(
            sorted.map { writer, share in
                var entry: [String: JSON] = [
                    "manager": .string(writer.name), "operation": writer.applies ? "Apply" : "Update",
                    "apiVersion": .string(writer.apiVersion), "fieldsType": "FieldsV1",
                    "fieldsV1": share.fieldsV1 ?? share.fields.fieldsV1,
                ]
                if let time = share.time { entry["time"] = .string(time) }
                if !writer.subresource.isEmpty { entry["subresource"] = .string(writer.subresource) }
                return .object(entry)
            }
        )
    }

    /// Records a write that is no apply: what changed now belongs to the writer alone.
    ///
    /// A nil time keeps the writer's entry without one.
    mutating func update(_ changes: FieldChanges, by writer: Writer, at time: String?) {
        let taken = changes.added.union(changes.modified).withoutServerFields()
        remove(changes.added.union(changes.modified).union(changes.removed), except: nil)
        guard !taken.isEmpty else { return }
        let before = shares[writer]?.fields ?? FieldSet()
        shares[writer] = Share(fields: before.union(taken), time: time)
        foldOldest()
    }

    /// Takes paths from all writers but one; who owns nothing any more disappears.
    private mutating func remove(_ paths: FieldSet, except writer: Writer?) {
        guard !paths.isEmpty else { return }
        for (other, share) in shares where other != writer {
            let taken = share.fields.intersection(paths)
            guard !taken.isEmpty else { continue }
            let left = share.fields.subtracting(taken)
            shares[other] = left.isEmpty ? nil : Share(fields: left, time: share.time)
        }
    }

    /// The fields of other writers that a change would take from them.
    private func clashes(_ changes: FieldChanges, for writer: Writer) -> [Clash] {
        let touched = changes.added.union(changes.modified)
        var clashes: [Clash] = []
        for (other, share) in shares.sorted(by: { $0.key.name > $1.key.name }) where other != writer {
            share.fields.intersection(touched).forEachPath { path in
                clashes.append(Clash(writer: other, path: path))
            }
        }
        return clashes
    }

    /// Records an apply, and answers the object that it makes of a live one, both without managedFields.
    ///
    /// Fields that the writer applied before and now leaves out go, unless others own them. Without `force`
    /// a field that another owns with another value is thrown as a clash.
    mutating func apply(
        _ applied: JSON,
        to live: JSON,
        by writer: Writer,
        at time: String,
        schema: Schema,
        ignoring: [String],
        force: Bool
    ) throws(FieldClashes) -> JSON {
        let before = shares[writer]?.fields ?? FieldSet()
        var set = schema.fields(of: applied).withoutServerFields()
        for field in ignoring { set["f:" + field] = FieldSet() }
        var object = schema.merged(live, with: applied)
        var share = Share(fields: set, time: shares[writer]?.time)
        shares[writer] = share
        object = prune(object, before: before, schema: schema)
        var changes = schema.changes(from: live, to: object)
        for field in ignoring { changes = changes.without(field) }
        let clashes = clashes(changes, for: writer)
        if !force, !clashes.isEmpty { throw FieldClashes(clashes: clashes) }
        remove(changes.added.union(changes.modified).union(changes.removed), except: writer)
        if object != live { share.time = time }
        shares[writer] = set.isEmpty ? nil : share
        return object
    }

    /// Takes out what the writer applied before and nobody owns now.
    private func prune(_ merged: JSON, before: FieldSet, schema: Schema) -> JSON {
        guard !before.isEmpty else { return merged }
        let named = before.namingRecordFields(schema)
        let pruned = schema.removing(named, from: merged)
        let owned = shares.values.reduce(FieldSet()) { $0.union($1.fields) }.namingRecordFields(schema)
        let mergedSet = schema.fields(of: merged).namingRecordFields(schema)
        let withOwned = schema.removing(
            mergedSet.subtracting(schema.fields(of: pruned).namingRecordFields(schema)).subtracting(owned),
            from: merged
        )
        let ownedSet = schema.fields(of: withOwned).namingRecordFields(schema)
        return schema.removing(mergedSet.subtracting(ownedSet).intersection(named), from: merged)
    }

    /// Gives all fields of an object that nobody tracked so far to one writer.
    mutating func claim(_ object: JSON, zero: JSON, schema: Schema, for writer: Writer, at time: String) {
        update(schema.changes(from: zero, to: object), by: writer, at: time)
    }

    /// Folds the oldest updaters of a version into one entry, so that there are never more than ten.
    private mutating func foldOldest() {
        var updaters = shares.filter { !$0.key.applies }.sorted { left, right in
            (left.value.time ?? "", left.key.name) < (right.value.time ?? "", right.key.name)
        }
        guard updaters.count > FieldOwnership.mostUpdaters else { return }
        var count = updaters.count
        var first: [String: Writer] = [:]
        while count > FieldOwnership.mostUpdaters, !updaters.isEmpty {
            let (writer, share) = updaters.removeFirst()
            guard let oldest = first[writer.apiVersion] else {
                first[writer.apiVersion] = writer
                continue
            }
            let bucket = Writer(name: "ancient-changes", applies: false, apiVersion: writer.apiVersion)
            if shares[bucket] == nil { shares[bucket] = shares.removeValue(forKey: oldest) }
            let gathered = shares[bucket]?.fields ?? FieldSet()
            shares[writer] = nil
            shares[bucket] = Share(fields: gathered.union(share.fields), time: share.time)
            count -= 1
        }
    }
}

/// The fields for which an apply would have to be forced.
struct FieldClashes: Error {
    let clashes: [FieldOwnership.Clash]
}
