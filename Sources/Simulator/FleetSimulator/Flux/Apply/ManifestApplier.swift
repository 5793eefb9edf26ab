/// What applying one object did.
struct AppliedChange: Sendable, Equatable {
    enum Action: String, Sendable {
        case created
        case configured
        case unchanged
        case skipped
        case deleted
    }

    let object: ObjectReference
    let action: Action

    /// The line of an event: `Deployment/shop/api configured`.
    var line: String { "\(object.subject) \(action.rawValue)" }
}

/// Why objects could not be applied, in the words of the controller.
struct ApplyProblem: Error, Equatable {
    let message: String
}

/// The Flux object in whose name objects are applied.
struct ApplyOwner: Sendable, Equatable {
    /// The group whose labels mark what it owns.
    let group: String
    let namespace: String
    let name: String

    var labels: [String: JSON] {
        ["\(group)/name": .string(name), "\(group)/namespace": .string(namespace)]
    }

    /// Whether an object still carries the labels of this owner.
    func owns(_ object: JSON) -> Bool {
        object.label("\(group)/name") == name && object.label("\(group)/namespace") == namespace
    }
}

/// Applies manifests server-side as Flux does: dry run, take over what kubectl set, apply what differs.
///
/// - Source: FLUX.md 4.1 (`ssa/manager_apply.go`, `manager_diff.go`).
struct ManifestApplier {
    let store: ObjectStore
    let manager: String
    let owner: ApplyOwner
    /// Whether fields that people set with kubectl are taken over and thereby undone; helm-controller leaves them.
    var takesOverKubectl = true

    /// Applies all objects in stages; the answer has one change per object, in the order of application.
    ///
    /// - Errors: at the first object that the server refuses; objects of earlier stages then stay applied.
    func apply(_ objects: [JSON]) throws(ApplyProblem) -> [AppliedChange] {
        var changes: [AppliedChange] = []
        for stage in ManifestOrder.stages(objects) {
            var pending: [(key: ObjectKey, object: JSON, change: AppliedChange)] = []
            for object in stage {
                let desired = owned(object)
                let key = try key(of: desired)
                let change = try judge(desired, key)
                pending.append((key, desired, change))
            }
            for (key, object, change) in pending {
                if change.action == .created || change.action == .configured {
                    try write(object, key, subject: change.object.subject)
                }
                changes.append(change)
            }
        }
        return changes
    }

    /// What an apply would do now, without doing it: the drift of each object.
    func differences(_ objects: [JSON]) throws(ApplyProblem) -> [AppliedChange] {
        var changes: [AppliedChange] = []
        for object in ManifestOrder.sorted(objects) {
            let desired = owned(object)
            changes.append(try judge(desired, try key(of: desired), folding: false))
        }
        return changes
    }

    /// Deletes what is listed, last applied first, where this owner still owns it.
    ///
    /// Objects that are gone already are no change and no failure.
    func prune(_ stale: [ObjectReference]) -> [AppliedChange] {
        stale.reversed().compactMap { reference in
            guard let key = reference.key, let live = try? store.get(key) else { return nil }
            let mark = "kustomize.toolkit.fluxcd.io/prune"
            let kept = isDisabled(live, mark) || isDisabled(live, "kustomize.toolkit.fluxcd.io/reconcile")
            guard !kept, owner.owns(live) else { return AppliedChange(object: reference, action: .skipped) }
            let deleted = try? store.delete(key, options: WriteOptions(fieldManager: manager))
            return deleted.map { _ in AppliedChange(object: reference, action: .deleted) }
        }
    }

    private func owned(_ object: JSON) -> JSON {
        var object = object
        let labels = object[path: "metadata", "labels"]?.object ?? [:]
        object[path: "metadata", "labels"] = .object(labels.merging(owner.labels) { $1 })
        return object
    }

    private func key(of object: JSON) throws(ApplyProblem) -> ObjectKey {
        let reference = ObjectReference(object)
        guard let key = reference.key else {
            throw ApplyProblem(
                message:
                    "\(reference.subject) dry-run failed: no matches for kind \"\(object.kind)\" in version "
                    + "\"\(object.apiVersion)\""
            )
        }
        guard !key.type.namespaced || key.namespace != nil else {
            throw ApplyProblem(
                message:
                    "\(reference.subject) namespace not specified: the server could not find the requested "
                    + "resource"
            )
        }
        return key
    }

    /// Decides what an object needs, and folds kubectl's fields away on the side.
    private func judge(
        _ desired: JSON,
        _ key: ObjectKey,
        folding: Bool = true
    ) throws(ApplyProblem) -> AppliedChange {
        let reference = ObjectReference(desired)
        let live = try? store.get(key)
        if skips(desired, live) { return AppliedChange(object: reference, action: .skipped) }

        let trial: JSON
        do {
            trial = try store.apply(
                key,
                desired,
                options: WriteOptions(fieldManager: manager, dryRun: true, force: true)
            ).object
        } catch {
            let reason = error.reason.isEmpty ? "" : " (\(error.reason))"
            throw ApplyProblem(message: "\(reference.subject) dry-run failed\(reason): \(error.message)")
        }
        guard let live else { return AppliedChange(object: reference, action: .created) }
        let merges = value(of: "kustomize.toolkit.fluxcd.io/ssa", desired, live) == "merge"
        if folding, takesOverKubectl, !merges, try fold(live, key, reference) {
            return AppliedChange(object: reference, action: .configured)
        }
        let action: AppliedChange.Action = Self.differ(trial, live) ? .configured : .unchanged
        return AppliedChange(object: reference, action: action)
    }

    private func skips(_ desired: JSON, _ live: JSON?) -> Bool {
        let strategy = "kustomize.toolkit.fluxcd.io/ssa"
        if isDisabled(desired, "kustomize.toolkit.fluxcd.io/reconcile") { return true }
        if value(of: strategy, desired, .null) == "ignore" { return true }
        guard let live else { return false }
        return isDisabled(live, "kustomize.toolkit.fluxcd.io/reconcile")
            || value(of: strategy, live, .null) == "ignore"
            || value(of: strategy, desired, .null) == "ifnotpresent"
    }

    private func isDisabled(_ object: JSON, _ key: String) -> Bool {
        value(of: key, object, .null) == "disabled"
    }

    /// A label or annotation of the first object that has it, in small letters.
    private func value(of key: String, _ objects: JSON...) -> String? {
        objects.lazy.compactMap { $0.annotation(key) ?? $0.label(key) }.first?.lowercased()
    }

    private func fold(
        _ live: JSON,
        _ key: ObjectKey,
        _ reference: ObjectReference
    ) throws(ApplyProblem) -> Bool {
        let entries = live[path: "metadata", "managedFields"]?.array ?? []
        var operations: [JSON] = []
        if let folded = FieldOwners.folded(entries, into: manager) {
            operations.append(["op": "replace", "path": "/metadata/managedFields", "value": .array(folded)])
        }
        for annotation in ["kubectl.kubernetes.io/last-applied-configuration", "fluxcd.io/sync-checksum"]
        where live.annotation(annotation) != nil {
            let step = annotation.replacing("/", with: "~1")
            operations.append(["op": "remove", "path": .string("/metadata/annotations/\(step)")])
        }
        guard !operations.isEmpty else { return false }
        do {
            _ = try store.jsonPatch(key, .array(operations), options: WriteOptions(fieldManager: manager))
        } catch {
            throw ApplyProblem(message: "\(reference.subject) managed fields patch failed: \(error.message)")
        }
        return true
    }

    private func write(_ object: JSON, _ key: ObjectKey, subject: String) throws(ApplyProblem) {
        do {
            _ = try store.apply(key, object, options: WriteOptions(fieldManager: manager, force: true))
        } catch {
            throw ApplyProblem(message: "\(subject) apply failed: \(error.message)")
        }
    }

    /// Whether two versions of an object differ in what Flux calls drift: labels, annotations, and all but
    /// metadata and status.
    static func differ(_ left: JSON, _ right: JSON) -> Bool {
        comparable(left) != comparable(right)
    }

    private static func comparable(_ object: JSON) -> JSON {
        var object = object
        var metadata: JSON = [:]
        for part in ["labels", "annotations"] {
            metadata[part] = object[path: "metadata", part]
        }
        object["metadata"] = metadata
        object["status"] = nil
        return object
    }
}
