/// The controllers of the sources that are not Git repositories.
extension FluxCluster {
    /// An OCI artifact that CI packs from a folder in Git.
    func reconcileOCIRepository(_ key: ObjectKey) async throws -> Next {
        guard let found = try? store.get(key) else { return .never }
        guard var object = sourceToReconcile(found, key) else { return .never }
        let interval = object.duration("interval") ?? 60
        try await pause(random.number(0.3...1.2))
        let artifact: JSON
        do {
            artifact = try OCIPull(gitHost: gitHost).artifact(for: object)
        } catch {
            return report(error, &object, key, retry: interval)
        }
        let revision = artifact["revision"]?.string ?? ""
        if revision == object.artifactRevision, object.condition("Ready") != nil {
            SourceStatus.unchanged(&object)
            save(object, key, manager: SourceStatus.manager)
            return .after(interval)
        }
        SourceStatus.building(&object, revision: revision)
        save(object, key, manager: SourceStatus.manager)
        try await pause(random.number(0.1...0.5))
        let message = SourceStatus.message(for: object, revision: revision)
        SourceStatus.stored(&object, artifact: artifact, message: message)
        let url = object.text("spec", "url") ?? ""
        tellNewArtifact(object, "NewArtifact", "stored artifact with revision '\(revision)' from '\(url)'")
        save(object, key, manager: SourceStatus.manager)
        return .after(interval)
    }

    /// Buckets and Helm repositories: their content never changes, so only the first run stores something.
    func reconcileStaticSource(_ key: ObjectKey) async throws -> Next {
        guard let found = try? store.get(key) else { return .never }
        // An OCI Helm repository is only an address: no controller touches it.
        if found.text("spec", "type") == "oci" { return .never }
        guard var object = sourceToReconcile(found, key) else { return .never }
        try await pause(random.number(0.3...1.5))
        StaticSource.refresh(&object)
        save(object, key, manager: SourceStatus.manager)
        return .after(object.duration("interval") ?? 3600)
    }

    func reconcileHelmChart(_ key: ObjectKey) async throws -> Next {
        guard let found = try? store.get(key) else { return .never }
        guard var object = sourceToReconcile(found, key) else { return .never }
        let interval = object.duration("interval") ?? 3600
        try await pause(random.number(0.3...1.2))
        let pulled: ChartPull.Chart
        do {
            pulled = try ChartPull(store: store, gitHost: gitHost).chart(for: object)
        } catch {
            return report(error, &object, key, retry: min(interval, 60))
        }
        let isNew = pulled.version != object.artifactRevision
        ChartPull.store(pulled, on: &object)
        if isNew { tellNewArtifact(object, pulled.reason, pulled.message) }
        save(object, key, manager: SourceStatus.manager)
        return .after(interval)
    }

    /// source-watcher: copies parts of sources into artifacts of their own.
    func reconcileArtifactGenerator(_ key: ObjectKey) async throws -> Next {
        guard var object = try? store.get(key) else { return .never }
        let manager = GeneratedStatus.manager
        if object.isTerminating {
            removeFinalizers(key, manager: manager)
            return .never
        }
        addFinalizer(key, object, manager: manager, finalizer: "source.extensions.fluxcd.io/finalizer")
        guard !object.isSuspended else {
            object.acknowledgeRequest()
            save(object, key, manager: manager)
            return .never
        }
        try await pause(random.number(0.3...1.5))
        GeneratedStatus(store: store, gitHost: gitHost).refresh(&object)
        save(object, key, manager: manager)
        return .after(600)
    }

    private func tellNewArtifact(_ object: JSON, _ reason: String, _ message: String) {
        tell(
            object,
            reason,
            message,
            component: SourceStatus.manager,
            annotations: [
                "revision": object.artifactRevision, "digest": object.text("status", "artifact", "digest"),
            ]
        )
    }
}
