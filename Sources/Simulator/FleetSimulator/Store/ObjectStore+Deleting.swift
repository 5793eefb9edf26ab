import Foundation

extension ObjectStore {
    /// Deletes an object: the answer is a Status of success or, while finalizers hold it, the object.
    package func delete(
        _ key: ObjectKey,
        options: WriteOptions = WriteOptions(fieldManager: ""),
        preconditions: DeletePreconditions = DeletePreconditions()
    ) throws(APIStatus) -> JSON {
        try transact { state throws(APIStatus) in
            let (stored, shelf, place) = try stored(key, state)
            try check(preconditions, stored.json, key)
            guard !options.dryRun else { return ObjectStore.deleted(stored, key) }
            return delete(stored, at: place, from: shelf, preconditions.propagation, &state)
        }
    }

    /// Deletes all objects that fit; the answer is the page of them.
    package func deleteCollection(
        _ type: ResourceType,
        namespace: String?,
        options: WriteOptions,
        selecting: ListOptions = ListOptions()
    ) throws(APIStatus) -> ListPage {
        let page = try list(type, namespace: namespace, options: selecting)
        guard !options.dryRun else { return page }
        transact { state in
            for stored in page.stored {
                let metadata = stored.json["metadata"]
                let key = ObjectKey(
                    type,
                    namespace: metadata?["namespace"]?.string,
                    name: metadata?["name"]?.string ?? ""
                )
                guard let shelf = state.shelfNumbers[type],
                    let present = state.shelves[shelf].objects[key.place]
                else { continue }
                _ = delete(present, at: key.place, from: shelf, nil, &state)
            }
        }
        return page
    }

    private func check(
        _ preconditions: DeletePreconditions,
        _ object: JSON,
        _ key: ObjectKey
    ) throws(APIStatus) {
        let uid = object["metadata"]?["uid"]?.string ?? ""
        if let wanted = preconditions.uid, wanted != uid {
            let why = "Precondition failed: UID in precondition: \(wanted), UID in object meta: \(uid)"
            throw .conflict(key.type, key.name, why)
        }
        let version = object["metadata"]?["resourceVersion"]?.string ?? ""
        if let wanted = preconditions.resourceVersion, wanted != version {
            let why =
                "Precondition failed: ResourceVersion in precondition: \(wanted), ResourceVersion in object "
                + "meta: \(version)"
            throw .conflict(key.type, key.name, why)
        }
    }

    /// The Status that reports a deletion.
    private static func deleted(_ stored: StoredObject, _ key: ObjectKey) -> JSON {
        var details = APIStatus.details(key.type, key.name)
        details["uid"] = stored.json["metadata"]?["uid"]
        return [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "details": details,
        ]
    }

    private func delete(
        _ stored: StoredObject,
        at place: String,
        from shelf: Int,
        _ propagation: String?,
        _ state: inout State
    ) -> JSON {
        let metadata = stored.json["metadata"]
        let name = metadata?["name"]?.string ?? ""
        if propagation == "Orphan", let uid = metadata?["uid"]?.string { orphan(ownedBy: uid, &state) }
        let type = stored.type
        let isNamespace = type.plural == "namespaces" && type.group.isEmpty
        guard isNamespace || !(metadata?["finalizers"]?.array ?? []).isEmpty else {
            remove(stored, at: place, from: shelf, &state)
            let key = ObjectKey(type, namespace: metadata?["namespace"]?.string, name: name)
            return ObjectStore.deleted(stored, key)
        }
        guard metadata?["deletionTimestamp"] == nil else { return stored.json }
        var dying = stored.json
        dying.set(.string(WireTime.text(now())), at: ["metadata", "deletionTimestamp"])
        if isNamespace {
            dying.set("Terminating", at: ["status", "phase"])
        } else {
            dying.set(0, at: ["metadata", "deletionGracePeriodSeconds"])
        }
        if let generation = metadata?["generation"]?.int {
            dying.set(.int(generation + 1), at: ["metadata", "generation"])
        }
        state.revision += 1
        dying.set(.string(String(state.revision)), at: ["metadata", "resourceVersion"])
        let new = stored.changed(to: dying, at: state.revision)
        record(Shelf.Change(type: .modified, place: place, stored: new, previous: stored), on: shelf, &state)
        if isNamespace { empty(namespace: name, &state) }
        return dying
    }

    /// Takes an object out of the store, and what depends on it.
    ///
    /// `showing` is the last state that watches see, where it differs from the stored one.
    func remove(
        _ stored: StoredObject,
        showing last: JSON? = nil,
        at place: String,
        from shelf: Int,
        _ state: inout State
    ) {
        state.revision += 1
        var gone = last ?? stored.json
        gone.set(.string(String(state.revision)), at: ["metadata", "resourceVersion"])
        let final = stored.changed(to: gone, at: state.revision)
        record(Shelf.Change(type: .deleted, place: place, stored: final, previous: stored), on: shelf, &state)
        if let uid = stored.json["metadata"]?["uid"]?.string { collect(ownedBy: uid, &state) }
        if stored.type.plural == "customresourcedefinitions",
            let kind = definedType(stored.json["metadata"]?["name"]?.string ?? "")
        {
            retire(kind, &state)
        }
        if let namespace = stored.json["metadata"]?["namespace"]?.string,
            state.terminating.contains(namespace)
        {
            finish(namespace: namespace, &state)
        }
    }

    /// Deletes all objects of a namespace; the namespace goes with the last of them.
    private func empty(namespace: String, _ state: inout State) {
        state.terminating.insert(namespace)
        let prefix = namespace + "/"
        for shelf in contents(state) {
            for place in state.shelves[shelf].places where place.hasPrefix(prefix) {
                guard let stored = state.shelves[shelf].objects[place] else { continue }
                _ = delete(stored, at: place, from: shelf, nil, &state)
            }
        }
        finish(namespace: namespace, &state)
    }

    /// The shelves of the kinds that lie in namespaces.
    private func contents(_ state: State) -> [Int] {
        state.shelves.indices.filter { state.shelves[$0].type.namespaced }
    }

    private func finish(namespace: String, _ state: inout State) {
        let prefix = namespace + "/"
        let isEmpty = contents(state).allSatisfy { shelf in
            let places = state.shelves[shelf].places
            let index = Shelf.lowerBound(of: prefix, in: places)
            return !places.indices.contains(index) || !places[index].hasPrefix(prefix)
        }
        guard isEmpty, state.terminating.remove(namespace) != nil,
            let type = core("namespaces"),
            let shelf = state.shelfNumbers[type], let stored = state.shelves[shelf].objects[namespace]
        else { return }
        remove(stored, at: namespace, from: shelf, &state)
    }

    /// Deletes the objects of which the removed one was the last owner.
    private func collect(ownedBy uid: String, _ state: inout State) {
        for (shelf, place, stored) in dependents(of: uid, state) {
            let owners = stored.json["metadata"]?["ownerReferences"]?.array ?? []
            let rest = owners.filter { $0["uid"]?.string != uid && exists(uid: $0["uid"]?.string, state) }
            guard rest.isEmpty, state.shelves[shelf].objects[place] === stored else { continue }
            _ = delete(stored, at: place, from: shelf, nil, &state)
        }
    }

    /// Takes an owner's mark from its objects, which so outlive it.
    private func orphan(ownedBy uid: String, _ state: inout State) {
        for (shelf, place, stored) in dependents(of: uid, state) {
            var freed = stored.json
            let rest = (freed["metadata"]?["ownerReferences"]?.array ?? []).filter {
                $0["uid"]?.string != uid
            }
            freed["metadata"]?["ownerReferences"] = rest.isEmpty ? nil : .array(rest)
            state.revision += 1
            freed.set(.string(String(state.revision)), at: ["metadata", "resourceVersion"])
            let new = stored.changed(to: freed, at: state.revision)
            record(
                Shelf.Change(type: .modified, place: place, stored: new, previous: stored),
                on: shelf,
                &state
            )
        }
    }

    private func dependents(
        of uid: String,
        _ state: State
    ) -> [(shelf: Int, place: String, stored: StoredObject)] {
        var found: [(Int, String, StoredObject)] = []
        for (number, shelf) in state.shelves.enumerated() {
            for place in shelf.places {
                guard let stored = shelf.objects[place],
                    let owners = stored.json["metadata"]?["ownerReferences"]?.array,
                    owners.contains(where: { $0["uid"]?.string == uid })
                else { continue }
                found.append((number, place, stored))
            }
        }
        return found
    }

    private func exists(uid: String?, _ state: State) -> Bool {
        guard let uid else { return false }
        return state.shelves.contains { shelf in
            shelf.objects.values.contains { $0.json["metadata"]?["uid"]?.string == uid }
        }
    }
}
