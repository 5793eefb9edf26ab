/// The GitRepository controller: resolve upstream, store what is new, say what failed.
extension FluxCluster {
    func reconcileGitRepository(_ key: ObjectKey) async throws -> Next {
        guard let found = try? store.get(key) else { return .never }
        guard var object = sourceToReconcile(found, key) else { return .never }
        let interval = object.duration("interval") ?? 60
        try await pause(random.number(0.2...0.9))
        let resolved: ResolvedReference
        do {
            resolved = try GitFetch(store: store, gitHost: gitHost).resolve(object)
        } catch {
            return report(error, &object, key, retry: interval)
        }
        guard resolved.revision != object.artifactRevision || object.condition("Ready") == nil else {
            let failed = object.conditionStatus("FetchFailed") == "True"
            SourceStatus.unchanged(&object)
            if failed { tellStored(object, "Succeeded", resolved) }
            save(object, key, manager: SourceStatus.manager)
            return .after(interval)
        }
        SourceStatus.building(&object, revision: resolved.revision)
        save(object, key, manager: SourceStatus.manager)
        try await pause(random.number(0.1...0.6))
        SourceStatus.stored(
            &object,
            artifact: Artifact.git(object, resolved),
            message: SourceStatus.message(for: object, revision: resolved.revision)
        )
        tellStored(object, "NewArtifact", resolved)
        save(object, key, manager: SourceStatus.manager)
        return .after(interval)
    }

    private func tellStored(_ object: JSON, _ reason: String, _ resolved: ResolvedReference) {
        tell(
            object,
            reason,
            "stored artifact for commit '\(resolved.commit.subject)'",
            component: SourceStatus.manager,
            annotations: [
                "revision": resolved.revision, "digest": object.text("status", "artifact", "digest"),
            ]
        )
    }

    /// The object if there is work to do on it; deletion and suspension are dealt with here.
    func sourceToReconcile(_ object: JSON, _ key: ObjectKey) -> JSON? {
        if object.isTerminating {
            removeFinalizers(key, manager: SourceStatus.manager)
            return nil
        }
        addFinalizer(key, object, manager: SourceStatus.manager)
        guard object.isSuspended else { return object }
        var object = object
        SourceStatus.suspended(&object)
        save(object, key, manager: SourceStatus.manager)
        return nil
    }

    /// Reports a failed run of a source and says when it is repeated.
    func report(_ failure: RunFailure, _ object: inout JSON, _ key: ObjectKey, retry: Double) -> Next {
        SourceStatus.failed(&object, failure)
        tell(object, failure.reason, failure.message, warning: true, component: SourceStatus.manager)
        save(object, key, manager: SourceStatus.manager)
        return .after(retry)
    }
}
