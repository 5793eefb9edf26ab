import KubeWire

/// One watch of objects that inventories name: of a kind, in all namespaces or in one.
struct SightWatch: Hashable {
    let sight: DriftTracker.Sight
    /// Nil for all namespaces.
    let namespace: String?

    /// The kind, with the namespace where it is but one of several.
    var words: String {
        sight.kind.kind + (namespace.map { " in \($0)" } ?? "")
    }
}

/// Which objects of inventories are seen, and why others are not.
struct SightStates {
    private var states: [SightWatch: String?] = [:]
    /// Watches that ended, whose objects may be watched again.
    private var lost: Set<SightWatch> = []
    /// What is not watched at all, as of the last choice of watches.
    var notes: Set<String> = []
    /// True while inventories are going to be judged in a moment.
    var isJudgementPlanned = false

    /// One sentence for each kind that is not seen, sorted, and after them what is open of single objects.
    func problems(_ questions: [String]) -> [String] {
        notes.union(states.values.compactMap(\.self)).sorted() + questions
    }

    func isSettled(_ sight: SightWatch) -> Bool {
        states[sight] != nil
    }

    /// The objects were listed, or will not be.
    mutating func settled(_ sight: SightWatch, problem: String?) {
        states[sight] = .some(problem)
    }

    /// Notes that objects which were listed are watched no more; false where they never were.
    mutating func lose(_ sight: SightWatch) -> Bool {
        guard isSettled(sight) else {
            return false
        }
        lost.insert(sight)
        return true
    }

    /// Whether a list stands for a gap: those objects were listed before.
    mutating func isGap(_ sight: SightWatch) -> Bool {
        lost.remove(sight) != nil || isSettled(sight)
    }

    mutating func forget(_ sight: SightWatch) {
        states.removeValue(forKey: sight)
    }
}
