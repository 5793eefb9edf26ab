import Foundation

extension ObjectStore {
    /// Server-side apply: lays a configuration over the object, or creates it.
    ///
    /// Fields that others own with other values are a 409 with one cause each, unless `options.force`.
    package func apply(
        _ key: ObjectKey,
        _ object: JSON,
        options: WriteOptions
    ) throws(APIStatus) -> (object: JSON, created: Bool) {
        try transact { state throws(APIStatus) in
            try checkSubresource(key, options.subresource)
            guard object.object != nil else { throw .unrecognized(object, key.type) }
            try ObjectStore.checkKind(object, key.type)
            let applied = try configuration(object, key, options)
            let writer = FieldOwnership.Writer(
                name: options.fieldManager,
                applies: true,
                apiVersion: key.type.apiVersion,
                subresource: options.subresource ?? ""
            )
            let time = WireTime.text(now())
            let shelf = try shelf(key.type, state)
            let place = key.place
            guard let stored = state.shelves[shelf].objects[place] else {
                guard options.subresource == nil else { throw .notFound(key.type, key.name) }
                return (try create(applied, key, writer, time, options, &state), true)
            }
            try checkIdentity(object, stored.json, key, replacing: false)
            var draft = Draft(stored.json, over: stored, subresource: options.subresource)
            do throws(FieldClashes) {
                try draft.apply(applied, by: writer, at: time, force: options.force)
            } catch {
                throw .applyConflict(error.clashes)
            }
            draft.keepServerFields(subresource: options.subresource)
            draft.fillIn()
            return (try settle(&draft, over: stored, key, options, shelf, place, &state), false)
        }
    }

    private func create(
        _ applied: JSON,
        _ key: ObjectKey,
        _ writer: FieldOwnership.Writer,
        _ time: String,
        _ options: WriteOptions,
        _ state: inout State
    ) throws(APIStatus) -> JSON {
        if let uid = applied["metadata"]?["uid"]?.string, !uid.isEmpty {
            let why =
                "uid mismatch: the provided object specified uid \(uid), and no existing object was found"
            throw .conflict(key.type, key.name, why)
        }
        try checkName(key)
        var draft = Draft(applied, type: key.type)
        do throws(FieldClashes) {
            try draft.apply(applied, by: writer, at: time, force: options.force)
        } catch {
            throw .applyConflict(error.clashes)
        }
        return try insert(key, draft, options, &state) { _ throws(APIStatus) in }
    }

    /// The part of an applied configuration that counts; an undeclared field is refused.
    private func configuration(
        _ object: JSON,
        _ key: ObjectKey,
        _ options: WriteOptions
    ) throws(APIStatus) -> JSON {
        let owners = object["metadata"]?["managedFields"]
        guard owners == nil || owners?.isNull == true || owners?.array?.isEmpty == true else {
            throw .badRequest("metadata.managedFields must be nil")
        }
        if let field = Schemas.schema(of: key.type).unknownFields(of: object).first {
            throw .internalError(
                "failed to create typed patch object (\(key.namespace.map { $0 + "/" } ?? "")\(key.name); "
                    + "\(key.type.apiVersion), Kind=\(key.type.kind)): .\(field): "
                    + "field not declared in schema"
            )
        }
        var applied = object
        if options.subresource == "status" {
            applied["spec"] = nil
        } else if key.type.hasStatus {
            applied["status"] = nil
        }
        for field in ["creationTimestamp", "generation", "selfLink", "managedFields", "resourceVersion"] {
            applied["metadata"]?[field] = nil
        }
        for field in ["labels", "annotations"] where applied["metadata"]?[field]?.isNull == true {
            applied["metadata"]?[field] = nil
        }
        return applied
    }
}
