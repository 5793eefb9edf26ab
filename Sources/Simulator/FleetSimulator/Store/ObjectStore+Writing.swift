import Foundation

extension ObjectStore {
    /// Stores a new object (POST).
    package func create(
        _ object: JSON,
        type: ResourceType,
        namespace: String? = nil,
        options: WriteOptions
    ) throws(APIStatus) -> JSON {
        try transact { state throws(APIStatus) in
            guard object.object != nil else { throw .unrecognized(object, type) }
            try ObjectStore.checkKind(object, type)
            var object = object
            if let prefix = object["metadata"]?["generateName"]?.string, !prefix.isEmpty,
                (object["metadata"]?["name"]?.string ?? "").isEmpty
            {
                object.set(.string(prefix + state.numbers.suffix()), at: ["metadata", "name"])
            }
            if let version = object["metadata"]?["resourceVersion"]?.string, !version.isEmpty {
                throw .internalError("resourceVersion should not be set on objects to be created")
            }
            let name = object["metadata"]?["name"]?.string ?? ""
            let given = object["metadata"]?["namespace"]?.string
            let place = type.namespaced ? namespace ?? given : nil
            if let given, !given.isEmpty, let place, given != place {
                throw .badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request"
                )
            }
            let key = ObjectKey(type, namespace: place, name: name)
            try checkName(key)
            return try insert(key, Draft(object, type: type), options, &state) {
                draft throws(APIStatus) in
                draft.own(Self.writer(type, options), at: WireTime.text(now()))
            }
        }
    }

    /// Replaces an object (PUT).
    package func replace(
        _ key: ObjectKey,
        _ object: JSON,
        options: WriteOptions
    ) throws(APIStatus) -> JSON {
        guard object.object != nil else { throw .unrecognized(object, key.type) }
        if options.subresource == "scale" {
            return try scale(key, options) { _ throws(APIStatus) in object }
        }
        try ObjectStore.checkKind(object, key.type)
        return try revise(key, options, replacing: true) { _ throws(APIStatus) in object }
    }

    /// Changes an object by a JSON merge patch.
    package func mergePatch(
        _ key: ObjectKey,
        _ patch: JSON,
        options: WriteOptions
    ) throws(APIStatus) -> JSON {
        let change = { (live: JSON) throws(APIStatus) -> JSON in MergePatch.apply(patch, to: live) }
        return options.subresource == "scale"
            ? try scale(key, options, change) : try revise(key, options, replacing: false, change)
    }

    /// Changes an object by a list of JSON patch operations.
    package func jsonPatch(
        _ key: ObjectKey,
        _ patch: JSON,
        options: WriteOptions
    ) throws(APIStatus) -> JSON {
        let change = { (live: JSON) throws(APIStatus) -> JSON in try JSONPatch.apply(patch, to: live) }
        return options.subresource == "scale"
            ? try scale(key, options, change) : try revise(key, options, replacing: false, change)
    }

    /// Changes a built-in object by a strategic merge patch; 415 for custom resources.
    package func strategicMergePatch(
        _ key: ObjectKey,
        _ patch: JSON,
        options: WriteOptions
    ) throws(APIStatus) -> JSON {
        guard key.type.builtIn else {
            throw .unsupportedMediaType(accepted: APIStatus.patchTypes(key.type))
        }
        let schema = options.subresource == "scale" ? Schemas.scale : Schemas.schema(of: key.type)
        let change = { (live: JSON) throws(APIStatus) -> JSON in
            StrategicMergePatch.apply(patch, to: live, schema: schema)
        }
        return options.subresource == "scale"
            ? try scale(key, options, change) : try revise(key, options, replacing: false, change)
    }

    /// Reads, changes and writes an object in one step, as a controller does; what it changes is its own.
    ///
    /// `change` runs under the store's lock and must not call the store.
    @discardableResult
    package func update(
        _ key: ObjectKey,
        manager: String,
        subresource: String? = nil,
        _ change: (inout JSON) -> Void
    ) throws(APIStatus) -> JSON {
        let options = WriteOptions(fieldManager: manager, subresource: subresource)
        return try revise(key, options, replacing: false) { live throws(APIStatus) in
            var object = live
            change(&object)
            return object
        }
    }

    /// Writes what `change` makes of the live object.
    private func revise(
        _ key: ObjectKey,
        _ options: WriteOptions,
        replacing: Bool,
        _ change: (JSON) throws(APIStatus) -> JSON
    ) throws(APIStatus) -> JSON {
        try transact { state throws(APIStatus) in
            try checkSubresource(key, options.subresource)
            let (stored, shelf, place) = try stored(key, state)
            let new = try change(stored.json)
            try checkIdentity(new, stored.json, key, replacing: replacing)
            var draft = Draft(new, over: stored, subresource: options.subresource)
            draft.takeOwners(from: new, subresource: options.subresource)
            draft.keepServerFields(subresource: options.subresource)
            try draft.prune(options)
            draft.fillIn()
            draft.own(Self.writer(key.type, options), at: WireTime.text(now()))
            return try settle(&draft, over: stored, key, options, shelf, place, &state)
        }
    }

    /// Checks a changed object and keeps it, unless it is a dry run or nothing changed.
    func settle(
        _ draft: inout Draft,
        over stored: StoredObject,
        _ key: ObjectKey,
        _ options: WriteOptions,
        _ shelf: Int,
        _ place: String,
        _ state: inout State
    ) throws(APIStatus) -> JSON {
        try draft.check()
        draft.countGeneration()
        var finished = draft.finished(fieldSets)
        guard finished != stored.json else { return stored.json }
        if options.dryRun { return finished }
        let metadata = finished["metadata"]
        if metadata?["deletionTimestamp"] != nil, metadata?["finalizers"]?.array?.isEmpty ?? true {
            remove(stored, showing: finished, at: place, from: shelf, &state)
            return finished
        }
        state.revision += 1
        finished.set(.string(String(state.revision)), at: ["metadata", "resourceVersion"])
        let new = StoredObject(
            finished,
            type: key.type,
            resourceVersion: state.revision,
            ownership: draft.ownership
        )
        record(
            Shelf.Change(type: .modified, place: place, stored: new, previous: stored),
            on: shelf,
            &state
        )
        return finished
    }

    /// Keeps a new object whose owners `own` settles.
    func insert(
        _ key: ObjectKey,
        _ draft: consuming Draft,
        _ options: WriteOptions,
        _ state: inout State,
        _ own: (inout Draft) throws(APIStatus) -> Void
    ) throws(APIStatus) -> JSON {
        var draft = draft
        let type = key.type
        let shelf = try shelf(type, state)
        try checkNamespace(key, state)
        let place = key.place
        guard state.shelves[shelf].objects[place] == nil else { throw .alreadyExists(type, key.name) }
        draft.keepServerFields(subresource: nil)
        draft.object.set(.string(key.name), at: ["metadata", "name"])
        if let namespace = key.namespace {
            draft.object.set(.string(namespace), at: ["metadata", "namespace"])
        }
        draft.object.set(.string(state.numbers.uid()), at: ["metadata", "uid"])
        draft.object.set(.string(WireTime.text(now())), at: ["metadata", "creationTimestamp"])
        try draft.prune(options)
        draft.fillIn()
        assignAddress(&draft, &state)
        try own(&draft)
        try draft.check()
        draft.countGeneration()
        var finished = draft.finished(fieldSets)
        if options.dryRun { return finished }
        state.revision += 1
        finished.set(.string(String(state.revision)), at: ["metadata", "resourceVersion"])
        let new = StoredObject(
            finished,
            type: type,
            resourceVersion: state.revision,
            ownership: draft.ownership
        )
        record(Shelf.Change(type: .added, place: place, stored: new, previous: nil), on: shelf, &state)
        if type.plural == "customresourcedefinitions", let kind = definedType(key.name) {
            state.retired.remove(kind)
        }
        return finished
    }

    /// Gives a new Service an address of its own.
    private func assignAddress(_ draft: inout Draft, _ state: inout State) {
        guard draft.type.plural == "services", draft.type.group.isEmpty,
            draft.object["spec"]?["clusterIP"] == nil,
            draft.object["spec"]?["type"]?.string != "ExternalName"
        else { return }
        let number = state.numbers.next()
        let address: JSON = .string("10.96.\(number >> 8 & 0xFF).\(1 + number % 254)")
        draft.object.set(address, at: ["spec", "clusterIP"])
        draft.object.set([address], at: ["spec", "clusterIPs"])
        draft.object.set(["IPv4"], at: ["spec", "ipFamilies"])
        draft.object.set("SingleStack", at: ["spec", "ipFamilyPolicy"])
    }

    /// The writer of a request that is no apply.
    static func writer(_ type: ResourceType, _ options: WriteOptions) -> FieldOwnership.Writer {
        FieldOwnership.Writer(
            name: options.fieldManager,
            applies: false,
            apiVersion: type.apiVersion,
            subresource: options.subresource ?? ""
        )
    }
}

extension Draft {
    /// Takes over the managedFields that a writer sends itself; one empty entry wipes them out.
    mutating func takeOwners(from object: JSON, subresource: String?) {
        guard subresource == nil, let sent = object["metadata"]?["managedFields"]?.array, !sent.isEmpty else {
            return
        }
        if sent == [.object([:])] {
            ownership = FieldOwnership()
        } else {
            let taken = FieldOwnership(managedFields: .array(sent))
            if !taken.shares.isEmpty { ownership = taken }
        }
    }
}
