import Chrono
import HashTreeCollections
import Kube
import KubeWire

/// Looks at single objects, a few at a time.
struct LookQueue {
    /// Looks under way at the same time.
    static let limit = 4

    var waiting: [InventoryEntry] = []
    var running = 0
}

extension ClusterWorker {
    /// Kinds watched for the sake of inventories; a hundred streams share one connection.
    private static let kindLimit = 40
    /// The label that kustomize-controller puts on whatever it applies.
    private static let ownerLabel = "kustomize.toolkit.fluxcd.io/name"

    /// Judges inventories after a moment of grace, in which objects that are being replaced come back.
    func judgeMissing() {
        guard hasSecondPart, missing.hasWork else {
            return
        }
        alarms.set(missingAlarm, after: .seconds(2)) { [unowned self] in
            followInventories()
            let now = Clock.now()
            let suspects = missing.suspicions(now: now) { [unowned self] entry in fluxObject(entry) }
            looks.waiting += suspects
            showMissing()
            lookOn()
        }
    }

    /// Publishes the missing objects where they differ from those shown.
    func showMissing() {
        let found = missing.missing
        if found != snapshot.missing {
            snapshot.missing = found
            changed()
        }
    }

    /// Whether an object of a Flux kind is in the table of its kind; nil where that table is not whole.
    private func fluxObject(_ entry: InventoryEntry) -> Bool? {
        guard let kind = FluxKind.of(group: entry.group, kind: entry.kind),
            snapshot.kinds[kind] == .watching,
            scopes == [nil] || scopes.contains(entry.namespace)
        else {
            return nil
        }
        return snapshot.resources[entry.ref(in: settings.id)] != nil
    }

    /// Watches the kinds that inventories name, as metadata only, and lets go of the others.
    private func followInventories() {
        // In single namespaces a list of them all would be needed for each kind: too much for the server.
        guard scopes.count == 1 else {
            return
        }
        let wanted = missing.wantedKinds.prefix(ClusterWorker.kindLimit)
        for (kind, follower) in watchedKinds where !wanted.contains(where: { $0.kind == kind }) {
            follower.stop()
            watchedKinds[kind] = nil
            missing.lostSight(of: kind)
        }
        for (kind, version) in wanted where watchedKinds[kind] == nil {
            guard let resource = discovery.resource(group: kind.group, kind: kind.kind, version: version),
                resource.canList, resource.canWatch, scopes[0] == nil || resource.isNamespaced
            else {
                continue
            }
            begin(kind, resource)
        }
    }

    private func begin(_ kind: GroupKind, _ resource: ServedResource) {
        let follower = Follower(
            Follower<ObjectMetadata>.Scope(
                resource: resource,
                namespace: scopes[0],
                labelSelector: ClusterWorker.ownerLabel,
                metadataOnly: true
            ),
            kind: nil,
            line: line,
            alarms: alarms,
            settings: settings,
            seed: random.next(),
            hooks: Follower<ObjectMetadata>.Hooks(
                known: { [] },
                recognises: { _ in true },
                apply: { [unowned self] changes, isWhole in apply(changes, of: kind, isWhole: isWhole) },
                show: { [unowned self] state in
                    if case .forbidden = state {
                        missing.lostSight(of: kind)
                        showMissing()
                    }
                },
                gone: { [unowned self] in
                    missing.lostSight(of: kind)
                    watchedKinds[kind] = nil
                    showMissing()
                },
                unauthenticated: { [unowned self] status in perform(link.unauthenticated(status)) },
                lost: { [unowned self] reason in perform(link.lost(reason)) }
            )
        )
        watchedKinds[kind] = follower
        follower.start()
    }

    private func apply(
        _ changes: [Reflector<ObjectMetadata>.Change],
        of kind: GroupKind,
        isWhole: Bool
    ) {
        if kind == GroupKind(group: "apps", kind: "Deployment") {
            noteFluxVersion(changes)
        }
        if isWhole {
            missing.listed(
                kind,
                changes.compactMap { change in
                    guard case .put(let object) = change else {
                        return nil
                    }
                    return object.id
                }
            )
        } else {
            for change in changes {
                switch change {
                case .put(let object): missing.appeared(kind, object.id)
                case .remove(let name, let last): missing.vanished(kind, name, owner: last?.owner)
                }
            }
        }
        showMissing()
        judgeMissing()
    }

    /// Flux's own Deployments tell its version, also after an upgrade.
    private func noteFluxVersion(_ changes: [Reflector<ObjectMetadata>.Change]) {
        guard !kinds.keys.contains(where: { $0.group == FluxKind.operatorGroup }) else {
            return
        }
        for change in changes {
            guard case .put(let object) = change, object.partOf == "flux", let version = object.versionLabel,
                version != snapshot.fluxVersion
            else {
                continue
            }
            snapshot.fluxVersion = version
            changed()
        }
    }

    // MARK: - Looks

    private func lookOn() {
        while looks.running < LookQueue.limit, !looks.waiting.isEmpty {
            looks.running += 1
            look(at: looks.waiting.removeFirst(), name: nil)
        }
    }

    private func look(at entry: InventoryEntry, name: String?) {
        guard
            let resource = discovery.resource(
                group: entry.group,
                kind: entry.kind,
                version: entry.version
            )
        else {
            conclude(entry, .unknown)
            return
        }
        let request = KubeRequest.get(
            resource,
            namespace: entry.namespace,
            name: name ?? entry.name,
            metadataOnly: true
        )
        line.collect(request) { [unowned self] result in
            guard !isStopped else {
                return
            }
            guard case .success(let answer) = result else {
                conclude(entry, .unknown)
                return
            }
            let isAbsent = answer.code == 404 && !answer.status.isUnknownKind
            if isAbsent, name == nil, entry.name.contains(":") {
                // Ids write ":" as "__", and so a name that really holds "__" reads as one with ":".
                look(at: entry, name: entry.name.replacing(":", with: "__"))
                return
            }
            conclude(entry, isAbsent ? .absent : answer.isSuccess ? .present : .unknown)
        }
    }

    private func conclude(_ entry: InventoryEntry, _ finding: MissingTracker.Finding) {
        looks.running -= 1
        missing.looked(at: entry, finding, now: Clock.now())
        showMissing()
        lookOn()
    }
}

extension ObjectMetadata {
    /// The Kustomization that applied the object, by its labels.
    fileprivate var owner: ObjectName? {
        ownerName.map { ObjectName(namespace: ownerNamespace ?? namespace, name: $0) }
    }
}
