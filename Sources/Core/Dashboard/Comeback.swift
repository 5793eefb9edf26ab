package import Chrono
import Kube

/// When Git's word comes back to an object that differs.
package enum Comeback: Hashable, Sendable {
    /// The applier runs then, unless it is asked before.
    case due(Timestamp)
    /// Within so long: the applier does not tell when it ran last.
    case within(Duration)
    /// Not by itself: why, in a few words.
    case stays(String)
    /// What the applier will make of it cannot be told from here.
    case unknown
}

extension Comeback {
    /// What an applier will do about a difference; `returns` is what ownership tells of it.
    ///
    /// - Shape: with `isResumed` as if nothing suspended it.
    init(_ applier: FluxResource?, returns: Bool?, isResumed: Bool = false) {
        guard let applier, let facts = applier.applier else {
            self = .unknown
            return
        }
        if applier.isSuspended, !isResumed {
            self = .stays("suspended")
        } else if applier.kind == .helmRelease, facts.driftDetection != .corrects {
            self = .stays(Comeback.nextRelease)
        } else if returns == false {
            self = .stays(Comeback.letAlone)
        } else if let condition = applier.putsBackFirstWhen {
            self = .stays(condition)
        } else if returns == nil {
            self = .unknown
        } else if applier.kind == .helmRelease, applier.state == .failed {
            // Its next try may write, and may not.
            self = .unknown
        } else if let interval = applier.nextRunSpan {
            // A condition tells when it turned, not when it was last found to be so; a release when it was deployed.
            let last = applier.kind == .helmRelease ? nil : facts.history.first?.lastReconciled
            self = last.map { .due($0.advanced(by: interval)) } ?? .within(interval)
        } else {
            self = .unknown
        }
    }

    /// Nothing but a release writes the objects of a release whose drift is not corrected.
    package static let nextRelease = "until its next release"
    /// Flux writes the object, and not what differs.
    package static let letAlone = "Flux leaves it"
}

extension FluxResource {
    private var hasFailed: Bool {
        ready?.status == .no || state == .reconciling && failedBefore != nil
    }

    /// How long after the last run the next one comes: a failed one is tried again sooner.
    fileprivate var nextRunSpan: Duration? {
        kind == .kustomization && hasFailed ? retryInterval ?? interval : interval
    }
}

extension AppState {
    /// What the applier of a difference does about it when it runs, also one that is suspended now.
    package func comebackOnceResumed(_ row: DriftRow) -> Comeback {
        let returns: Bool? =
            switch row.kind {
            case .missing: true
            case .object(let drift): drift.returns
            case .source, .rewritten, .apply, .index, .helm, .corrected: nil
            }
        return Comeback(resource(row.about), returns: returns, isResumed: true)
    }
}
