import Chrono
import HashTreeCollections
import Kube
import KubeWire

extension ClusterWorker {
    /// Brings what is followed in line with what is served, and goes on where the link was lost.
    func follow() {
        let served = discovery.fluxResources
        if !kinds.values.contains(where: \.isGone) {
            goneBackoff.succeeded()
        }
        planDiscovery()
        guard !served.isEmpty else {
            forgetEverything()
            show(.withoutFlux)
            return
        }
        for (kind, following) in kinds where !served.contains(where: { $0.kind == kind }) {
            // The backend of a stale group is down; its kinds are not gone.
            if !discovery.staleGroups.contains(kind.group) {
                forget(kind, following)
            }
        }
        for (kind, resource) in served {
            guard let following = kinds[kind] else {
                begin(kind, resource)
                continue
            }
            // Where the link was lost while namespaces were looked for, the kind begins anew.
            var isStranded = false
            if case .unasked = narrowing {
                isStranded = following.isSearching
            }
            if following.resource != resource || following.isGone || isStranded {
                following.stop()
                begin(kind, resource)
            } else {
                following.followers.forEach { $0.linkRestored() }
            }
        }
        eventFollowers.forEach { $0.linkRestored() }
        watchedKinds.values.forEach { $0.linkRestored() }
        reconsider()
        show(.live)
        planSecondPart()
        if hasSecondPart {
            askFluxVersion()
        }
    }

    /// Asks again for what was forbidden: rights change, and nobody tells.
    ///
    /// - Shape: after the link was lost at once, else every few minutes, as often as discovery is looked at.
    private func reconsider() {
        let now = Clock.uptime()
        guard now >= nextReconsideration else {
            return
        }
        nextReconsideration = now + Duration.seconds(240).nanoseconds
        watchedKinds.values.forEach { $0.reconsider() }
        eventFollowers.forEach { $0.reconsider() }
    }

    // MARK: - Flux kinds

    func begin(_ kind: FluxKind, _ resource: ServedResource) {
        let following = KindFollowing(resource: resource)
        kinds[kind] = following
        if settings.namespaces.isEmpty {
            add(kind, following, namespace: nil)
        } else {
            settings.namespaces.forEach { add(kind, following, namespace: $0) }
        }
        following.followers.forEach { $0.start() }
        showState(of: kind)
    }

    func add(_ kind: FluxKind, _ following: KindFollowing, namespace: String?) {
        following.add { place in
            Follower(
                Follower<FluxResource>.Scope(resource: following.resource, namespace: namespace),
                kind: kind,
                line: line,
                alarms: alarms,
                settings: settings,
                seed: random.next(),
                hooks: Follower<FluxResource>.Hooks(
                    known: { [unowned self] in known(kind, namespace) },
                    recognises: { [unowned self] sample in recognises(sample, kind) },
                    apply: { [unowned self] changes, isWhole in apply(changes, isWhole: isWhole) },
                    show: { [unowned self, unowned following] state in
                        following.set(state, at: place)
                        narrowOrShow(kind, following, state)
                    },
                    gone: { [unowned self, unowned following] in
                        following.isGone = true
                        planDiscovery(soon: true)
                    },
                    unauthenticated: { [unowned self] status in perform(link.unauthenticated(status)) },
                    lost: { [unowned self] reason in perform(link.lost(reason)) }
                )
            )
        }
    }

    /// Where the whole cluster may not be listed, single namespaces may be.
    private func narrowOrShow(_ kind: FluxKind, _ following: KindFollowing, _ state: KindState) {
        if case .forbidden(let refusal) = state, settings.namespaces.isEmpty, !following.isNarrowed {
            narrow(kind, following, refusal: refusal)
        }
        showState(of: kind)
    }

    func showState(of kind: FluxKind) {
        settleScopes()
        guard let state = kinds[kind]?.state, snapshot.kinds[kind] != state else {
            return
        }
        snapshot.kinds[kind] = state
        changed()
        if hasSecondPart {
            if state == .watching {
                missing.recheck()
                judgeMissing()
            }
            showSights()
        }
        planSecondPart()
    }

    private func known(_ kind: FluxKind, _ namespace: String?) -> [ObjectRef] {
        snapshot.resources.keys.filter { ref in
            ref.kind == kind.kind && ref.group == kind.group
                && (namespace == nil || ref.namespace == namespace)
        }
    }

    private func recognises(_ sample: ObjectMetadata, _ kind: FluxKind) -> Bool {
        let ref = ObjectRef(
            cluster: settings.id,
            group: kind.group,
            kind: kind.kind,
            namespace: sample.namespace,
            name: sample.name
        )
        return snapshot.resources[ref].map { $0.uid == sample.uid } ?? true
    }

    private func apply(_ changes: [Reflector<FluxResource>.Change], isWhole: Bool) {
        let now = Clock.now()
        var isChanged = false
        for change in changes {
            switch change {
            case .put(let new):
                let old = snapshot.resources[new.ref]
                guard old?.resourceVersion != new.resourceVersion || old?.uid != new.uid else {
                    continue
                }
                snapshot.put(new)
                note(new, after: old, now: now)
            case .remove(let ref, _):
                guard snapshot.remove(ref) else {
                    continue
                }
                missing.applierRemoved(ref)
                drift.applierRemoved(ref)
                forgetRuns(of: ref)
            }
            isChanged = true
        }
        if isChanged {
            snapshot.recent = log.records
            // An applier that went, or applies elsewhere now, takes its missing objects with it.
            showMissing()
            showDrift()
            judgeMissing()
            changed()
        }
    }

    private func note(_ new: FluxResource, after old: FluxResource?, now: Timestamp) {
        if let old {
            log.changed(from: old, to: new, now: now)
        } else {
            log.found(new)
        }
        noteRun(of: new, after: old)
        // Before the second part inventories do not matter yet, and counting them takes its time.
        if hasSecondPart {
            missing.applierChanged(new, now: now)
            drift.applierChanged(new, now: now)
        }
        if let version = new.distribution {
            snapshot.fluxVersion = version
        }
    }

    private func forgetRuns(of ref: ObjectRef) {
        standing[ref] = nil
        undecided[ref] = nil
    }

    private func forget(_ kind: FluxKind, _ following: KindFollowing) {
        following.stop()
        kinds[kind] = nil
        snapshot.kinds[kind] = nil
        removeRows(of: kind) { _ in true }
        changed()
    }

    /// Removes objects that are not followed any more.
    func removeRows(of kind: FluxKind, where isGone: (ObjectRef) -> Bool) {
        for ref in known(kind, nil) where isGone(ref) {
            snapshot.remove(ref)
            missing.applierRemoved(ref)
            drift.applierRemoved(ref)
            forgetRuns(of: ref)
            changed()
        }
        showDrift()
    }

    private func forgetEverything() {
        for (kind, following) in kinds {
            forget(kind, following)
        }
        eventFollowers.forEach { $0.stop() }
        eventFollowers = []
        watchedKinds.values.forEach { $0.stop() }
        watchedKinds = [:]
        missing = MissingTracker()
        snapshot.missing = []
        drift = DriftTracker(rules: settings.ownerRules)
        snapshot.drifted = []
        sights = SightStates()
        looks.shown = missing.edition
        snapshot.knowsObjects = false
        snapshot.watchedSince = nil
        standing = [:]
        undecided = [:]
        hasSecondPart = false
    }

    // MARK: - The second part

    /// Events, Flux's version and the objects of inventories wait until the picture itself is there.
    private func planSecondPart() {
        guard !hasSecondPart, link.isLive else {
            return
        }
        let isComplete = snapshot.link == .live && snapshot.isComplete
        alarms.set(secondPartAlarm, after: isComplete ? .zero : .seconds(5)) { [unowned self] in
            beginSecondPart()
        }
    }

    private func beginSecondPart() {
        guard !hasSecondPart, link.isLive else {
            return
        }
        hasSecondPart = true
        beginEvents()
        askFluxVersion()
        let now = Clock.now()
        for resource in snapshot.resources.values where resource.applier != nil {
            missing.applierChanged(resource, now: now)
            drift.applierChanged(resource, now: now)
        }
        judgeMissing()
        askRights()
        if !missing.hasWork, !drift.hasNewInventories {
            showSights()
        }
    }

    private func beginEvents() {
        let namespaces = scopes
        for namespace in namespaces {
            let follower = Follower(
                Follower<DecodedEvent>.Scope(
                    resource: .events,
                    namespace: namespace,
                    sendsBookmarks: false
                ),
                kind: nil,
                line: line,
                alarms: alarms,
                settings: settings,
                seed: random.next(),
                hooks: Follower<DecodedEvent>.Hooks(
                    known: { [] },
                    recognises: { _ in true },
                    apply: { [unowned self] changes, _ in apply(changes) },
                    show: { [unowned self] state in
                        var refusal: String?
                        if case .forbidden(let reason) = state {
                            refusal = "Events may not be read: \(reason)"
                        }
                        note(refusal, on: .events)
                    },
                    gone: {},
                    unauthenticated: { [unowned self] status in perform(link.unauthenticated(status)) },
                    lost: { [unowned self] reason in perform(link.lost(reason)) }
                )
            )
            eventFollowers.append(follower)
            follower.start()
        }
    }

    /// The namespaces to look at: all, or those that are configured or left after a refusal.
    var scopes: [String?] {
        guard settings.namespaces.isEmpty else {
            return settings.namespaces
        }
        let narrowed = narrowedNamespaces
        let all = keptScopes + narrowed.filter { !keptScopes.contains($0) }
        return all.isEmpty ? [nil] : all
    }

    /// Events kept; older ones are the ledger's business.
    private static let eventLimit = 300

    private func apply(_ changes: [Reflector<DecodedEvent>.Change]) {
        var events = snapshot.events
        for change in changes {
            // An event that runs out is still something that happened.
            guard case .put(let decoded) = change, let event = decoded.event else {
                continue
            }
            events.removeAll { $0.uid == event.uid }
            let place = events.firstIndex { $0.at <= event.at } ?? events.count
            guard place < ClusterWorker.eventLimit else {
                continue
            }
            events.insert(event, at: place)
            log.reported(event)
            noteCorrected(event)
        }
        guard events != snapshot.events else {
            return
        }
        snapshot.events = Array(events.prefix(ClusterWorker.eventLimit))
        snapshot.recent = log.records
        changed()
    }

    /// Without the operator's kinds the labels of Flux's own Deployments tell its version.
    ///
    /// - Shape: asked again after an upgrade may have happened, but at most every few minutes.
    private func askFluxVersion() {
        guard !snapshot.resources.values.contains(where: { $0.distribution != nil }),
            Clock.uptime() >= nextVersionLook,
            let deployments = discovery.resource(group: "apps", kind: "Deployment", version: "v1")
        else {
            return
        }
        nextVersionLook = Clock.uptime() + Duration.seconds(240).nanoseconds
        let request = KubeRequest.list(
            deployments,
            namespace: scopes.count == 1 ? scopes[0] : "flux-system",
            labelSelector: "app.kubernetes.io/part-of=flux",
            metadataOnly: true
        )
        line.collect(request) { [unowned self] result in
            guard !isStopped, case .success(let answer) = result, answer.isSuccess,
                let page = try? AnswerReader<ObjectMetadata>(cluster: settings.id).page(answer.body),
                let version = page.items.compactMap(\.versionLabel).max(by: {
                    FluxVersion.isOlder($0, than: $1)
                }),
                snapshot.fluxVersion != version
            else {
                return
            }
            snapshot.fluxVersion = version
            changed()
        }
    }
}
