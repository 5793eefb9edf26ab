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
    init(_ applier: FluxResource?, returns: Bool?) {
        guard let applier, let facts = applier.applier else {
            self = .unknown
            return
        }
        if applier.isSuspended {
            self = .stays("suspended")
        } else if applier.kind == .helmRelease, facts.driftDetection != .corrects {
            self = .stays("until its next release")
        } else if returns == false {
            self = .stays("Flux leaves it")
        } else if returns == nil {
            self = .unknown
        } else if let interval = applier.interval {
            // A condition tells when it turned, not when it was last found to be so; a release when it was deployed.
            let last = applier.kind == .helmRelease ? nil : facts.history.first?.lastReconciled
            self = last.map { .due($0.advanced(by: interval)) } ?? .within(interval)
        } else {
            self = .unknown
        }
    }
}
