package import Chrono
package import Kube

// From what inventories name and watches do not show to what is missing.
extension MissingTracker {
    /// Sentences on objects that could not be looked at; of more only the number is told.
    private static let sentenceLimit = 5

    /// Judges what changed since the last call and returns the objects to look at one by one.
    ///
    /// - Shape: `fluxObject` says of an object of a Flux kind whether its own watch shows it, nil where there
    ///   is no such watch.
    package mutating func suspicions(
        now: Timestamp,
        fluxObject: (InventoryEntry) -> Bool?
    ) -> [InventoryEntry] {
        var questions: [InventoryEntry] = []
        // A busy applier is judged when its run is over, which is a change of its own.
        let judged = (isAllDirty ? Set(appliers.keys) : dirty).filter { appliers[$0]?.isBusy == false }
        for ref in judged {
            guard let applier = appliers[ref] else {
                continue
            }
            var stillMissing: Set<InventoryEntry> = []
            let lost = losses[ref]?.filter { $0.release == applier.release }.map(\.entry) ?? []
            for entry in applier.inventory where isAbsent(entry, of: ref, applier, fluxObject) {
                stillMissing.insert(entry)
            }
            for entry in lost where isAbsent(entry, of: ref, applier, fluxObject) {
                stillMissing.insert(entry)
            }
            for entry in stillMissing where found[ref]?[entry] == nil && asked[entry] == nil {
                if !isFresh(entry, now) {
                    asked[entry] = Question(applier: ref, turn: applier.turn)
                    questions.append(entry)
                }
            }
            found[ref]?.keys.filter { !stillMissing.contains($0) }.forEach { forget($0, of: ref) }
            for (entry, question) in open where question.applier == ref && !stillMissing.contains(entry) {
                open[entry] = nil
            }
        }
        isAllDirty = false
        dirty = []
        return questions
    }

    /// The applier for whose sake an object is being looked at, and since when the object is not as it was.
    package func question(_ entry: InventoryEntry) -> (applier: ObjectRef, onset: Onset)? {
        asked[entry].map { ($0.applier, onset(of: entry, $0.applier)) }
    }

    /// The answer to one of `suspicions`.
    package mutating func looked(at entry: InventoryEntry, _ finding: Finding, now: Timestamp) {
        guard let question = asked.removeValue(forKey: entry) else {
            return
        }
        let ref = question.applier
        let place = Place(entry)
        open[entry] = nil
        guard let applier = appliers[ref], entry.isOfFlux || names(around: entry, applier.family) != nil
        else {
            setUnmarked(nil, entry)
            return
        }
        guard !applier.isBusy, applier.turn == question.turn else {
            // Asked for an inventory of before: the one of now is judged.
            dirty.insert(ref)
            return
        }
        switch finding {
        case .absent:
            setUnmarked(nil, entry)
            set(MissingObject(entry: entry, applier: ref, seen: now, onset: onset(of: entry, ref)))
            went[place] = nil
        case .present(let isStray):
            setUnmarked(Unmarked(applier: ref, checked: now, isStray: isStray), entry)
            if !isStray {
                went[place] = nil
            }
        case .unknown(let reason):
            open[entry] = (ref, reason, now)
        }
    }

    /// Objects of which nobody could say whether they are there, one sentence each.
    package var openQuestions: [String] {
        let sentences = open.map { entry, question in
            let name = entry.namespace.isEmpty ? entry.name : "\(entry.namespace)/\(entry.name)"
            return "\(entry.kind) \(name): whether it is missing is not known: \(question.reason)"
        }.sorted()
        let rest = sentences.count - MissingTracker.sentenceLimit
        return sentences.prefix(MissingTracker.sentenceLimit)
            + (rest > 0 ? ["\(rest) more objects of which it is not known whether they are missing"] : [])
    }

    /// True where something is to be looked at again though no watch will tell of it.
    package var hasUnsettled: Bool { !open.isEmpty || unmarked.values.contains(where: \.isStray) }

    /// Time passed: what could not be looked at, and what no watch shows, is to be judged again.
    ///
    /// - Shape: with `atOnce`, be it that it was looked at a moment ago.
    package mutating func lookAgain(atOnce: Bool = false) {
        if atOnce {
            open = open.mapValues { ($0.applier, $0.reason, Timestamp(seconds: 0)) }
        }
        dirty.formUnion(open.values.map(\.applier))
        dirty.formUnion(unmarked.values.filter(\.isStray).map(\.applier))
    }

    // MARK: - Parts

    /// True where the object was looked at a short while ago, and nothing new is to be expected.
    private func isFresh(_ entry: InventoryEntry, _ now: Timestamp) -> Bool {
        if let state = unmarked[entry] {
            return now.since(state.checked) < (state.isStray ? .seconds(1) : .seconds(60))
        }
        return open[entry].map { now.since($0.asked) < .seconds(20) } ?? false
    }

    private func onset(of entry: InventoryEntry, _ ref: ObjectRef) -> Onset {
        went[Place(entry)].map(Onset.at) ?? appliers[ref]?.lastPutRight.map(Onset.after) ?? .unknown
    }

    /// What was listed where the object would be; nil where nothing was.
    private func names(around entry: InventoryEntry, _ family: OwnerFamily) -> [Int: Int]? {
        guard let all = seen[DriftTracker.Sight(kind: entry.groupKind, family: family)] else {
            return nil
        }
        return all[""] ?? (entry.namespace.isEmpty ? nil : all[entry.namespace])
    }

    /// True where no watch shows the object as one of its applier's.
    private func isAbsent(
        _ entry: InventoryEntry,
        of ref: ObjectRef,
        _ applier: Applier,
        _ fluxObject: (InventoryEntry) -> Bool?
    ) -> Bool {
        if applier.family == .helmRelease {
            // The chart's own definitions are in inventories whether or not they were to be installed.
            let isDefinition = entry.kind == "CustomResourceDefinition"
            if isDefinition, went[Place(entry)] == nil, found[ref]?[entry] == nil {
                return false
            }
        }
        if entry.isOfFlux {
            return fluxObject(entry) == false
        }
        guard let seen = names(around: entry, applier.family) else {
            return false
        }
        let mark = seen[ObjectName(namespace: entry.namespace, name: entry.name).hashed]
        guard mark.map({ $0 != 0 && $0 != ref.mark }) ?? true else {
            return false
        }
        return applier.family == .kustomization || !applier.ignores.paths(of: entry, ObjectMarks()).isWhole
    }
}
