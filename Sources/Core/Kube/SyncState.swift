/// What a Flux object is doing, as an operator would say it.
///
/// - Shape: ordered from the worst to the best, so that sorting by it puts trouble first.
package enum SyncState: UInt8, Comparable, CaseIterable, Sendable {
    case failed, stalled, waiting, reconciling, terminating, unknown, suspended, ready

    package static func < (left: SyncState, right: SyncState) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The word in JSON, in filters and on the screen.
    package var word: String {
        switch self {
        case .failed: "failed"
        case .stalled: "stalled"
        case .waiting: "waiting"
        case .reconciling: "reconciling"
        case .terminating: "terminating"
        case .unknown: "unknown"
        case .suspended: "suspended"
        case .ready: "ready"
        }
    }

    /// True where an operator must look: failed or stalled.
    package var isTrouble: Bool {
        self == .failed || self == .stalled
    }
}

extension FluxResource {
    /// The sync state by the order of rules that survives Flux's own traps.
    ///
    /// A broken Kustomization keeps Reconciling=True and an old observedGeneration for ever, so plain
    /// kstatus would call it "in progress"; here its Ready=False wins.
    /// - Source: FLUX facts, conditions of Flux 2.3 to 2.9.
    package static func classify(
        kind: FluxKind?,
        isSuspended: Bool,
        isTerminating: Bool,
        isStatic: Bool,
        hasArtifact: Bool,
        generation: Int64,
        observedGeneration: Int64?,
        conditions: [Condition]
    ) -> SyncState {
        if isSuspended {
            return .suspended
        }
        if isTerminating {
            return .terminating
        }
        if isStatic {
            return .ready
        }
        if kind?.kind == "ExternalArtifact", conditions.isEmpty {
            return hasArtifact ? .ready : .unknown
        }
        func condition(_ type: String) -> Condition? {
            conditions.first { $0.type == type }
        }
        if condition("Stalled")?.status == .yes {
            return .stalled
        }
        guard let ready = condition("Ready") else {
            return condition("Reconciling")?.status == .yes ? .reconciling : .unknown
        }
        switch ready.status {
        case .no:
            return ready.reason == "DependencyNotReady" ? .waiting : .failed
        case .unknown:
            return .reconciling
        case .yes:
            let observed =
                kind?.hasObservedGeneration == false ? ready.observedGeneration : observedGeneration
            let isBehind = observed.map { $0 != generation } ?? false
            return condition("Reconciling")?.status == .yes || isBehind ? .reconciling : .ready
        }
    }
}
