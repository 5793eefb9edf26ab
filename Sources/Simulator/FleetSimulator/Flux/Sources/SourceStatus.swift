/// How source-controller reports on a source, step by step.
enum SourceStatus {
    static let manager = "source-controller"

    /// A new upstream revision is being stored; Ready becomes Unknown.
    static func building(_ object: inout JSON, revision: String) {
        let found = "new upstream revision '\(revision)'"
        object.beginProgress("building artifact: \(found)", ready: "building artifact: \(found)")
        if object.artifactRevision != nil {
            object.setCondition("ArtifactOutdated", "True", "NewRevision", found)
        }
    }

    /// An artifact has been stored.
    static func stored(_ object: inout JSON, artifact: JSON, reason: String = "Succeeded", message: String) {
        object[path: "status", "artifact"] = artifact
        finish(&object)
        object.setCondition("Ready", "True", reason, message)
        object.setCondition("ArtifactInStorage", "True", reason, message)
    }

    /// A run that found nothing new, or a suspended object: what was failing before is forgotten by the former only.
    static func unchanged(_ object: inout JSON, reason: String = "Succeeded") {
        finish(&object)
        guard let message = object.condition("ArtifactInStorage")?["message"]?.string else { return }
        object.setCondition("Ready", "True", reason, message)
    }

    /// Upstream could not be read; the old artifact stays.
    static func failed(_ object: inout JSON, _ failure: RunFailure) {
        let progress = object.artifactRevision == nil ? "building artifact" : "reconciliation in progress"
        object.setCondition("Reconciling", "True", "ProgressingWithRetry", progress)
        object.setCondition("Ready", "False", failure.reason, failure.message)
        object.setCondition("FetchFailed", "True", failure.reason, failure.message)
        object.acknowledgeRequest()
    }

    /// A suspended object is acknowledged and otherwise left alone.
    static func suspended(_ object: inout JSON) {
        object.acknowledgeRequest()
        object.observeGeneration()
    }

    private static func finish(_ object: inout JSON) {
        for condition in ["Reconciling", "Stalled", "ArtifactOutdated", "FetchFailed", "BuildFailed"] {
            object.removeCondition(condition)
        }
        object.acknowledgeRequest()
        object.observeGeneration()
    }

    /// What a source is said to have stored.
    static func message(for object: JSON, revision: String) -> String {
        switch object.kind {
        case "GitRepository": "stored artifact for revision '\(revision)'"
        case "OCIRepository": "stored artifact for digest '\(revision)'"
        default: "stored artifact: revision '\(revision)'"
        }
    }
}
