import Chrono
import Kube

// What the runs of sources and appliers tell: how soon they should be, and how the last one went.
extension FluxResource {
    /// How long what was fetched may wait: appliers hear of it at once, so a long interval is no reason to be late.
    var applyPatience: Duration? {
        interval.map { min($0, .seconds(300)) }
    }

    /// How long what was pushed may wait: ten minutes are enough for a receiver that was to tell it.
    var fetchPatience: Duration? {
        interval.map { min($0, .seconds(600)) }
    }

    /// When an applier first failed with something newer than what it runs, as far as its history goes back.
    var firstTried: Timestamp? {
        guard let facts = applier else {
            return nil
        }
        let good: Set<String> =
            kind == .helmRelease ? ["deployed", "superseded"] : ["ReconciliationSucceeded"]
        let failed = facts.history.prefix { !good.contains($0.status) }
            .filter { $0.revision != nil && $0.revision != facts.lastApplied }
        guard kind != .helmRelease else {
            // The first time of a release is that of its name.
            return failed.compactMap(\.lastReconciled).min()
        }
        // An entry may be older than the good run after it: the same was tried before and came back.
        let bound = facts.history.first { good.contains($0.status) }?.lastReconciled
        return failed.compactMap(\.firstReconciled).map { max($0, bound ?? $0) }.min()
    }

    /// Why the last run failed, while another one is under way; nil where none did, or nothing tells.
    var failedBefore: String? {
        if let fetch = condition("FetchFailed"), fetch.status == .yes {
            return fetch.reason.isEmpty ? "FetchFailed" : fetch.reason
        }
        guard kind == .kustomization, let last = applier?.history.first?.status else {
            return nil
        }
        // A newer revision makes a run give up, which is no failure.
        return ["ReconciliationSucceeded", "HealthCheckCanceled", ""].contains(last) ? nil : last
    }

    /// What must happen before an applier puts anything back; nil where its runs get as far as that.
    ///
    /// - Source: kustomize-controller: reasons before `PruneFailed` and `HealthCheckFailed` end a run before it
    ///   writes; it compares all objects by dry runs first. helm-controller corrects releases in sync alone.
    var putsBackFirstWhen: String? {
        let reason = ready?.status == .no ? ready?.reason : state == .reconciling ? failedBefore : nil
        if reason == "DependencyNotReady" {
            return "until its dependency is ready"
        }
        guard kind == .kustomization else {
            return state == .stalled ? "until its release succeeds" : nil
        }
        switch reason {
        case "BuildFailed": return "until it builds again"
        case "ArtifactFailed": return "until its artifact is there"
        case "DirectoryCreationFailed", "AccessDenied", "InvalidCELExpression", "FeatureGateDisabled":
            return "until it runs again"
        case "ReconciliationFailed":
            let message = ready?.status == .no ? ready?.message ?? "" : ""
            return message.isEmpty || message.contains("dry-run failed") ? "until its dry run succeeds" : nil
        default: return nil
        }
    }
}
