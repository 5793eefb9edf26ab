import Chrono
import HashTreeCollections
import Kube
import KubeWire

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
            let suspects = missing.suspicions(now: Clock.now()) { [unowned self] entry in fluxObject(entry) }
            looks.add(suspects)
            showMissing()
            lookOn()
            showSights()
        }
    }

    /// The shortest time between two times that missing objects are published.
    private static let missingPace = Duration.milliseconds(200)

    /// Publishes the missing objects where they differ from those shown; a burst at its end, as all are sorted.
    func showMissing() {
        guard missing.edition != looks.shown, !looks.isShowPlanned else {
            return
        }
        let now = Clock.uptime()
        let next = looks.lastShown + ClusterWorker.missingPace.nanoseconds
        guard now < next, looks.lastShown > 0 else {
            showMissingNow()
            return
        }
        looks.isShowPlanned = true
        alarms.set(missingShowAlarm, after: .nanoseconds(Int64(next - now))) { [unowned self] in
            looks.isShowPlanned = false
            showMissingNow()
        }
    }

    private func showMissingNow() {
        looks.lastShown = Clock.uptime()
        looks.shown = missing.edition
        let found = missing.missing
        if found != snapshot.missing {
            let back = snapshot.missing.filter { missing.isSeen($0.entry) }
            drift.cameBack(back, now: Clock.now())
            snapshot.missing = found
            showDrift()
            changed()
        }
        // What is missing is known only once it is shown.
        showSights()
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
            + chosen(wantedHelmKinds(places), .helmRelease, limit: ClusterWorker.helmKindLimit / places.count)
        let watches = Set(
            wanted.flatMap { choice in
                places.map { SightWatch(sight: choice.sight, namespace: $0) }
            }
        )
        for (watch, follower) in watchedKinds where !watches.contains(watch) {
            follower.stop()
            watchedKinds[watch] = nil
            // What no inventory names any more is no loss.
            if wanted.contains(where: { $0.sight == watch.sight }) {
                noteGap(watch)
            }
            sights.forget(watch)
            forgetObjects(of: watch)
        }
        for (sight, version) in wanted {
            guard
                let resource = discovery.resource(
                    group: sight.kind.group,
                    kind: sight.kind.kind,
                    version: version
                ),
                resource.canList, resource.canWatch
            else {
                sights.notes.insert("\(sight.kind.kind): is not served for lists and watches here")
                continue
            }
            guard places == [nil] || resource.isNamespaced else {
                let kind = sight.kind.kind
                sights.notes.insert("\(kind): is in no namespace, and only namespaces are looked at")
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

    /// Helm's kinds from inventories and, where releases keep none, those that charts have most.
    private func wantedHelmKinds(_ places: [String?]) -> [(kind: GroupKind, version: String)] {
        let named = drift.wantedHelmKinds
        guard missing.hasUnlistedReleases else {
            return named
        }
        let room = max(0, ClusterWorker.helmKindLimit / places.count - named.count)
        let usual =
            [("apps", "Deployment"), ("", "Service"), ("", "ConfigMap"), ("apps", "StatefulSet")]
            + [("apps", "DaemonSet"), ("networking.k8s.io", "Ingress"), ("batch", "CronJob")]
        return named
            + usual.map { GroupKind(group: $0.0, kind: $0.1) }
            .filter { kind in
                !named.contains { $0.kind == kind }
                    && discovery.resource(group: kind.group, kind: kind.kind, version: "v1") != nil
            }
            .prefix(room).map { ($0, "v1") }
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

    /// What is known of objects ends here, and is told so: nobody knows what happens to them until they are listed.
    private func lostSight(of watch: SightWatch) {
        noteGap(watch)
        forgetObjects(of: watch)
    }

    private func noteGap(_ watch: SightWatch) {
        if sights.lose(watch), snapshot.watchedSince != nil {
            snapshot.watchedSince = Clock.now()
            changed()
        }
    }

    private func forgetObjects(of watch: SightWatch) {
        missing.lostSight(of: watch.sight, namespace: watch.namespace)
        showMissing()
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
            lostSight(of: watch)
            sights.settled(watch, problem: "\(watch.words): its objects may not be listed")
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
        let sight = watch.sight
        if sight.kind == GroupKind(group: "apps", kind: "Deployment"), sight.family == .kustomization {
            noteFluxVersion(changes)
        }
        if isWhole {
            missing.listed(
                sight,
                namespace: watch.namespace,
                changes.compactMap { change in
                    guard case .put(let object) = change else {
                        return nil
                    }
                    return (name: object.id, owner: owner(of: object, sight.family))
                }
            )
        } else {
            for change in changes {
                switch change {
                case .put(let object):
                    missing.appeared(sight, object.id, owner: owner(of: object, sight.family))
                case .remove(let name, let last): vanished(name, last, watch)
                }
            }
        }
        showMissing()
        judgeMissing()
    }

    /// The applier that the labels of a family name; nil where that is not known.
    private func owner(of object: ObjectMetadata, _ family: OwnerFamily) -> ObjectRef? {
        object.ownership.flatMap { $0.owner == family ? $0.applier(in: settings.id) : nil }
    }

    private func vanished(_ name: ObjectName, _ last: ObjectMetadata?, _ watch: SightWatch) {
        let sight = watch.sight
        // Operators copy labels from what Helm applied to what they make: Helm never wrote that.
        let isApplied = last?.ownership?.applied.isEmpty == false
        let entry = InventoryEntry(
            namespace: name.namespace,
            name: name.name,
            group: sight.kind.group,
            kind: sight.kind.kind,
            version: watchedKinds[watch]?.scope.resource.version ?? "v1"
        )
        missing.vanished(
            sight,
            name,
            owner: last.flatMap { owner(of: $0, sight.family) },
            applied: isApplied ? entry : nil,
            now: Clock.now()
        )
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
}
