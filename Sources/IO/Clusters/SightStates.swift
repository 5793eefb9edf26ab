import KubeWire

/// Which objects of inventories are seen, and why others are not.
struct SightStates {
    private var states: [DriftTracker.Sight: String?] = [:]
    private var notes: Set<String> = []
    /// True while inventories are going to be judged in a moment.
    var isJudgementPlanned = false

    /// One sentence for each kind that is not seen, sorted.
    var problems: [String] {
        notes.union(states.values.compactMap(\.self)).sorted()
    }

    func isSettled(_ sight: DriftTracker.Sight) -> Bool {
        states[sight] != nil
    }

    /// The objects were listed, or will not be.
    mutating func settled(_ sight: DriftTracker.Sight, problem: String?) {
        states[sight] = .some(problem)
    }

    mutating func forget(_ sight: DriftTracker.Sight) {
        states.removeValue(forKey: sight)
    }

    mutating func note(_ sentence: String) {
        notes.insert(sentence)
    }
}
