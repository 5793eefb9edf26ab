/// How helm-controller reports on a HelmRelease.
///
/// - Source: FLUX.md 1.4 and 1.5, and the recorded flow of `wire/` 705.
enum HelmReleaseStatus {
    static let manager = "helm-controller"

    /// A chart as an action is about to release it.
    struct Release: Equatable {
        let chart: String
        let version: String
        /// Digest of an OCI chart; nil for others.
        let ociDigest: String?
        let action: String
        let configDigest: String
    }

    /// The words that messages use for a release: `apps/cart.v3 with chart cart@6.1.4`.
    static func title(_ object: JSON, version: Int64?, _ release: Release) -> String {
        let plan = HelmReleasePlan(object: object)
        let number = version.map { ".v\($0)" } ?? ""
        return
            "\(plan.releaseNamespace)/\(plan.releaseName)\(number) with chart \(release.chart)@\(release.version)"
    }

    static func history(of object: JSON) -> [JSON] { object[path: "status", "history"]?.array ?? [] }

    /// The run looks after what it needs; Ready stays as it was.
    static func preparing(_ object: inout JSON) {
        object.setCondition("Reconciling", "True", "Progressing", "Fulfilling prerequisites")
    }

    /// An action has begun: Ready Unknown until it ends.
    static func running(_ object: inout JSON, _ release: Release) {
        let timeout = GoDuration.text(HelmReleasePlan(object: object).timeout)
        let message = "Running '\(release.action)' action with timeout of \(timeout)"
        object.beginProgress(message, ready: message)
        object[path: "status", "lastAttemptedRevision"] = .string(release.version)
        object[path: "status", "lastAttemptedRevisionDigest"] = release.ociDigest.map { .string($0) }
        object[path: "status", "lastAttemptedConfigDigest"] = .string(release.configDigest)
        object[path: "status", "lastAttemptedReleaseAction"] = .string(release.action)
    }

    /// An install or upgrade succeeded.
    static func released(
        _ object: inout JSON,
        _ release: Release,
        _ objects: [ObjectReference],
        duration: Double
    ) {
        let number = record(&object, release, status: "deployed")
        for counter in ["failures", "installFailures", "upgradeFailures"] {
            object[path: "status", counter] = nil
        }
        for condition in ["Stalled", "Remediated", "TestSuccess"] { object.removeCondition(condition) }
        object[path: "status", "inventory"] = ["entries": .array(objects.map(\.inventoryEntry))]
        object[path: "status", "storageNamespace"] = .string(HelmReleasePlan(object: object).storageNamespace)
        object[path: "status", "lastAttemptedReleaseActionDuration"] = .string(GoDuration.text(duration))
        let reason = release.action == "install" ? "InstallSucceeded" : "UpgradeSucceeded"
        let message =
            "Helm \(release.action) succeeded for release \(title(object, version: number, release))"
        object.setCondition("Released", "True", reason, message)
        object.setCondition("Ready", "True", reason, message)
        finish(&object)
    }

    /// An install or upgrade failed; stalled when its retries are used up.
    static func failed(_ object: inout JSON, _ release: Release, _ problem: String, duration: Double) {
        _ = record(&object, release, status: "failed")
        let counter = release.action == "install" ? "installFailures" : "upgradeFailures"
        for key in ["failures", counter] {
            object[path: "status", key] = .int((object[path: "status", key]?.int ?? 0) + 1)
        }
        object[path: "status", "lastAttemptedReleaseActionDuration"] = .string(GoDuration.text(duration))
        let reason = release.action == "install" ? "InstallFailed" : "UpgradeFailed"
        let message =
            "Helm \(release.action) failed for release \(title(object, version: nil, release)): \(problem)"
        object.setCondition("Released", "False", reason, message)
        object.setCondition("Ready", "False", reason, message)
        if isExhausted(object, release.action) {
            let count = object[path: "status", counter]?.int ?? 1
            object.setCondition(
                "Stalled",
                "True",
                "RetriesExceeded",
                "Failed to \(release.action) after \(count) attempt(s)"
            )
            object.removeCondition("Reconciling")
            finish(&object)
        } else {
            object.failWithRetry(reason: reason, message: message)
            object.acknowledgeRequest()
        }
    }

    /// The release was put back to the last good one; Ready stays False because the wanted one does not run.
    static func rolledBack(_ object: inout JSON, to good: JSON) {
        let release = Release(
            chart: good["chartName"]?.string ?? "",
            version: good["chartVersion"]?.string ?? "",
            ociDigest: good["ociDigest"]?.string,
            action: "rollback",
            configDigest: good["configDigest"]?.string ?? ""
        )
        let number = good["version"]?.int
        _ = record(&object, release, status: "deployed")
        let message = "Helm rollback to previous release \(title(object, version: number, release)) succeeded"
        object.setCondition("Remediated", "True", "RollbackSucceeded", message)
        object.setCondition("Ready", "False", "RollbackSucceeded", message)
    }

    /// Whether an action may not be tried again.
    static func isExhausted(_ object: JSON, _ action: String) -> Bool {
        let retries = HelmReleasePlan(object: object).retries(of: action)
        let counter = action == "install" ? "installFailures" : "upgradeFailures"
        return retries >= 0 && (object[path: "status", counter]?.int ?? 0) > retries
    }

    /// What ends every run that need not be repeated.
    static func finish(_ object: inout JSON) {
        object.removeCondition("Reconciling")
        acknowledge(&object)
        object[path: "status", "lastAttemptedGeneration"] = .int(object.generation)
        object.observeGeneration()
    }

    /// Echoes all requests, also those that were not acted on.
    static func acknowledge(_ object: inout JSON) {
        object.acknowledgeRequest()
        for (annotation, field) in [("forceAt", "lastHandledForceAt"), ("resetAt", "lastHandledResetAt")] {
            if let value = object.annotation("reconcile.fluxcd.io/\(annotation)") {
                object[path: "status", field] = .string(value)
            }
        }
    }

    /// Whether an annotation asks for something that was not done yet: it must equal the request.
    static func asks(_ object: JSON, _ annotation: String, handled: String) -> Bool {
        guard let value = object.annotation("reconcile.fluxcd.io/\(annotation)"), value == object.requestedAt
        else {
            return false
        }
        return value != object.text("status", handled)
            && value != object.text("status", "lastHandledReconcileAt")
    }

    /// Puts a release in front of the history and returns its number.
    private static func record(_ object: inout JSON, _ release: Release, status: String) -> Int64 {
        let plan = HelmReleasePlan(object: object)
        var old = history(of: object)
        let number = (old.compactMap { $0["version"]?.int }.max() ?? 0) + 1
        let now = JSON.string(SimulatedTime.text())
        var entry: JSON = [
            "apiVersion": "v2", "action": .string(release.action), "name": .string(plan.releaseName),
            "namespace": .string(plan.releaseNamespace), "version": .int(number), "status": .string(status),
            "chartName": .string(release.chart), "chartVersion": .string(release.version),
            "appVersion": .string(
                release.version.split(separator: "+").first.map(String.init) ?? release.version
            ),
            "configDigest": .string(release.configDigest), "firstDeployed": old.last?["firstDeployed"] ?? now,
            "lastDeployed": now,
            "digest": .string(
                ContentDigest.named("\(plan.releaseName) \(number) \(release.version) \(status)")
            ),
        ]
        entry["ociDigest"] = release.ociDigest.map { .string($0) }
        if status == "deployed" {
            for index in old.indices where old[index]["status"]?.string == "deployed" {
                old[index]["status"] = "superseded"
            }
        }
        // Only the last good release before this one is kept beside what failed since.
        let good = old.firstIndex { ["deployed", "superseded"].contains($0["status"]?.string ?? "") }
        old = Array(old.prefix(good.map { $0 + 1 } ?? old.count).prefix(4))
        object[path: "status", "history"] = .array([entry] + old)
        return number
    }
}
