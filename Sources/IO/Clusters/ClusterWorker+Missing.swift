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
    /// Kinds watched for the sake of Helm's inventories, which are watches of their own.
    private static let helmKindLimit = 20

    /// Judges inventories after a moment of grace, in which objects that are being replaced come back.
    func judgeMissing() {
        // Once planned it is not put off: on a busy cluster something changes every second.
        guard hasSecondPart, !sights.isJudgementPlanned, missing.hasWork || drift.hasNewInventories else {
            return
        }
        sights.isJudgementPlanned = true
        alarms.set(missingAlarm, after: .seconds(2)) { [unowned self] in
            sights.isJudgementPlanned = false
            guard hasSecondPart else {
                return
            }
            followInventories()
            let now = Clock.now()
            let suspects = missing.suspicions(now: now) { [unowned self] entry in fluxObject(entry) }
            looks.waiting += suspects
            showMissing()
            lookOn()
            showSights()
        }
    }

    /// Publishes the missing objects where they differ from those shown.
    func showMissing() {
        let found = missing.missing
        if found != snapshot.missing {
            let back = snapshot.missing.filter { missing.isSeen($0.entry) }
            drift.cameBack(back, now: Clock.now())
            snapshot.missing = found
            showDrift()
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
        drift.hasNewInventories = false
        sights.notes = []
        // Each namespace takes watches of its own: of more namespaces fewer kinds are watched.
        let places = scopes
        if places != [nil], missing.hasObjects(outside: Set(places.compactMap(\.self))) {
            sights.notes.insert("objects outside the namespaces that are looked at are not watched")
        }
        let wanted =
            chosen(missing.wantedKinds, .kustomization, limit: ClusterWorker.kindLimit / places.count)
            + chosen(drift.wantedHelmKinds, .helmRelease, limit: ClusterWorker.helmKindLimit / places.count)
        let watches = Set(
            wanted.flatMap { choice in
                places.map { SightWatch(sight: choice.sight, namespace: $0) }
            }
        )
        for (watch, follower) in watchedKinds where !watches.contains(watch) {
            follower.stop()
            watchedKinds[watch] = nil
            sights.forget(watch)
            lostSight(of: watch)
        }
        for (sight, version) in wanted {
            guard
                let resource = discovery.resource(
                    group: sight.kind.group,
                    kind: sight.kind.kind,
                    version: version
                ),
                resource.canList, resource.canWatch, places == [nil] || resource.isNamespaced
            else {
                sights.notes.insert("\(sight.kind.kind): is not served for lists and watches here")
                continue
            }
            for place in places {
                let watch = SightWatch(sight: sight, namespace: place)
                if watchedKinds[watch] == nil {
                    begin(watch, resource)
                }
            }
        }
    }

    /// The kinds that are watched; says which are too many: their objects are not known.
    private func chosen(
        _ kinds: [(kind: GroupKind, version: String)],
        _ family: OwnerFamily,
        limit: Int
    ) -> [(sight: DriftTracker.Sight, version: String)] {
        let limit = max(1, limit)
        let rest = kinds.dropFirst(limit).map(\.kind.kind).sorted()
        if !rest.isEmpty {
            sights.notes.insert(
                "\(limit) kinds of objects are watched, and not \(rest.joined(separator: ", "))"
            )
        }
        return kinds.prefix(limit).map { kind, version in
            (sight: DriftTracker.Sight(kind: kind, family: family), version: version)
        }
    }

    private func lostSight(of watch: SightWatch) {
        if watch.sight.family == .kustomization {
            missing.lostSight(of: watch.sight.kind, namespace: watch.namespace)
            showMissing()
        }
        drift.lostSight(of: watch.sight, namespace: watch.namespace)
        showDrift()
    }

    private func begin(_ watch: SightWatch, _ resource: ServedResource) {
        let follower = Follower(
            Follower<ObjectMetadata>.Scope(
                resource: resource,
                namespace: watch.namespace,
                labelSelector: watch.sight.family.nameLabel,
                metadataOnly: true,
                readsOwnership: true
            ),
            kind: nil,
            line: line,
            alarms: alarms,
            settings: settings,
            seed: random.next(),
            hooks: Follower<ObjectMetadata>.Hooks(
                known: { [] },
                recognises: { _ in true },
                apply: { [unowned self] changes, isWhole in apply(changes, of: watch, isWhole: isWhole) },
                show: { [unowned self] state in note(state, of: watch) },
                gone: { [unowned self] in
                    watchedKinds[watch] = nil
                    lostSight(of: watch)
                },
                unauthenticated: { [unowned self] status in perform(link.unauthenticated(status)) },
                lost: { [unowned self] reason in perform(link.lost(reason)) }
            )
        )
        watchedKinds[watch] = follower
        follower.start()
    }

    private func note(_ state: KindState, of watch: SightWatch) {
        switch state {
        case .forbidden:
            sights.settled(watch, problem: "\(watch.words): its objects may not be listed")
            lostSight(of: watch)
        case .stale(let reason) where sights.isSettled(watch):
            sights.settled(watch, problem: "\(watch.words): what is known of its objects is old: \(reason)")
        case .watching where sights.isSettled(watch): sights.settled(watch, problem: nil)
        case .stale, .watching, .listing: return
        }
        showSights()
    }

    private func apply(
        _ changes: [Reflector<ObjectMetadata>.Change],
        of watch: SightWatch,
        isWhole: Bool
    ) {
        noteDrift(changes, of: watch, isWhole: isWhole)
        if isWhole {
            sights.settled(watch, problem: nil)
        }
        defer {
            if isWhole {
                showSights()
            }
        }
        guard watch.sight.family == .kustomization else {
            return
        }
        let kind = watch.sight.kind
        if kind == GroupKind(group: "apps", kind: "Deployment") {
            noteFluxVersion(changes)
        }
        let now = Clock.now()
        if isWhole {
            missing.listed(
                kind,
                namespace: watch.namespace,
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
                case .remove(let name, let last): missing.vanished(kind, name, owner: last?.owner, now: now)
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
        showSights()
    }
}

extension ObjectMetadata {
    /// The Kustomization that applied the object, by its labels.
    fileprivate var owner: ObjectName? {
        ownerName.map { ObjectName(namespace: ownerNamespace ?? namespace, name: $0) }
    }
}
