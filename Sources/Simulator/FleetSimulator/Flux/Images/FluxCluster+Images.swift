/// The image controllers: scan a registry, choose a tag, commit it.
extension FluxCluster {
    func reconcileImageRepository(_ key: ObjectKey) async throws -> Next {
        guard var object = try? store.get(key) else { return .never }
        guard prepare(object, key, ImageScan.reflector) else { return .never }
        try await pause(random.number(0.3...1.5))
        let image = object.text("spec", "image") ?? ""
        publishNewTag(of: image)
        let tags = gitHost.registry.tags(ofImage: image)
        if tags.isEmpty {
            let message =
                "scan failed: GET https://\(image)/tags/list: NAME_UNKNOWN: repository name not known to registry"
            object.failWithRetry(reason: "ReadOperationFailed", message: message)
            object.acknowledgeRequest()
            tell(object, "ReadOperationFailed", message, warning: true, component: ImageScan.reflector)
        } else {
            ImageScan.scanned(&object, tags: tags)
        }
        save(object, key, manager: ImageScan.reflector)
        return .after(object.duration("interval") ?? 300)
    }

    func reconcileImagePolicy(_ key: ObjectKey) async throws -> Next {
        guard var object = try? store.get(key) else { return .never }
        guard prepare(object, key, ImageScan.reflector) else { return .never }
        guard
            let repositoryKey = FluxGraph.upstream(of: object).first,
            let repository = try? store.get(repositoryKey),
            repository[path: "status", "lastScanResult"] != nil
        else {
            let message = "referenced ImageRepository has not been scanned yet"
            object.setCondition("Ready", "False", "DependencyNotReady", message)
            object.acknowledgeRequest()
            save(object, key, manager: ImageScan.reflector)
            return .after(options.dependencyRetry)
        }
        try await pause(random.number(0.05...0.3))
        let image = repository.text("spec", "image") ?? ""
        let before = object.text("status", "latestRef", "tag")
        ImageScan.chosen(&object, image: image, tags: gitHost.registry.tags(ofImage: image))
        if before != object.text("status", "latestRef", "tag"), let ready = object.condition("Ready") {
            tell(object, "Succeeded", ready["message"]?.string ?? "", component: ImageScan.reflector)
        }
        save(object, key, manager: ImageScan.reflector)
        return .never
    }

    func reconcileImageUpdateAutomation(_ key: ObjectKey) async throws -> Next {
        guard var object = try? store.get(key) else { return .never }
        guard prepare(object, key, ImageScan.automation) else { return .never }
        let interval = object.duration("interval") ?? 600
        try await pause(random.number(0.5...2))
        guard let sourceKey = FluxGraph.upstream(of: object).first, let source = try? store.get(sourceKey)
        else {
            object.setCondition("Ready", "False", "SourceNotReady", "GitRepository not found")
            object.acknowledgeRequest()
            save(object, key, manager: ImageScan.automation)
            return .after(interval)
        }
        let policies = policies(for: object)
        object[path: "status", "lastAutomationRunTime"] = .string(SimulatedTime.text())
        object[path: "status", "observedSourceRevision"] = source[path: "status", "artifact", "revision"]
        object[path: "status", "observedPolicies"] = .object(
            Dictionary(policies.map { ($0.name, $0[path: "status", "latestRef"] ?? .null) }) { $1 }
        )
        do {
            try commitImages(policies, &object, source: source)
        } catch {
            object.failWithRetry(reason: "GitOperationFailed", message: "failed to push: \(error)")
            object.acknowledgeRequest()
            save(object, key, manager: ImageScan.automation)
            return .after(interval)
        }
        object.setCondition("Ready", "True", "Succeeded", "repository up-to-date")
        ImageScan.finish(&object)
        save(object, key, manager: ImageScan.automation)
        return .after(interval)
    }

    private func commitImages(_ policies: [JSON], _ object: inout JSON, source: JSON) throws {
        guard
            options.imageBotCommits,
            let repository = gitHost.repository(at: source.text("spec", "url") ?? "")
        else { return }
        let branch =
            object.text("spec", "git", "push", "branch")
            ?? object.text("spec", "git", "checkout", "ref", "branch")
            ?? source.text("spec", "ref", "branch") ?? "main"
        let chosen = policies.compactMap { policy -> (String, (name: String, tag: String))? in
            guard
                let name = policy.text("status", "latestRef", "name"),
                let tag = policy.text("status", "latestRef", "tag")
            else { return nil }
            return ("\(policy.namespace ?? ""):\(policy.name)", (name, tag))
        }
        let work = ImageCommit(
            repository: gitHost.path(repository: repository),
            branch: branch,
            folder: FilePath.normal(object.text("spec", "update", "path") ?? "") ?? "",
            setters: ImageSetters(chosen: Dictionary(chosen) { $1 })
        )
        let changes = try work.changes()
        guard !changes.isEmpty else { return }
        let message =
            object.text("spec", "git", "commit", "messageTemplate") ?? "Update from image update automation"
        let author = CommitAuthor(
            name: object.text("spec", "git", "commit", "author", "name") ?? "Flux",
            email: object.text("spec", "git", "commit", "author", "email") ?? "flux@acme.example"
        )
        guard let commit = try work.commit(changes, message: message, author: author) else { return }
        object[path: "status", "lastPushCommit"] = .string(commit)
        object[path: "status", "lastPushTime"] = .string(SimulatedTime.text())
        let text = "pushed commit '\(commit.prefix(7))' to branch '\(branch)'\n\(message)"
        tell(object, "Succeeded", text, component: ImageScan.automation, annotations: ["revision": commit])
    }

    private func policies(for object: JSON) -> [JSON] {
        let all = (try? store.list(FluxKinds.imagePolicy, namespace: object.namespace))?.items ?? []
        let wanted = object.strings("spec", "policySelector", "matchLabels")
        return all.filter { policy in wanted.allSatisfy { policy.label($0.key) == $0.value } }
    }

    /// Deals with deletion and suspension; false when there is nothing else to do.
    func prepare(_ object: JSON, _ key: ObjectKey, _ manager: String) -> Bool {
        if object.isTerminating {
            removeFinalizers(key, manager: manager)
            return false
        }
        addFinalizer(key, object, manager: manager)
        guard object.isSuspended else { return true }
        var object = object
        object.acknowledgeRequest()
        if object.isReady { object.observeGeneration() }
        save(object, key, manager: manager)
        return false
    }

    /// Lets the next patch release of an image appear when the time has come.
    private func publishNewTag(of image: String) {
        guard let wait = options.newImageEvery else { return }
        let now = ContinuousClock.now
        guard let last = lastImage[image] else {
            lastImage[image] = now
            return
        }
        guard elapsed(since: last) >= wait else { return }
        let versions = gitHost.registry.tags(ofImage: image).compactMap { SemanticVersion($0) }
        guard let newest = versions.filter({ $0.prerelease.isEmpty }).max() else { return }
        lastImage[image] = now
        gitHost.registry.publish(image: image, tag: "\(newest.major).\(newest.minor).\(newest.patch + 1)")
    }
}
