import Chrono
import HashTreeCollections
import Kube
import KubeWire

// Objects that somebody beside Git changed, from the same watches that show which objects there are.
extension ClusterWorker {
    /// Corrections kept; older ones are the ledger's business.
    private static let correctedLimit = 200

    func noteDrift(
        _ changes: [Reflector<ObjectMetadata>.Change],
        of watch: SightWatch,
        isWhole: Bool
    ) {
        let now = Clock.now()
        if isWhole {
            // A second list stands for a gap: what was put back in it left no trace.
            if sights.isGap(watch), snapshot.watchedSince != nil {
                snapshot.watchedSince = now
            }
            let objects = changes.lazy.compactMap { change -> ObjectMetadata? in
                guard case .put(let object) = change else {
                    return nil
                }
                return object
            }
            drift.listed(watch.sight, namespace: watch.namespace, objects, in: settings.id, now: now)
        } else {
            for change in changes {
                switch change {
                case .put(let object): drift.changed(watch.sight, object, in: settings.id, now: now)
                case .remove(let name, _): drift.vanished(watch.sight, name)
                }
            }
        }
        showDrift()
    }

    /// Publishes whether all objects of inventories are known, and which are not.
    func showSights() {
        let isListed = hasSecondPart && watchedKinds.keys.allSatisfy { sights.isSettled($0) }
        // The second part does not wait for ever: inventories may still be on their way.
        let hasInventories = OwnerFamily.allCases.allSatisfy { snapshot.kinds[$0.kind] != .listing }
        // What is missing is known only once it was looked at; later changes are judged as they come.
        let isJudged =
            !missing.hasWork && !sights.isJudgementPlanned && looks.isIdle
        let knows = isListed && (snapshot.knowsObjects || isJudged && hasInventories)
        let problems = sights.problems(missing.openQuestions)
        guard knows != snapshot.knowsObjects || problems != snapshot.blindSpots else {
            return
        }
        snapshot.knowsObjects = knows
        if knows, snapshot.watchedSince == nil {
            snapshot.watchedSince = Clock.now()
        }
        snapshot.blindSpots = problems
        changed()
    }

    /// Publishes what drifted, and what ended, where that differs from what is shown.
    func showDrift() {
        guard drift.hasWork else {
            return
        }
        drift.judge(now: Clock.now())
        let found = drift.drifted
        if found != snapshot.drifted {
            snapshot.drifted = found
            changed()
        }
        drift.takeEnded().forEach { note($0) }
    }

    /// Events of one applier that wait for the end of a run.
    private static let undecidedLimit = 50

    /// Notes what Flux put back by the word of an Event; the watch may have told it with names already.
    func noteCorrected(_ event: FluxEvent) {
        guard !event.changes.isEmpty else {
            return
        }
        guard let resource = snapshot.resources[event.about] else {
            wait(for: event)
            return
        }
        let told = CorrectedDrift.told(by: [event], of: resource, standing: standing[event.about])
        told.corrected.forEach { note($0) }
        told.undecided.forEach { wait(for: $0) }
    }

    /// Keeps an Event until a run ends; one that was counted up takes the place of what it was.
    private func wait(for event: FluxEvent) {
        guard event.about.kind == FluxKind.kustomization.kind else {
            return
        }
        var events = undecided[event.about, default: []].filter { $0.uid != event.uid }
        events.append(event)
        undecided[event.about] = events.suffix(ClusterWorker.undecidedLimit)
    }

    /// An applier ended a run: what Events said of it before can be judged now.
    func noteRun(of new: FluxResource, after old: FluxResource?) {
        guard new.kind == .kustomization else {
            return
        }
        let before = standing[new.ref]
        standing[new.ref] = StandingRevision.after(before, new)
        guard hasSecondPart, let before, new.lastSucceeded != old?.lastSucceeded,
            let events = undecided.removeValue(forKey: new.ref)
        else {
            return
        }
        let told = CorrectedDrift.told(
            by: events.filter { $0.at > before.since },
            of: new,
            standing: standing[new.ref]
        )
        // Told twice it is noted once.
        told.corrected.forEach { note($0) }
        told.undecided.forEach { wait(for: $0) }
    }

    private func note(_ corrected: CorrectedDrift) {
        var all = snapshot.corrected
        var corrected = corrected
        if let known = all.firstIndex(where: { $0.isSame(as: corrected) }) {
            let joined = all[known].joined(with: corrected)
            guard joined != all[known] else {
                return
            }
            corrected = joined
            all.remove(at: known)
        }
        let place = all.firstIndex { $0.ended <= corrected.ended } ?? all.count
        guard place < ClusterWorker.correctedLimit else {
            return
        }
        all.insert(corrected, at: place)
        snapshot.corrected = Array(all.prefix(ClusterWorker.correctedLimit))
        changed()
    }
}
